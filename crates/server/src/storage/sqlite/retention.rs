//! Entries whose time is over.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{SqliteStorage, credentials, row};
use crate::storage::{ErasurePlan, RetentionStorage, StorageError};

/// Of the plan: two times in milliseconds.
const PLAN: &str = "erasure_plan";

#[async_trait]
impl RetentionStorage for SqliteStorage {
    async fn erasure_plan(&self) -> Result<Option<ErasurePlan>, StorageError> {
        self.readers
            .run(|connection| {
                let kept = credentials::setting(connection, PLAN)?;
                kept.filter(|plan| !plan.is_empty())
                    .map(|plan| read(&plan))
                    .transpose()
            })
            .await
    }

    async fn put_erasure_plan(&self, plan: Option<ErasurePlan>) -> Result<(), StorageError> {
        let kept = plan.map_or_else(String::new, |plan| {
            let [at, before] = [plan.at, plan.before].map(Timestamp::as_millisecond);
            format!("{at} {before}")
        });
        self.writer
            .run(move |connection| credentials::put_setting(connection, PLAN, &kept))
            .await
    }

    async fn arrived_before(&self, before: Timestamp) -> Result<u64, StorageError> {
        self.readers
            .run(move |connection| arrived_before(connection, before))
            .await
    }

    async fn expire(&self, before: Timestamp, most: u32) -> Result<u64, StorageError> {
        let log = Arc::clone(&self.log);
        let gone = self
            .writer
            .run(move |connection| {
                let gone = expire(connection, before, most)?;
                if gone > 0 {
                    log.must_be_emptied();
                }
                Ok(gone)
            })
            .await?;
        self.empty_log_later();
        Ok(gone)
    }
}

fn read(plan: &str) -> Result<ErasurePlan, StorageError> {
    let time = |text: &str| row::time(text.parse().ok()?).ok();
    let read = || {
        let (at, before) = plan.split_once(' ')?;
        Some(ErasurePlan {
            at: time(at)?,
            before: time(before)?,
        })
    };
    read().ok_or_else(|| StorageError::Unreadable(format!("{PLAN}: {plan}")))
}

fn arrived_before(connection: &Connection, before: Timestamp) -> Result<u64, StorageError> {
    let count = connection
        .prepare_cached("SELECT count(*) FROM entries WHERE received_ms < ?1")?
        .query_row([before.as_millisecond()], |row| row.get(0))?;
    row::count(count)
}

fn expire(connection: &Connection, before: Timestamp, most: u32) -> Result<u64, StorageError> {
    let before = before.as_millisecond();
    connection
        .prepare_cached(
            "INSERT INTO erased_numbers (device_id, seq)
             SELECT device_id, seq FROM (
                 SELECT device_id, seq FROM entries WHERE received_ms < ?1
                 ORDER BY received_ms, position LIMIT ?2
             )
             UNION SELECT device_id, seq FROM conflicts WHERE received_ms < ?1
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![before, most])?;
    connection
        .prepare_cached("DELETE FROM conflicts WHERE received_ms < ?1")?
        .execute([before])?;
    let gone = connection
        .prepare_cached(
            "DELETE FROM entries WHERE position IN (
                 SELECT position FROM entries WHERE received_ms < ?1
                 ORDER BY received_ms, position LIMIT ?2
             )",
        )?
        .execute(params![before, most])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}
