//! The body of an answer, as its bytes come in.

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStreamDefaultReader, wasm_bindgen::JsCast};

pub(super) struct ByteStream(ReadableStreamDefaultReader);

impl ByteStream {
    pub(super) fn of(response: &Response) -> Option<Self> {
        let reader = response.body()?.get_reader();
        reader.dyn_into().ok().map(Self)
    }

    /// The next bytes; `None` at the end or when the connection breaks.
    pub(super) async fn next(&self) -> Option<Vec<u8>> {
        let read = JsFuture::from(self.0.read()).await.ok()?;
        let value = Reflect::get(&read, &"value".into()).ok()?;
        value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
    }
}

/// Aborts a fetch when whoever reads it is dropped.
pub(super) struct AbortOnDrop(pub(super) Option<AbortController>);

impl AbortOnDrop {
    pub(super) fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(AbortController::signal)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}
