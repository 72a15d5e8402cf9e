//! Files as downloads.

use js_sys::Array;
use kiosk_core::ports::FileSaver;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// A download begins after the click, and some browsers ask first.
const KEPT_MILLIS: i32 = 60_000;

pub struct Downloads;

impl FileSaver for Downloads {
    fn save(&self, name: &str, text: &str) -> bool {
        download(name, text).is_some()
    }
}

fn download(name: &str, text: &str) -> Option<()> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = Array::of1(&JsValue::from(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let link: HtmlElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", &url).ok()?;
    link.set_attribute("download", name).ok()?;
    link.set_hidden(true);
    // WebKit downloads only from a link that is in the page.
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    let forget = Closure::once_into_js(move || {
        // Fails for nothing that is a text.
        Url::revoke_object_url(&url).ok();
    });
    window
        .set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), KEPT_MILLIS)
        .ok()?;
    Some(())
}
