//! Key derivation by `WebCrypto`, which only a secure page has.

use js_sys::{Array, Object, Reflect, Uint8Array};
use kiosk_core::ports::{KeyDerivation, LocalFuture};
use kiosk_core::staff::code::Verifier;
use wasm_bindgen::{JsCast, JsValue};

use super::dynamic::{ask, get, window_part};

pub struct WebCrypto;

fn subtle() -> Option<JsValue> {
    get(&window_part("crypto")?, "subtle")
}

fn bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

impl KeyDerivation for WebCrypto {
    fn derive(&self, code: String, verifier: Verifier) -> LocalFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move { derive(&code, &verifier).await })
    }

    fn is_available(&self) -> bool {
        subtle().is_some()
    }
}

async fn derive(code: &str, verifier: &Verifier) -> Option<Vec<u8>> {
    let subtle = subtle()?;
    let uses = Array::of1(&"deriveBits".into());
    let asked = [
        "raw".into(),
        bytes(code.as_bytes()),
        "PBKDF2".into(),
        false.into(),
        uses.into(),
    ];
    let key = ask(&subtle, "importKey", &asked.iter().collect()).await?;
    let bits = u32::try_from(verifier.hash.len() * 8).ok()?;
    let asked = [algorithm(verifier)?, key, bits.into()];
    let derived = ask(&subtle, "deriveBits", &asked.iter().collect()).await?;
    Some(Uint8Array::new(&derived).to_vec())
}

fn algorithm(verifier: &Verifier) -> Option<JsValue> {
    let algorithm = Object::new();
    let parts = [
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", bytes(&verifier.salt)),
        ("iterations", verifier.rounds.into()),
    ];
    for (key, value) in parts {
        Reflect::set(&algorithm, &key.into(), &value).ok()?;
    }
    Some(algorithm.unchecked_into())
}
