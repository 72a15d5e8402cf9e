//! The outbox on `IndexedDB`.
//!
//! Owns: the database `booth-kiosk`, its shape, and what browsers do to connections. Must not own:
//! when something is sent, or what a receipt means.
//! Invariant: a write resolves on the transaction's `complete`, asked for with strict durability, and
//! number and entry are in one transaction: an expected number that is not the next one undoes it. A
//! connection lost under a call is opened again once; every call may be repeated without doubling anything.

mod connection;
mod error;
mod request;
mod schema;

use std::{cell::RefCell, rc::Rc};

use kiosk_core::{
    json,
    outbox::{Counts, ParkedEntry, StoredEntry},
    ports::{DeviceCredentials, LocalFuture, OutboxStorage, StorageError},
};
use kiosk_wire::feedback::Entry;
use wasm_bindgen::JsValue;

use connection::Connection;
use request::{Mode, Transaction};
use schema::{DEVICE, ENTRIES, LAST_SEQ, META, PARKED};

/// The database of the app.
const DATABASE: &str = "booth-kiosk";

/// What is done within a transaction.
type Work<'w, 'a> = &'w dyn Fn(Rc<Transaction>) -> LocalFuture<'a, Result<(), StorageError>>;

/// The outbox on `IndexedDB`; nothing is opened before the first call.
#[derive(Debug)]
pub struct IndexedDbOutbox {
    connection: Connection,
}

impl IndexedDbOutbox {
    /// An outbox in the database with this name; the app's is the default.
    #[must_use]
    pub fn new(database: &str) -> Self {
        Self {
            connection: Connection::new(database),
        }
    }

    async fn run<T>(
        &self,
        mode: Mode,
        stores: &[&str],
        work: impl AsyncFn(&Transaction) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let found = RefCell::new(None);
        let work = |transaction: Rc<Transaction>| -> LocalFuture<'_, Result<(), StorageError>> {
            let (work, found) = (&work, &found);
            Box::pin(async move {
                found.replace(Some(work(&transaction).await?));
                Ok(())
            })
        };
        self.run_boxed(mode, stores, &work).await?;
        // Work that succeeded has left its value.
        found.take().ok_or_else(|| error::from_exception(None))
    }

    /// The same for every value: one copy of it in the app instead of one a call.
    async fn run_boxed(
        &self,
        mode: Mode,
        stores: &[&str],
        work: Work<'_, '_>,
    ) -> Result<(), StorageError> {
        match self.attempt(mode, stores, work).await {
            // WebKit drops connections of tablets that slept; trying again on the old one never helps.
            Err(StorageError::ConnectionLost { .. }) => {
                self.connection.close();
                self.attempt(mode, stores, work).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(
        &self,
        mode: Mode,
        stores: &[&str],
        work: Work<'_, '_>,
    ) -> Result<(), StorageError> {
        let database = self.connection.database().await?;
        let (transaction, completion) = Transaction::begin(&database, stores, mode)?;
        match work(Rc::clone(&transaction)).await {
            Ok(()) => {
                transaction.commit();
                completion.wait().await
            }
            Err(error) => {
                transaction.abort();
                Err(error)
            }
        }
    }
}

impl Default for IndexedDbOutbox {
    fn default() -> Self {
        Self::new(DATABASE)
    }
}

impl OutboxStorage for IndexedDbOutbox {
    fn append(&self, entry: Entry) -> LocalFuture<'_, Result<StoredEntry, StorageError>> {
        Box::pin(async move {
            let stores = &[ENTRIES, PARKED, META];
            let expected = &numbered(&entry, entry.seq + 1)?;
            let saved = self.run(Mode::Write, stores, async |t| {
                save_expected(t, expected).await
            });
            match saved.await {
                // Another tab has that number, or the entry is there: this undid itself.
                Err(StorageError::Failed { .. }) => {
                    let entry = &entry;
                    let saved = self.run(Mode::Write, stores, async |t| save(t, entry).await);
                    saved.await
                }
                saved => saved.map(|()| expected.clone()),
            }
        })
    }

    fn pending(&self, limit: usize) -> LocalFuture<'_, Result<Vec<StoredEntry>, StorageError>> {
        // For the browser a limit of 0 is none at all.
        let Some(limit) = u32::try_from(limit).ok().filter(|limit| *limit > 0) else {
            return Box::pin(std::future::ready(Ok(Vec::new())));
        };
        Box::pin(self.run(Mode::Read, &[ENTRIES], async move |t| {
            t.all(ENTRIES, limit)?
                .await?
                .iter()
                .map(|record| schema::read_entry(&record))
                .collect()
        }))
    }

    fn parked(&self) -> LocalFuture<'_, Result<Vec<ParkedEntry>, StorageError>> {
        Box::pin(self.run(Mode::Read, &[PARKED], async |t| {
            t.all(PARKED, u32::MAX)?
                .await?
                .iter()
                .map(|record| schema::read_parked(&record))
                .collect()
        }))
    }

    fn remove(&self, ids: Vec<String>) -> LocalFuture<'_, Result<(), StorageError>> {
        Box::pin(async move {
            let ids = &ids;
            self.run(Mode::Write, &[ENTRIES], async |t| {
                let keys = ids.iter().map(|id| t.key_by_id(ENTRIES, id));
                for key in keys.collect::<Result<Vec<_>, _>>()? {
                    let key = key.await?;
                    if !key.is_undefined() {
                        t.delete(ENTRIES, &key)?;
                    }
                }
                Ok(())
            })
            .await
        })
    }

    fn park(&self, id: String, reason: String) -> LocalFuture<'_, Result<(), StorageError>> {
        Box::pin(async move {
            let (id, reason) = (&id, &reason);
            self.run(Mode::Write, &[ENTRIES, PARKED], async |t| {
                let record = t.by_id(ENTRIES, id)?.await?;
                if record.is_undefined() {
                    return Ok(());
                }
                let entry = schema::read_entry(&record)?;
                t.delete(ENTRIES, &schema::number(entry.seq))?;
                t.put(PARKED, &schema::record(&entry, Some(reason))?, None)
            })
            .await
        })
    }

    fn counts(&self) -> LocalFuture<'_, Result<Counts, StorageError>> {
        self.counts_above(0)
    }

    fn counts_above(&self, seq: u64) -> LocalFuture<'_, Result<Counts, StorageError>> {
        Box::pin(
            self.run(Mode::Read, &[ENTRIES, PARKED, META], async move |t| {
                let (pending, parked) = (t.count_above(ENTRIES, seq)?, t.count_above(PARKED, seq)?);
                let last_seq = t.get(META, LAST_SEQ)?;
                Ok(Counts {
                    pending: schema::read_number(&pending.await?),
                    parked: schema::read_number(&parked.await?),
                    last_seq: schema::read_number(&last_seq.await?),
                })
            }),
        )
    }

    fn count_from(&self, seq: u64) -> LocalFuture<'_, Result<(), StorageError>> {
        Box::pin(self.run(Mode::Write, &[META], async move |t| {
            let last_seq = schema::read_number(&t.get(META, LAST_SEQ)?.await?);
            t.put(META, &schema::number(last_seq.max(seq)), Some(LAST_SEQ))
        }))
    }

    fn device(&self) -> LocalFuture<'_, Result<Option<DeviceCredentials>, StorageError>> {
        Box::pin(self.run(Mode::Read, &[META], async |t| {
            let Some(json) = t.get(META, DEVICE)?.await?.as_string() else {
                return Ok(None);
            };
            json::read(&json)
                .map(Some)
                .ok_or_else(|| schema::damaged("no credentials"))
        }))
    }

    fn set_device(&self, device: DeviceCredentials) -> LocalFuture<'_, Result<(), StorageError>> {
        Box::pin(async move {
            let json = serde_json::to_string(&device)
                .map_err(|error| schema::damaged(&error.to_string()))?;
            let value = &JsValue::from(json);
            self.run(Mode::Write, &[META], async |t| {
                t.put(META, value, Some(DEVICE))
            })
            .await
        })
    }
}

/// Saves under the number that is expected to be the next: written together with the questions whether
/// it is, so that nothing is waited for in between. On a slow tablet each wait is a turn of a busy page.
async fn save_expected(transaction: &Transaction, entry: &StoredEntry) -> Result<(), StorageError> {
    let parked = transaction.key_by_id(PARKED, &entry.id)?;
    let last_seq = transaction.get(META, LAST_SEQ)?;
    transaction.put(META, &schema::number(entry.seq), Some(LAST_SEQ))?;
    // Fails, and undoes all, if the number or the entry is among those that wait.
    transaction.add(ENTRIES, &schema::record(entry, None)?)?;
    let is_parked = !parked.await?.is_undefined();
    if is_parked || schema::read_number(&last_seq.await?) >= entry.seq {
        return Err(error::conflict());
    }
    Ok(())
}

async fn save(transaction: &Transaction, entry: &Entry) -> Result<StoredEntry, StorageError> {
    // All asked before the first wait: one round trip, and the transaction stays active.
    let waiting = transaction.by_id(ENTRIES, &entry.id)?;
    let parked = transaction.by_id(PARKED, &entry.id)?;
    let last_seq = transaction.get(META, LAST_SEQ)?;
    for known in [waiting.await?, parked.await?] {
        if !known.is_undefined() {
            return schema::read_entry(&known);
        }
    }
    let seq = schema::read_number(&last_seq.await?).max(entry.seq) + 1;
    let stored = numbered(entry, seq)?;
    transaction.put(META, &schema::number(seq), Some(LAST_SEQ))?;
    transaction.add(ENTRIES, &schema::record(&stored, None)?)?;
    Ok(stored)
}

/// The entry as it is stored under this number.
fn numbered(entry: &Entry, seq: u64) -> Result<StoredEntry, StorageError> {
    let mut entry = entry.clone();
    entry.seq = seq;
    let json =
        serde_json::to_string(&entry).map_err(|error| schema::damaged(&error.to_string()))?;
    Ok(StoredEntry {
        seq,
        id: entry.id,
        json,
    })
}
