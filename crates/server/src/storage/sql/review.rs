//! Conflicts, rescued tablets, and erasing a visit.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use kiosk_wire::console::ConflictKind;

use super::{
    Database, Ground, Row, SqlStorage, audit, credentials, index, row, value::values,
    writer::Writer,
};
use crate::storage::{
    AuditRecord, ConflictRecord, Erased, RescuedDevice, ReviewStorage, StorageError,
};

/// How long after a try to leave no trace the next one is made.
const RETRY_AFTER: Duration = Duration::from_secs(2);

#[async_trait]
impl ReviewStorage for SqlStorage {
    async fn conflicts(&self) -> Result<Vec<ConflictRecord>, StorageError> {
        self.readers.run(conflicts).await
    }

    async fn record_rescued(
        &self,
        device: RescuedDevice,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        self.writer
            .run(move |database| record_rescued(database, &device, at))
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
        let erased = self
            .writer
            .run(move |database| {
                let erased = erase(database, &receipt, at, remember, &audit)?;
                if erased == Erased::Gone {
                    count_erasure(database)?;
                    database.must_leave_no_trace();
                }
                Ok(erased)
            })
            .await?;
        self.leave_no_trace_later();
        Ok(erased)
    }

    async fn erasures(&self) -> Result<u64, StorageError> {
        self.readers.run(erasures).await
    }
}

/// How often entries were erased.
const ERASURES: &str = "erasures";

fn erasures(database: &dyn Database) -> Result<u64, StorageError> {
    credentials::number(database, ERASURES)
}

pub(super) fn count_erasure(database: &dyn Database) -> Result<(), StorageError> {
    let erasures = erasures(database)?.saturating_add(1);
    credentials::put_setting(database, ERASURES, &erasures.to_string())
}

impl SqlStorage {
    /// Sees to it that what was erased leaves every other place too, though nothing else may be written.
    pub(super) fn leave_no_trace_later(&self) {
        if self.ground.holds_erased() {
            let (writer, ground) = (Arc::clone(&self.writer), Arc::clone(&self.ground));
            tokio::spawn(leave_no_trace(writer, ground));
        }
    }
}

/// That is seen to after commits: where nothing else is written, this makes some.
async fn leave_no_trace(writer: Arc<Writer>, ground: Arc<dyn Ground>) {
    while ground.holds_erased() {
        tokio::time::sleep(RETRY_AFTER).await;
        // Closed, or not to be written now: then the next commit or start sees to it.
        if writer.run(|_| Ok(())).await.is_err() {
            return;
        }
    }
}

fn conflicts(database: &dyn Database) -> Result<Vec<ConflictRecord>, StorageError> {
    // Of entries with the same number, each that arrived after the first is told.
    let rows = database.query(
        "SELECT device_id, seq, id, received_ms, item, CAST(1 AS BIGINT) FROM conflicts
         UNION ALL
         SELECT later.device_id, later.seq, later.id, later.received_ms, later.item, CAST(0 AS BIGINT)
         FROM entries AS later
         WHERE EXISTS (
             SELECT 1 FROM entries AS first
             WHERE first.device_id = later.device_id AND first.seq = later.seq
                 AND first.position < later.position
         )
         ORDER BY 1, 2, 4, 3",
        &[],
    )?;
    rows.into_iter().map(conflict).collect()
}

fn conflict(mut row: Row) -> Result<ConflictRecord, StorageError> {
    let has_same_id = row.number(5)? == 1;
    Ok(ConflictRecord {
        device_id: row.text(0)?,
        seq: row::count(row.number(1)?)?,
        id: row.text(2)?,
        kind: if has_same_id {
            ConflictKind::SameId
        } else {
            ConflictKind::SameSeq
        },
        received_at: row::time(row.number(3)?)?,
        item: row::json(&row.text(4)?)?,
    })
}

fn record_rescued(
    database: &dyn Database,
    device: &RescuedDevice,
    at: Timestamp,
) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO devices (id, name, registered_ms, announced) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET announced =
                 CASE WHEN devices.announced < excluded.announced
                 THEN excluded.announced ELSE devices.announced END",
        values![
            device.id,
            device.name,
            at.as_millisecond(),
            row::stored(device.announced),
        ],
    )?;
    Ok(())
}

fn erase(
    database: &dyn Database,
    receipt: &str,
    at: Timestamp,
    remember: bool,
    audit: &AuditRecord,
) -> Result<Erased, StorageError> {
    database.execute(
        "INSERT INTO erased_numbers (device_id, seq)
             SELECT device_id, seq FROM entries WHERE receipt = ?1
             UNION SELECT device_id, seq FROM conflicts WHERE receipt = ?1
             ON CONFLICT DO NOTHING",
        values![receipt],
    )?;
    index::forget(database, "receipt = ?1", values![receipt])?;
    let mut gone = 0;
    for sql in [
        "DELETE FROM entries WHERE receipt = ?1",
        "DELETE FROM conflicts WHERE receipt = ?1",
    ] {
        gone += database.execute(sql, values![receipt])?;
    }
    if gone > 0 || remember {
        database.execute(
            "INSERT INTO erased_visits (receipt, erased_ms) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING",
            values![receipt, at.as_millisecond()],
        )?;
        audit::add(database, audit)?;
    }
    Ok(if gone > 0 {
        Erased::Gone
    } else {
        Erased::NoneHere
    })
}
