//! What the browser tells about the tablet: storage, charge, whether the screen stays on.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::Array;
use kiosk_core::ports::{LocalFuture, TabletHealth};
use kiosk_core::staff::preflight::Battery;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;

use super::dynamic::{ask, get, navigator_part, window_part};

const MEGABYTE: f64 = 1_000_000.0;

#[derive(Default)]
pub struct BrowserHealth {
    awake: Rc<Awake>,
}

/// The screen is kept on by a sentinel, which the browser takes away whenever the page is hidden.
#[derive(Default)]
struct Awake {
    sentinel: RefCell<Option<JsValue>>,
    listens: Cell<bool>,
}

impl Awake {
    async fn keep(&self) -> Option<bool> {
        let wake_lock = navigator_part("wakeLock")?;
        if self.is_kept() {
            return Some(true);
        }
        let asked = Array::of1(&"screen".into());
        let sentinel = ask(&wake_lock, "request", &asked).await;
        self.sentinel.replace(sentinel);
        Some(self.is_kept())
    }

    fn is_kept(&self) -> bool {
        let sentinel = self.sentinel.borrow();
        let released = sentinel.as_ref().and_then(|one| get(one, "released"));
        released.and_then(|released| released.as_bool()) == Some(false)
    }

    fn listen(self: &Rc<Self>) {
        let document = web_sys::window().and_then(|window| window.document());
        let Some(document) = document.filter(|_| !self.listens.replace(true)) else {
            return;
        };
        let awake = Rc::clone(self);
        let on_change = Closure::<dyn FnMut()>::new(move || {
            let awake = Rc::clone(&awake);
            // Refused while the page is hidden; then it is asked again once it is seen.
            spawn_local(async move {
                awake.keep().await;
            });
        });
        document
            .add_event_listener_with_callback(
                "visibilitychange",
                on_change.into_js_value().unchecked_ref(),
            )
            .ok();
    }
}

impl TabletHealth for BrowserHealth {
    fn is_secure(&self) -> Option<bool> {
        window_part("isSecureContext")?.as_bool()
    }

    fn persist(&self) -> LocalFuture<'_, Option<bool>> {
        Box::pin(ask_storage("persist"))
    }

    fn is_persisted(&self) -> LocalFuture<'_, Option<bool>> {
        Box::pin(ask_storage("persisted"))
    }

    fn free_mb(&self) -> LocalFuture<'_, Option<u64>> {
        Box::pin(async {
            let storage = navigator_part("storage")?;
            let estimate = ask(&storage, "estimate", &Array::new()).await?;
            let quota = get(&estimate, "quota")?.as_f64()?;
            let usage = get(&estimate, "usage")?.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the cast saturates"
            )]
            let free = ((quota - usage) / MEGABYTE) as u64;
            Some(free)
        })
    }

    fn battery(&self) -> LocalFuture<'_, Option<Battery>> {
        Box::pin(async {
            let navigator = window_part("navigator")?;
            let battery = ask(&navigator, "getBattery", &Array::new()).await?;
            let level = get(&battery, "level")?.as_f64()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the cast saturates"
            )]
            let percent = (level * 100.0).round() as u8;
            Some(Battery {
                percent: percent.min(100),
                is_charging: get(&battery, "charging")?.as_bool()?,
            })
        })
    }

    fn keep_awake(&self) -> LocalFuture<'_, Option<bool>> {
        Box::pin(async {
            self.awake.listen();
            self.awake.keep().await
        })
    }
}

async fn ask_storage(method: &'static str) -> Option<bool> {
    let storage = navigator_part("storage")?;
    ask(&storage, method, &Array::new()).await?.as_bool()
}
