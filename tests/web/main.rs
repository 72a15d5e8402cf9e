//! The browser's adapters, in a real browser.
#![cfg(target_family = "wasm")]
#![expect(
    clippy::expect_used,
    reason = "a failed expectation is how a test speaks"
)]

mod outbox;
mod staff;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
