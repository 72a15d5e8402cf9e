//! Hashes of what people type: Argon2id for PINs and passwords, PBKDF2 for the panel code.
//!
//! Owns: making and checking these hashes off the async threads.
//! Must not own: where they are kept.
//! Invariant: few checks run side by side, for each takes 19 MiB.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use crate::{
    random::{self, RandomError},
    storage::Realm,
};

/// Checks of secrets that run side by side.
const SIDE_BY_SIDE: usize = 4;
static PERMITS: Semaphore = Semaphore::const_new(SIDE_BY_SIDE);

/// Rounds of the panel code's hash; the tablet's browser takes a fraction of a second for them.
const PANEL_ROUNDS: u32 = 600_000;
const PANEL_SCHEME: &str = "pbkdf2-sha256";

/// 16 characters of base 32 are 80 bits.
const PASSWORD_LENGTH: usize = 16;

/// Why a hash cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// No randomness for the salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The hash function refuses.
    #[error("a secret cannot be hashed: {0}")]
    Hash(String),
    /// The thread that hashes ended badly.
    #[error("the hashing of a secret broke off: {0}")]
    Thread(#[from] tokio::task::JoinError),
}

/// A new PIN, or a new password where somebody can read what visitors said.
pub fn make(realm: Realm) -> Result<String, RandomError> {
    match realm {
        Realm::Staff => random::six_digits(),
        Realm::Organiser | Realm::Team => random::base32(PASSWORD_LENGTH),
    }
}

/// The Argon2id hash of a PIN or password.
pub fn hash(secret: &str) -> Result<String, SecretError> {
    let salt = random::bytes::<16>()?;
    Argon2::default()
        .hash_password_with_salt(secret.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| SecretError::Hash(error.to_string()))
}

/// As [`hash`], off the async threads.
pub async fn hash_aside(secret: String) -> Result<String, SecretError> {
    let permit = PERMITS.acquire().await;
    let hash = tokio::task::spawn_blocking(move || self::hash(&secret)).await;
    drop(permit);
    hash?
}

/// Whether the secret is the one that was hashed. Without a hash the same time passes.
pub async fn verify(secret: String, hash: Option<String>) -> bool {
    let permit = PERMITS.acquire().await;
    let right = tokio::task::spawn_blocking(move || verify_now(&secret, hash.as_deref())).await;
    drop(permit);
    right.unwrap_or(false)
}

/// As [`verify`], on this thread.
pub fn verify_now(secret: &str, hash: Option<&str>) -> bool {
    let Some(hash) = hash else {
        // Nobody of this name: spend the time of a check, so that names cannot be found out.
        drop(self::hash(secret));
        return false;
    };
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(secret.as_bytes(), &hash)
            .is_ok()
    })
}

/// The verifier of a panel code, as tablets read it.
pub fn panel_verifier(code: &str) -> Result<String, RandomError> {
    let salt = random::bytes::<16>()?;
    let hash = panel_hash(code, &salt, PANEL_ROUNDS);
    Ok(format!(
        "{PANEL_SCHEME}${PANEL_ROUNDS}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    ))
}

/// Whether this verifier is of this code.
pub fn panel_matches(verifier: &str, code: &str) -> bool {
    let parts: Vec<&str> = verifier.split('$').collect();
    let &[PANEL_SCHEME, rounds, salt, hash] = parts.as_slice() else {
        return false;
    };
    let (Ok(rounds), Ok(salt), Ok(hash)) = (
        rounds.parse(),
        STANDARD_NO_PAD.decode(salt),
        STANDARD_NO_PAD.decode(hash),
    ) else {
        return false;
    };
    panel_hash(code, &salt, rounds).ct_eq(&hash).into()
}

fn panel_hash(code: &str, salt: &[u8], rounds: u32) -> [u8; 32] {
    pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(code.as_bytes(), salt, rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_secret_verifies() {
        let hashed = hash("493817").unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(verify_now("493817", Some(&hashed)));
        assert!(!verify_now("493818", Some(&hashed)));
        assert!(!verify_now("493817", None));
    }

    #[test]
    fn panel_verifiers_have_the_tablets_form() {
        let verifier = panel_verifier("123456").unwrap();
        let parts: Vec<&str> = verifier.split('$').collect();
        assert_eq!(parts[0], "pbkdf2-sha256");
        assert_eq!((parts[2].len(), parts[3].len()), (22, 43));
        assert!(panel_matches(&verifier, "123456"));
        assert!(!panel_matches(&verifier, "123457"));
        assert!(!panel_matches("", "123456"));
    }

    #[test]
    fn the_hash_is_pbkdf2_with_hmac_sha256() {
        // A widely published vector of PBKDF2-HMAC-SHA256: password, salt, 1 round.
        let hash = panel_hash("password", b"salt", 1);
        assert_eq!(
            kiosk_wire::canonical::hex(&hash),
            "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"
        );
    }
}
