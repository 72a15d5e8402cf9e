//! Where a request comes from: its peer, its `Host`, its `Origin`.
//!
//! Owns: the loopback rule, the host rule and the origin rule.
//! Must not own: what follows from them in an endpoint.
//! Invariant: nothing a page from elsewhere can send makes it local.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, Uri, header, request::Parts},
};
use url::{Host, Url};

/// Headers a proxy adds.
const FORWARDING: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];

/// The address the request came from; unspecified where no connection is known.
pub fn peer(parts: &Parts) -> IpAddr {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| {
            peer.ip().to_canonical()
        })
}

/// The address tries are counted by. A proxy on this machine, which there is only with a
/// `public_url`, names the client last in `X-Forwarded-For`.
pub fn client(parts: &Parts, public_url: Option<&Url>) -> IpAddr {
    let peer = peer(parts);
    if public_url.is_none() || !peer.is_loopback() {
        return peer;
    }
    parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok())
        .unwrap_or(peer)
}

/// Whether the request comes from this machine itself.
pub fn is_loopback(parts: &Parts, public_url: Option<&Url>) -> bool {
    let headers = &parts.headers;
    public_url.is_none()
        && peer(parts).is_loopback()
        && !FORWARDING.iter().any(|name| headers.contains_key(*name))
        && headers.get(header::ORIGIN).is_none_or(|origin| {
            origin
                .to_str()
                .ok()
                .and_then(|text| Url::parse(text).ok())
                .is_some_and(|url| url.host().is_some_and(|host| is_loopback_host(&host)))
        })
}

/// The host and port a request asks for.
fn authority(headers: &HeaderMap, uri: &Uri) -> Option<Url> {
    let written = match headers.get(header::HOST) {
        Some(value) => value.to_str().ok()?,
        None => uri.authority()?.as_str(),
    };
    let url = Url::parse(&format!("http://{written}/")).ok()?;
    (url.username().is_empty() && url.path() == "/").then_some(url)
}

/// Whether the request asks for a host this server answers as.
pub fn is_our_host(headers: &HeaderMap, uri: &Uri, public_url: Option<&Url>) -> bool {
    let Some(asked) = authority(headers, uri) else {
        return false;
    };
    let Some(host) = asked.host() else {
        return false;
    };
    is_loopback_host(&host) || public_url.is_some_and(|url| url.host() == Some(host))
}

/// Whether a request that changes state with a cookie was sent by our own page.
pub fn is_same_origin(parts: &Parts, public_url: Option<&Url>) -> bool {
    if let Some(site) = parts.headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = parts
        .headers
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let Ok(origin) = Url::parse(origin) else {
        return false;
    };
    if public_url.is_some_and(|url| url.origin() == origin.origin()) {
        return true;
    }
    let Some(asked) = authority(&parts.headers, &parts.uri) else {
        return false;
    };
    asked.host().is_some_and(|host| is_loopback_host(&host)) && asked.origin() == origin.origin()
}

fn is_loopback_host<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref().eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn request(peer: &str, headers: &[(&str, &str)]) -> Parts {
        let mut builder = Request::builder().uri("/api/devices");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let mut request = builder.body(()).unwrap();
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        request.into_parts().0
    }

    fn ours(host: &str) -> bool {
        let public = Url::parse("https://booth.example").unwrap();
        let parts = request("10.0.0.2:1", &[("host", host)]);
        is_our_host(&parts.headers, &parts.uri, Some(&public))
    }

    #[test]
    fn hosts_are_loopback_or_public() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:80",
            "booth.example",
        ] {
            assert!(ours(host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "10.0.0.1",
            "x@localhost",
            "",
            "a/b",
        ] {
            assert!(!ours(host), "{host}");
        }
    }

    #[test]
    fn loopback_needs_every_sign() {
        let public = Url::parse("https://booth.example").unwrap();
        assert!(is_loopback(&request("127.0.0.1:1", &[]), None));
        assert!(is_loopback(
            &request("[::1]:1", &[("origin", "http://localhost:9000")]),
            None
        ));
        assert!(!is_loopback(&request("127.0.0.1:1", &[]), Some(&public)));
        assert!(!is_loopback(&request("10.0.0.2:1", &[]), None));
        for header in [
            ("forwarded", "for=1.2.3.4"),
            ("x-forwarded-for", "1.2.3.4"),
            ("x-real-ip", "1.2.3.4"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            assert!(
                !is_loopback(&request("127.0.0.1:1", &[header]), None),
                "{header:?}"
            );
        }
    }

    #[test]
    fn pages_from_elsewhere_are_foreign() {
        let same =
            |headers: &[(&str, &str)]| is_same_origin(&request("127.0.0.1:1", headers), None);
        let host = ("host", "127.0.0.1:8080");
        assert!(same(&[host, ("origin", "http://127.0.0.1:8080")]));
        assert!(same(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(!same(&[host]));
        assert!(!same(&[host, ("origin", "http://127.0.0.1:9000")]));
        assert!(!same(&[host, ("sec-fetch-site", "same-site")]));
        assert!(!same(&[
            ("host", "evil.example"),
            ("origin", "http://evil.example")
        ]));
    }

    #[test]
    fn a_proxy_names_the_client_only_with_a_public_url() {
        let public = Url::parse("https://booth.example").unwrap();
        let parts = request("127.0.0.1:1", &[("x-forwarded-for", "6.6.6.6, 1.2.3.4")]);
        assert_eq!(client(&parts, Some(&public)).to_string(), "1.2.3.4");
        assert_eq!(client(&parts, None).to_string(), "127.0.0.1");
        let parts = request("10.0.0.2:1", &[("x-forwarded-for", "1.2.3.4")]);
        assert_eq!(client(&parts, Some(&public)).to_string(), "10.0.0.2");
    }
}
