//! Tablets that have kept many entries and send them in batches.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::entry;
use crate::error::{Result, unexpected};
use crate::kiosk::Kiosk;

const TABLETS: usize = 100;
const BATCH: u64 = 100;
/// Batches on their way at once.
const AT_ONCE: usize = 8;

pub(crate) struct Tablets {
    url: String,
    client: reqwest::Client,
    all: Vec<Tablet>,
    sent: u64,
}

struct Tablet {
    token: String,
    seq: u64,
}

impl Tablets {
    pub(crate) async fn register(kiosk: &Kiosk) -> Result<Self> {
        let mut all = Vec::new();
        for number in 0..TABLETS {
            let token = kiosk.tablet(&format!("scale-{number}")).await?;
            all.push(Tablet { token, seq: 0 });
        }
        Ok(Self {
            url: format!("{}/api/feedback", kiosk.url),
            client: reqwest::Client::new(),
            all,
            sent: 0,
        })
    }

    /// Sends until this many were sent.
    pub(crate) async fn fill(&mut self, until: u64) -> Result<()> {
        self.add(until.saturating_sub(self.sent)).await
    }

    /// Sends this many more.
    pub(crate) async fn add(&mut self, more: u64) -> Result<()> {
        let mut under_way = VecDeque::new();
        for _ in 0..more / BATCH {
            if under_way.len() == AT_ONCE
                && let Some(first) = under_way.pop_front()
            {
                arrived(first).await?;
            }
            let sending = self.next_batch();
            under_way.push_back(tokio::spawn(sending.send()));
        }
        for sent in under_way {
            arrived(sent).await?;
        }
        Ok(())
    }

    fn next_batch(&mut self) -> reqwest::RequestBuilder {
        let turn = usize::try_from(self.sent / BATCH).unwrap_or(0) % self.all.len();
        let tablet = &mut self.all[turn];
        let items: Vec<Value> = (0..BATCH)
            .map(|more| entry::of_event(self.sent + more, tablet.seq + 1 + more))
            .collect();
        tablet.seq += BATCH;
        self.sent += BATCH;
        self.client
            .post(&self.url)
            .bearer_auth(&tablet.token)
            .json(&json!({ "sent_at": "2025-12-30T14:31:05+09:00", "items": items }))
    }
}

async fn arrived(sent: tokio::task::JoinHandle<reqwest::Result<reqwest::Response>>) -> Result<()> {
    let answer: Value = sent.await??.error_for_status()?.json().await?;
    let receipts = answer["receipts"].as_array();
    let mut receipts = receipts.into_iter().flatten();
    match receipts.find(|receipt| receipt["status"] != "stored") {
        Some(other) => Err(unexpected(format!("not stored: {other}"))),
        None => Ok(()),
    }
}
