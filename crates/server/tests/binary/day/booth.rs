//! The server as tablets and staff reach it, and what was seen of it.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

use reqwest::{Client, RequestBuilder};
use serde_json::json;

/// Counts of what happened.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) visits: AtomicU64,
    pub(crate) whole: AtomicU64,
    pub(crate) stopped: AtomicU64,
    pub(crate) dropped: AtomicU64,
    pub(crate) reset: AtomicU64,
    pub(crate) heartbeats: AtomicU64,
    pub(crate) sent_again: AtomicU64,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |count: &AtomicU64| count.load(Ordering::Relaxed);
        write!(
            f,
            "{} answers read, {} stopped, {} left, {} reset; {} heartbeats, {} batches sent again",
            told(&self.whole),
            told(&self.stopped),
            told(&self.dropped),
            told(&self.reset),
            told(&self.heartbeats),
            told(&self.sent_again),
        )
    }
}

/// Counts one more.
pub(crate) fn count(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

#[derive(Debug)]
pub(crate) struct Booth {
    address: String,
    /// `Cookie: …`, of somebody who may give commands.
    cookie: String,
    client: Client,
    pub(crate) seen: Seen,
}

impl Booth {
    pub(crate) fn new(address: &str, cookie: &str) -> Self {
        Self {
            address: address.to_owned(),
            cookie: cookie.strip_prefix("Cookie: ").unwrap().to_owned(),
            client: Client::builder().no_proxy().build().unwrap(),
            seen: Seen::default(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    /// Staff reset this tablet.
    pub(crate) async fn reset(&self, device: &str) {
        let given = self
            .post(&format!("/api/devices/{device}/commands"))
            .header("cookie", &self.cookie)
            .header("origin", self.url(""))
            .json(&json!({"kind": "reset"}))
            .send();
        assert_eq!(given.await.unwrap().status(), 202);
    }
}
