//! Pictures in a request.
//!
//! Owns: what a `data:` URI of a picture has to look like.
//! Must not own: decoding pixels.
//! Invariant: only what begins like the kind it says it is gets through.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::failure::Reason;

/// Largest picture, decoded.
const MAX_BYTES: usize = 1024 * 1024;

/// Checks a picture's address.
pub fn check(url: &str) -> Result<(), Reason> {
    let rest = url.strip_prefix("data:").ok_or(Reason::RemoteImage)?;
    let (kind, data) = rest.split_once(";base64,").ok_or(Reason::ImageKind)?;
    // Four characters carry three bytes; a few more for the padding.
    if data.len() > MAX_BYTES.div_ceil(3) * 4 {
        return Err(Reason::ImageSize);
    }
    let bytes = STANDARD.decode(data).map_err(|_| Reason::ImageKind)?;
    if bytes.len() > MAX_BYTES {
        return Err(Reason::ImageSize);
    }
    let begins_right = match kind {
        "image/jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        "image/webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        _ => false,
    };
    begins_right.then_some(()).ok_or(Reason::ImageKind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(kind: &str, bytes: &[u8]) -> String {
        format!("data:{kind};base64,{}", STANDARD.encode(bytes))
    }

    #[test]
    fn the_three_kinds_are_taken() {
        assert_eq!(check(&uri("image/jpeg", b"\xff\xd8\xff\xe0rest")), Ok(()));
        assert_eq!(check(&uri("image/png", b"\x89PNG\r\n\x1a\nrest")), Ok(()));
        assert_eq!(
            check(&uri("image/webp", b"RIFF\x00\x00\x00\x00WEBPrest")),
            Ok(())
        );
    }

    #[test]
    fn everything_else_is_refused() {
        assert_eq!(
            check("https://example.com/cat.png"),
            Err(Reason::RemoteImage)
        );
        assert_eq!(check("file:///etc/hosts"), Err(Reason::RemoteImage));
        assert_eq!(check(&uri("image/gif", b"GIF89a")), Err(Reason::ImageKind));
        assert_eq!(check(&uri("image/png", b"<svg/>")), Err(Reason::ImageKind));
        assert_eq!(check("data:image/png,abc"), Err(Reason::ImageKind));
        assert_eq!(check("data:image/png;base64,*"), Err(Reason::ImageKind));
    }

    #[test]
    fn a_mebibyte_is_the_most() {
        let mut picture = vec![0; MAX_BYTES];
        picture[..3].copy_from_slice(b"\xff\xd8\xff");
        assert_eq!(check(&uri("image/jpeg", &picture)), Ok(()));
        picture.push(0);
        assert_eq!(check(&uri("image/jpeg", &picture)), Err(Reason::ImageSize));
    }
}
