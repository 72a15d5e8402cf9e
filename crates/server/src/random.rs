//! Randomness from the operating system, in the forms the server needs.
//!
//! Owns: secrets, tokens, codes and ids made at random.
//! Must not own: hashing or storing them.
//! Invariant: without randomness nothing is made; there is no weaker source to fall back to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The operating system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no randomness: {0}")]
pub struct RandomError(#[from] getrandom::Error);

/// Crockford's alphabet: no letter can be mistaken for a digit.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// 256 bits as URL-safe text: a bearer token or a cookie.
pub fn token() -> Result<String, RandomError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// Six decimal digits, each code equally likely.
pub fn six_digits() -> Result<String, RandomError> {
    // Numbers above the last whole multiple of a million would favour small codes.
    const LIMIT: u32 = u32::MAX - u32::MAX % 1_000_000;
    loop {
        let number = u32::from_le_bytes(bytes()?);
        if number < LIMIT {
            return Ok(format!("{:06}", number % 1_000_000));
        }
    }
}

/// `length` characters of base 32, read aloud easily.
pub fn base32(length: usize) -> Result<String, RandomError> {
    (0..length)
        .map(|_| {
            let [byte] = bytes::<1>()?;
            Ok(char::from(CODE_ALPHABET[usize::from(byte & 31)]))
        })
        .collect()
}

/// A random UUID (version 4).
pub fn uuid_v4() -> Result<String, RandomError> {
    Ok(kiosk_wire::id::uuid_v4(bytes()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_shape() {
        let code = six_digits().unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        let code = base32(8).unwrap();
        assert!(code.len() == 8 && code.bytes().all(|byte| CODE_ALPHABET.contains(&byte)));
        assert_eq!(token().unwrap().len(), 43);
        assert_ne!(token().unwrap(), token().unwrap());
    }
}
