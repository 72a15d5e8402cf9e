//! What an HTTP answer to a batch means.

use std::time::Duration;

use kiosk_wire::feedback::Receipts;

use crate::{json, ports::TransportError};

/// Receipts come only with status 200 and the server's JSON. A captive portal answers 200 as well,
/// and any proxy may answer anything, so whatever cannot be read as receipts is foreign.
///
/// # Errors
///
/// Everything that is not receipts; `retry_after` is the header in its form of seconds.
pub fn read_answer(
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Result<Receipts, TransportError> {
    match status {
        200 => receipts(body).ok_or(TransportError::Foreign { status }),
        401 => Err(TransportError::Unauthorized),
        413 => Err(TransportError::TooLarge),
        429 | 500..=599 => Err(TransportError::Busy {
            status,
            retry_after,
        }),
        _ => Err(TransportError::Foreign { status }),
    }
}

fn receipts(body: &[u8]) -> Option<Receipts> {
    json::read(std::str::from_utf8(body).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECEIPTS: &[u8] = br#"{"now":"2025-12-30T14:31:05+09:00","receipts":[]}"#;

    #[test]
    fn only_status_200_with_our_json_is_an_answer() {
        assert!(read_answer(200, None, RECEIPTS).is_ok());
        for (status, body) in [
            (200, &b"<html>Welcome to the venue's network</html>"[..]),
            (200, b"{}"),
            (200, b"[]"),
            (200, b""),
            (200, &RECEIPTS[..RECEIPTS.len() - 1]),
            (201, RECEIPTS),
            (204, b""),
            (302, RECEIPTS),
            (0, b""),
            (404, RECEIPTS),
            (400, RECEIPTS),
        ] {
            assert_eq!(
                read_answer(status, None, body),
                Err(TransportError::Foreign { status })
            );
        }
    }

    #[test]
    fn the_statuses_with_a_meaning_keep_it_whatever_the_body_says() {
        let soon = Some(Duration::from_secs(7));
        assert_eq!(
            read_answer(401, soon, RECEIPTS),
            Err(TransportError::Unauthorized)
        );
        assert_eq!(
            read_answer(413, soon, RECEIPTS),
            Err(TransportError::TooLarge)
        );
        for status in [429, 500, 502, 503, 599] {
            assert_eq!(
                read_answer(status, soon, RECEIPTS),
                Err(TransportError::Busy {
                    status,
                    retry_after: soon
                })
            );
        }
    }
}
