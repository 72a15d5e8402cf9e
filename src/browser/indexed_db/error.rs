//! Exceptions of the browser as errors of the port; no `JsValue` gets past here.

use kiosk_core::ports::StorageError;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

pub(super) fn from_exception(exception: Option<DomException>) -> StorageError {
    match exception {
        Some(exception) => from_names(exception.name(), exception.message()),
        // A transaction without an error was ended from outside, with its connection.
        None => from_names("AbortError".to_owned(), String::new()),
    }
}

/// What was expected is not what is there; the browser says it so where an index finds it.
pub(super) fn conflict() -> StorageError {
    from_names("ConstraintError".to_owned(), String::new())
}

// By value, so that it fits `map_err`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err asks for"
)]
pub(super) fn from_thrown(thrown: JsValue) -> StorageError {
    match thrown.dyn_ref::<DomException>() {
        Some(exception) => from_exception(Some(exception.clone())),
        None => from_names("Error".to_owned(), message(&thrown)),
    }
}

fn message(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>();
    error.map_or_else(
        || thrown.as_string().unwrap_or_default(),
        |error| error.message().into(),
    )
}

fn from_names(name: String, message: String) -> StorageError {
    match name.as_str() {
        "QuotaExceededError" => StorageError::Full,
        "VersionError" => StorageError::Outdated,
        "SecurityError" => StorageError::Unsupported,
        // How Chromium, Firefox and WebKit say that the connection went away under the app.
        "InvalidStateError" | "UnknownError" | "AbortError" => {
            StorageError::ConnectionLost { name, message }
        }
        _ => StorageError::Failed { name, message },
    }
}
