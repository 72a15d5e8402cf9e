//! As much of HTTP/1.1 as the servers of a bench need: one request after the other.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// Head and body of the next request.
pub(crate) async fn read_request(stream: &mut TcpStream, held: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(length) = request_length(held) {
            let rest = held.split_off(length);
            return Some(std::mem::replace(held, rest));
        }
        if stream.read_buf(held).await.ok()? == 0 {
            return None;
        }
    }
}

/// How long the request at the start of `held` is, once all of it is there.
fn request_length(held: &[u8]) -> Option<usize> {
    let start = held.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&held[..start]).to_lowercase();
    let body = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
        .unwrap_or(0);
    (held.len() >= start + body).then_some(start + body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_once_its_body_is_there() {
        let head = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n";
        assert_eq!(request_length(head), None);
        assert_eq!(
            request_length(&[head.as_slice(), b"abcd"].concat()),
            Some(head.len() + 3)
        );
        assert_eq!(request_length(b"GET / HTTP/1.1\r\n\r\n"), Some(18));
    }
}
