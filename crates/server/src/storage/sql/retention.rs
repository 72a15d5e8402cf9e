//! Entries whose time is over.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    Database, SqlStorage, credentials, index, review, row,
    value::{first, values},
};
use crate::storage::{ErasurePlan, RetentionStorage, StorageError};

/// Of what arrived before `?1`, the `?2` oldest.
const OLDEST: &str = "position IN (
    SELECT position FROM entries WHERE received_ms < ?1 ORDER BY received_ms, position LIMIT ?2
)";
/// Of the plan: two times in milliseconds.
const PLAN: &str = "erasure_plan";

#[async_trait]
impl RetentionStorage for SqlStorage {
    async fn erasure_plan(&self) -> Result<Option<ErasurePlan>, StorageError> {
        self.readers
            .run(|database| {
                let kept = credentials::setting(database, PLAN)?;
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
            .run(move |database| credentials::put_setting(database, PLAN, &kept))
            .await
    }

    async fn arrived_before(&self, before: Timestamp) -> Result<u64, StorageError> {
        self.readers
            .run(move |database| arrived_before(database, before))
            .await
    }

    async fn expire(&self, before: Timestamp, most: u32) -> Result<u64, StorageError> {
        let gone = self
            .writer
            .run(move |database| {
                let gone = expire(database, before, most)?;
                if gone > 0 {
                    review::count_erasure(database)?;
                    database.must_leave_no_trace();
                }
                Ok(gone)
            })
            .await?;
        self.leave_no_trace_later();
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

fn arrived_before(database: &dyn Database, before: Timestamp) -> Result<u64, StorageError> {
    let rows = database.query(
        "SELECT count(*) FROM entries WHERE received_ms < ?1",
        values![before.as_millisecond()],
    )?;
    row::count(first(rows, |row| row.number(0))?.unwrap_or(0))
}

fn expire(database: &dyn Database, before: Timestamp, most: u32) -> Result<u64, StorageError> {
    let before = before.as_millisecond();
    database.execute(
        "INSERT INTO erased_numbers (device_id, seq)
             SELECT device_id, seq FROM (
                 SELECT device_id, seq FROM entries WHERE received_ms < ?1
                 ORDER BY received_ms, position LIMIT ?2
             ) AS oldest
             UNION SELECT device_id, seq FROM conflicts WHERE received_ms < ?1
             ON CONFLICT DO NOTHING",
        values![before, most],
    )?;
    database.execute(
        "DELETE FROM conflicts WHERE received_ms < ?1",
        values![before],
    )?;
    index::forget(database, OLDEST, values![before, most])?;
    database.execute(
        &format!("DELETE FROM entries WHERE {OLDEST}"),
        values![before, most],
    )
}
