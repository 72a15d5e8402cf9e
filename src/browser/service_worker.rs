//! The service worker, which puts builds of the app away. `public/sw.js` is its other half.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::Array;
use kiosk_core::ports::{LocalFuture, Timer, Updates};
use wasm_bindgen::JsValue;

use super::clock::BrowserTimer;
use super::dynamic::{ask, get, navigator_part};

const SCRIPT: &str = "/sw.js";
/// What the waiting build is told.
const TAKE_OVER: &str = "take over";
/// How often, and how many times, it is looked at whether it did.
const LOOK: Duration = Duration::from_millis(50);
const LOOKS: u32 = 100;

/// There is none where the page is not secure.
#[derive(Default)]
pub struct ServiceWorker {
    registration: RefCell<Option<JsValue>>,
}

impl ServiceWorker {
    fn waiting(&self) -> Option<JsValue> {
        get(self.registration.borrow().as_ref()?, "waiting")
    }
}

impl Updates for ServiceWorker {
    fn look(&self) -> LocalFuture<'_, ()> {
        Box::pin(async {
            let Some(container) = navigator_part("serviceWorker") else {
                return;
            };
            // Every time: a registration whose first build could not be kept is gone.
            let script = Array::of1(&SCRIPT.into());
            let found = ask(&container, "register", &script).await;
            let before = self.registration.replace(found.clone());
            if let (Some(registration), Some(_)) = (found, before) {
                ask(&registration, "update", &Array::new()).await;
            }
        })
    }

    fn is_waiting(&self) -> bool {
        self.waiting().is_some()
    }

    fn take_over(&self) -> LocalFuture<'_, ()> {
        Box::pin(async {
            let Some(waiting) = self.waiting() else {
                return;
            };
            ask(&waiting, "postMessage", &Array::of1(&TAKE_OVER.into())).await;
            for _ in 0..LOOKS {
                if !self.is_waiting() {
                    return;
                }
                BrowserTimer.sleep(LOOK).await;
            }
        })
    }
}
