//! What people do with the browser around the console: looking away, and copying.

use kiosk_core::ports::LocalFuture;
use wasm_bindgen_futures::JsFuture;
use web_sys::VisibilityState;

use crate::console::ports::Desk;

pub struct BrowserDesk;

impl Desk for BrowserDesk {
    fn is_visible(&self) -> bool {
        let document = web_sys::window().and_then(|window| window.document());
        document.is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
    }

    fn copy(&self, text: String) -> LocalFuture<'static, bool> {
        Box::pin(async move {
            // Without a secure context there is no clipboard, whatever the types say.
            let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else {
                return false;
            };
            let written = window.navigator().clipboard().write_text(&text);
            JsFuture::from(written).await.is_ok()
        })
    }
}
