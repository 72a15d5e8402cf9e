//! Files chosen in a file input.

use kiosk_core::ports::LocalFuture;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlInputElement};

use crate::console::ports::{Files, UnreadableFile};

pub struct InputFiles;

impl Files for InputFiles {
    fn chosen_text(
        &self,
        event: &Event,
    ) -> LocalFuture<'static, Result<Option<String>, UnreadableFile>> {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let file = input
            .as_ref()
            .and_then(HtmlInputElement::files)
            .and_then(|files| files.get(0));
        if let Some(input) = &input {
            input.set_value("");
        }
        Box::pin(async move {
            let Some(file) = file else {
                return Ok(None);
            };
            let text = JsFuture::from(file.text()).await;
            text.ok()
                .and_then(|text| text.as_string())
                .map(Some)
                .ok_or(UnreadableFile)
        })
    }
}
