//! The browser's clock, timers and randomness.

use std::time::Duration;

use js_sys::{Date, Promise};
use kiosk_core::ports::{Clock, LocalFuture, Random, Timer};
use wasm_bindgen_futures::JsFuture;

pub struct BrowserClock;

impl Clock for BrowserClock {
    fn now_millis(&self) -> u64 {
        // A clock before 1970 counts as 1970; the cast saturates.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates"
        )]
        let millis = Date::now() as u64;
        millis
    }

    fn now_rfc3339(&self) -> String {
        let now = Date::new_0();
        // Minutes behind UTC; Korea has -540.
        let behind = now.get_timezone_offset();
        #[expect(clippy::cast_possible_truncation, reason = "at most 14 hours")]
        let ahead = -behind as i32;
        let local = Date::new(&(now.get_time() + f64::from(ahead) * 60_000.0).into());
        let text = String::from(local.to_iso_string());
        let sign = if ahead < 0 { '-' } else { '+' };
        let (hours, minutes) = (ahead.abs() / 60, ahead.abs() % 60);
        format!(
            "{}{sign}{hours:02}:{minutes:02}",
            text.trim_end_matches('Z')
        )
    }
}

pub struct BrowserTimer;

impl Timer for BrowserTimer {
    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()> {
        Box::pin(async move {
            let millis = i32::try_from(duration.as_millis()).unwrap_or(i32::MAX);
            let promise = Promise::new(&mut |resolve, _| {
                let window = web_sys::window();
                let set = window.map(|window| {
                    window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis)
                });
                // Without a window there is nothing to wait for.
                drop(set);
            });
            JsFuture::from(promise).await.ok();
        })
    }
}

pub struct BrowserRandom;

impl Random for BrowserRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let crypto = web_sys::window().and_then(|window| window.crypto().ok());
        let filled = crypto.map(|crypto| crypto.get_random_values_with_u8_array(bytes));
        if !matches!(filled, Some(Ok(_))) {
            leptos::logging::error!("the browser gave no randomness");
        }
    }
}
