//! What staff's panel needs from the browser.

use kiosk::browser::preferences::LocalPreferences;
use kiosk::browser::{health::BrowserHealth, key_derivation::WebCrypto};
use kiosk_core::ports::{KeyDerivation, Preferences, TabletHealth};
use kiosk_core::staff::code::Verifier;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn keys_are_derived_by_pbkdf2_with_hmac_sha256() {
    // A widely published vector: password "password", salt "salt", 4096 rounds.
    let verifier =
        Verifier::parse("pbkdf2-sha256$4096$c2FsdA$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o")
            .expect("a verifier");
    assert!(WebCrypto.is_available());
    let right = WebCrypto.derive("password".to_owned(), verifier.clone());
    assert_eq!(right.await.as_ref(), Some(&verifier.hash));
    let wrong = WebCrypto.derive("Password".to_owned(), verifier.clone());
    assert_ne!(wrong.await.as_ref(), Some(&verifier.hash));
}

#[wasm_bindgen_test]
fn preferences_are_kept_under_their_prefix_and_taken_away() {
    let (mine, other) = (LocalPreferences("test-a"), LocalPreferences("test-b"));
    mine.set("key", Some("값"));
    assert_eq!(LocalPreferences("test-a").get("key").as_deref(), Some("값"));
    assert_eq!(other.get("key"), None);
    mine.set("key", None);
    assert_eq!(mine.get("key"), None);
}

#[wasm_bindgen_test]
async fn what_the_browser_has_is_told() {
    let health = BrowserHealth::default();
    assert_eq!(health.is_secure(), Some(true));
    assert!(health.is_persisted().await.is_some());
    assert!(health.free_mb().await.is_some_and(|free| free > 0));
}
