//! What only some browsers have, asked by name: whatever is absent or fails is nothing.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A property that is there.
pub(super) fn get(of: &JsValue, key: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &JsValue::from(key)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// What a method answers, once its promise is kept.
pub(super) async fn ask(of: &JsValue, method: &str, arguments: &Array) -> Option<JsValue> {
    let method = get(of, method)?.dyn_into::<Function>().ok()?;
    let promise = Reflect::apply(&method, of, arguments).ok()?;
    JsFuture::from(Promise::resolve(&promise)).await.ok()
}

/// Whether there is such a property.
pub(super) fn window_part(key: &str) -> Option<JsValue> {
    get(&web_sys::window()?.into(), key)
}

/// A part of `navigator`.
pub(super) fn navigator_part(key: &str) -> Option<JsValue> {
    get(&window_part("navigator")?, key)
}
