//! Conflicts, rescued tablets, and erasing a visit.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use kiosk_wire::console::ConflictKind;
use rusqlite::{Connection, params};

use super::{
    SqliteStorage, audit,
    log::{Log, RETRY_AFTER},
    row,
    writer::Writer,
};
use crate::storage::{
    AuditRecord, ConflictRecord, Erased, RescuedDevice, ReviewStorage, StorageError,
};

#[async_trait]
impl ReviewStorage for SqliteStorage {
    async fn conflicts(&self) -> Result<Vec<ConflictRecord>, StorageError> {
        self.readers.run(conflicts).await
    }

    async fn record_rescued(
        &self,
        device: RescuedDevice,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |connection| record_rescued(connection, &device, at))
            .await
    }

    async fn erase_visit(
        &self,
        receipt: &str,
        at: Timestamp,
        remember: bool,
        audit: AuditRecord,
    ) -> Result<Erased, StorageError> {
        let receipt = receipt.to_owned();
        let log = Arc::clone(&self.log);
        let erased = self
            .writer
            .run(move |connection| {
                let erased = erase(connection, &receipt, at, remember, &audit)?;
                if erased == Erased::Gone {
                    log.must_be_emptied();
                }
                Ok(erased)
            })
            .await?;
        self.empty_log_later();
        Ok(erased)
    }
}

impl SqliteStorage {
    /// Sees to it that what was erased leaves the log too, though nothing else may be written.
    pub(super) fn empty_log_later(&self) {
        if self.log.holds_erased() {
            tokio::spawn(empty_later(Arc::clone(&self.writer), Arc::clone(&self.log)));
        }
    }
}

/// The log is emptied after commits: where nothing else is written, this makes some.
async fn empty_later(writer: Arc<Writer>, log: Arc<Log>) {
    while log.holds_erased() {
        tokio::time::sleep(RETRY_AFTER).await;
        // Closed, or not to be written now: then the next commit or start sees to it.
        if writer.run(|_| Ok(())).await.is_err() {
            return;
        }
    }
}

/// A conflict's row: device, number, id, arrival, item, whether the id is the same.
type ConflictRow = (String, i64, String, i64, String, bool);

fn conflicts(connection: &Connection) -> Result<Vec<ConflictRecord>, StorageError> {
    // Of entries with the same number, each that arrived after the first is told.
    let mut statement = connection.prepare_cached(
        "SELECT device_id, seq, id, received_ms, item, TRUE FROM conflicts
         UNION ALL
         SELECT later.device_id, later.seq, later.id, later.received_ms, later.item, FALSE
         FROM entries AS later
         WHERE EXISTS (
             SELECT 1 FROM entries AS first
             WHERE first.device_id = later.device_id AND first.seq = later.seq
                 AND first.position < later.position
         )
         ORDER BY 1, 2, 4, 3",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
        ))
    })?;
    rows.map(|row| {
        let (device_id, seq, id, received_ms, item, same_id): ConflictRow = row?;
        Ok(ConflictRecord {
            device_id,
            seq: row::count(seq)?,
            id,
            kind: if same_id {
                ConflictKind::SameId
            } else {
                ConflictKind::SameSeq
            },
            received_at: row::time(received_ms)?,
            item: row::json(&item)?,
        })
    })
    .collect()
}

fn record_rescued(
    connection: &Connection,
    device: &RescuedDevice,
    at: Timestamp,
) -> Result<(), StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO devices (id, name, registered_ms, announced) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET announced = max(announced, excluded.announced)",
        )?
        .execute(params![
            device.id,
            device.name,
            at.as_millisecond(),
            row::stored(device.announced),
        ])?;
    Ok(())
}

fn erase(
    connection: &Connection,
    receipt: &str,
    at: Timestamp,
    remember: bool,
    audit: &AuditRecord,
) -> Result<Erased, StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO erased_numbers (device_id, seq)
             SELECT device_id, seq FROM entries WHERE receipt = ?1
             UNION SELECT device_id, seq FROM conflicts WHERE receipt = ?1
             ON CONFLICT DO NOTHING",
        )?
        .execute([receipt])?;
    let mut gone = 0;
    for sql in [
        "DELETE FROM entries WHERE receipt = ?1",
        "DELETE FROM conflicts WHERE receipt = ?1",
    ] {
        gone += connection.prepare_cached(sql)?.execute([receipt])?;
    }
    if gone > 0 || remember {
        connection
            .prepare_cached(
                "INSERT INTO erased_visits (receipt, erased_ms) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![receipt, at.as_millisecond()])?;
        audit::add(connection, audit)?;
    }
    Ok(if gone > 0 {
        Erased::Gone
    } else {
        Erased::NoneHere
    })
}
