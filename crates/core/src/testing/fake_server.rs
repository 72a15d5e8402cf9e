//! A model of the server's side of delivery, and of everything that may stand in between.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use kiosk_wire::{
    canonical::sha256_hex,
    feedback::{Batch, MAX_BATCH_BYTES, MAX_ITEMS, Receipt, ReceiptStatus, Receipts},
};
use serde_json::Value;

use crate::{
    outbox::read_answer,
    ports::{FeedbackTransport, LocalFuture, TransportError},
};

/// A team the server does not know: its entries are refused as invalid.
pub const UNKNOWN_TEAM: &str = "nobody";

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It never arrives.
    LostRequest,
    /// It is committed, and the answer is lost.
    LostAnswer,
    /// It is committed, and no answer ever comes.
    Silent,
    /// It arrives twice; the second answer is read.
    Doubled,
    /// A login page with status 200 instead of the server.
    CaptivePortal,
    /// Somebody else's JSON with status 200.
    ForeignJson,
    /// 503 with `Retry-After`.
    Busy,
    /// A proxy's error page.
    BadGateway,
    /// 401.
    Unauthorized,
    /// 413.
    TooLarge,
    /// Committed; the receipts name other hashes.
    WrongHashes,
    /// Committed; every other receipt is missing.
    MissingReceipts,
    /// Committed; the receipts come in another order.
    ShuffledReceipts,
    /// Another booth's server on that address: it has receipts for every id, and none of our entries.
    Stranger,
    /// It seems lost, and arrives later, when nobody waits for its answer any more.
    Late,
}

/// A server that remembers what it stored, and fails on demand.
#[derive(Debug, Default)]
pub struct FakeServer {
    inner: RefCell<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    faults: VecDeque<Fault>,
    /// In the order they were committed.
    stored: Vec<Value>,
    hashes: BTreeMap<String, String>,
    conflicts: Vec<Value>,
    /// Ids of what must not come back.
    erased: BTreeSet<String>,
    /// Requests that are still on their way.
    late: Vec<Batch>,
    requests: usize,
}

impl FakeServer {
    /// The next request that has no fault yet fails so.
    pub fn fail_next(&self, fault: Fault) {
        self.inner.borrow_mut().faults.push_back(fault);
    }

    /// From now on everything works, and nothing is on its way any more.
    pub fn recover(&self) {
        self.arrive();
        self.inner.borrow_mut().faults.clear();
    }

    /// What was late arrives.
    pub fn arrive(&self) {
        let inner = &mut *self.inner.borrow_mut();
        for batch in std::mem::take(&mut inner.late) {
            // Nobody hears the answer.
            inner.take(&batch).ok();
        }
    }

    /// Erases an entry, here or not; it is not taken in again.
    pub fn erase(&self, id: &str) {
        let inner = &mut *self.inner.borrow_mut();
        inner.stored.retain(|item| id_of(item) != id);
        inner.hashes.remove(id);
        inner.erased.insert(id.to_owned());
    }

    /// The entries it committed, in the order they came.
    pub fn stored(&self) -> Vec<Value> {
        self.inner.borrow().stored.clone()
    }

    /// The ids of [`Self::stored`].
    pub fn stored_ids(&self) -> Vec<String> {
        self.inner.borrow().stored.iter().map(id_of).collect()
    }

    /// Entries that came under a known id with other content.
    pub fn conflicts(&self) -> Vec<Value> {
        self.inner.borrow().conflicts.clone()
    }

    /// How many requests reached it or got lost on the way.
    pub fn requests(&self) -> usize {
        self.inner.borrow().requests
    }
}

impl FeedbackTransport for FakeServer {
    fn send(&self, batch: &Batch) -> LocalFuture<'_, Result<Receipts, TransportError>> {
        let batch = batch.clone();
        Box::pin(async move {
            let answer = self.inner.borrow_mut().answer(&batch);
            match answer {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        })
    }
}

impl Inner {
    /// None if no answer ever comes.
    fn answer(&mut self, batch: &Batch) -> Option<Result<Receipts, TransportError>> {
        self.requests += 1;
        let fault = self.faults.pop_front();
        let answer = self.fail(fault, batch);
        (fault != Some(Fault::Silent)).then_some(answer)
    }

    fn fail(&mut self, fault: Option<Fault>, batch: &Batch) -> Result<Receipts, TransportError> {
        let page = b"<!doctype html><title>Welcome</title>";
        match fault {
            None | Some(Fault::Silent) => self.take(batch),
            Some(Fault::LostRequest) => Err(TransportError::Unreachable),
            Some(Fault::Stranger) => {
                let receipt = |item| Receipt {
                    id: id_of(item),
                    status: ReceiptStatus::Stored,
                    sha256: "0".repeat(64),
                    reason: None,
                };
                answer(batch, batch.items.iter().map(receipt).collect())
            }
            Some(Fault::Late) => {
                self.late.push(batch.clone());
                Err(TransportError::Unreachable)
            }
            Some(Fault::LostAnswer) => {
                self.take(batch)?;
                Err(TransportError::Unreachable)
            }
            Some(Fault::Doubled) => {
                self.take(batch)?;
                self.take(batch)
            }
            Some(Fault::CaptivePortal) => read_answer(200, None, page),
            Some(Fault::ForeignJson) => read_answer(200, None, br#"{"status":"ok"}"#),
            Some(Fault::Busy) => read_answer(503, Some(Duration::from_secs(5)), b"{}"),
            Some(Fault::BadGateway) => read_answer(502, None, page),
            Some(Fault::Unauthorized) => read_answer(401, None, b"{}"),
            Some(Fault::TooLarge) => read_answer(413, None, page),
            Some(Fault::WrongHashes) => self.take(batch).map(|mut answer| {
                answer
                    .receipts
                    .iter_mut()
                    .for_each(|receipt| receipt.sha256 = "0".repeat(64));
                answer
            }),
            Some(Fault::MissingReceipts) => self.take(batch).map(|mut answer| {
                let mut keep = false;
                answer.receipts.retain(|_| {
                    keep = !keep;
                    keep
                });
                answer
            }),
            Some(Fault::ShuffledReceipts) => self.take(batch).map(|mut answer| {
                answer.receipts.reverse();
                answer
            }),
        }
    }

    fn take(&mut self, batch: &Batch) -> Result<Receipts, TransportError> {
        if batch.items.len() > MAX_ITEMS {
            return read_answer(400, None, b"{}");
        }
        if serde_json::to_vec(batch).map_or(0, |body| body.len()) > MAX_BATCH_BYTES {
            return read_answer(413, None, b"{}");
        }
        answer(
            batch,
            batch.items.iter().map(|item| self.store(item)).collect(),
        )
    }

    fn store(&mut self, item: &Value) -> Receipt {
        let (id, sha256) = (id_of(item), sha256_hex(item));
        if item["team"] == UNKNOWN_TEAM {
            let reason = Some("unknown_team".to_owned());
            return Receipt {
                id,
                status: ReceiptStatus::Invalid,
                sha256,
                reason,
            };
        }
        let status = match self.hashes.get(&id) {
            _ if self.erased.contains(&id) => ReceiptStatus::Erased,
            None => {
                self.stored.push(item.clone());
                self.hashes.insert(id.clone(), sha256.clone());
                ReceiptStatus::Stored
            }
            Some(known) if *known == sha256 => ReceiptStatus::Duplicate,
            Some(_) => {
                self.conflicts.push(item.clone());
                ReceiptStatus::Conflict
            }
        };
        Receipt {
            id,
            status,
            sha256,
            reason: None,
        }
    }
}

fn answer(batch: &Batch, receipts: Vec<Receipt>) -> Result<Receipts, TransportError> {
    let answer = Receipts {
        now: batch.sent_at.clone(),
        receipts,
    };
    read_answer(200, None, &serde_json::to_vec(&answer).unwrap_or_default())
}

fn id_of(item: &Value) -> String {
    item["id"].as_str().unwrap_or_default().to_owned()
}
