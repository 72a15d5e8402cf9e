//! Tokens of the day: used, and held back for answers that run.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Database, SqlStorage, row, value::values};
use crate::storage::{BudgetStorage, StorageError, TokenHold};

/// No answer uses as many. What a provider claims must not bring a sum of 64 bits to its end.
const MOST_AT_ONCE: u64 = 1 << 40;

#[async_trait]
impl BudgetStorage for SqlStorage {
    async fn hold_tokens(
        &self,
        hold: TokenHold,
        limit: u64,
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        self.writer
            .run(move |database| self::hold(database, &hold, limit, now))
            .await
    }

    async fn settle_tokens(&self, hold: &TokenHold, used: u64) -> Result<(), StorageError> {
        let hold = hold.clone();
        self.writer
            .run(move |database| settle(database, &hold, used))
            .await
    }

    async fn tokens_of_day(&self, day: &str) -> Result<BTreeMap<String, u64>, StorageError> {
        let day = day.to_owned();
        self.readers
            .run(move |database| of_day(database, &day))
            .await
    }
}

fn hold(
    database: &dyn Database,
    hold: &TokenHold,
    limit: u64,
    now: Timestamp,
) -> Result<bool, StorageError> {
    database.execute(
        "DELETE FROM token_holds WHERE expires_ms <= ?1",
        values![now.as_millisecond()],
    )?;
    let rows = database.execute(
        "INSERT INTO token_holds (id, team, day, tokens, expires_ms)
             SELECT ?1, ?2, ?3, CAST(?4 AS BIGINT), CAST(?5 AS BIGINT)
             WHERE CAST(?6 AS BIGINT) > (
                 SELECT COALESCE(SUM(tokens), 0) FROM (
                     SELECT tokens FROM token_usage WHERE team = ?2 AND day = ?3
                     UNION ALL SELECT tokens FROM token_holds WHERE team = ?2 AND day = ?3
                 ) AS taken
             )",
        values![
            hold.id,
            hold.team,
            hold.day,
            sane(hold.tokens),
            hold.expires_at.as_millisecond(),
            row::stored(limit)
        ],
    )?;
    Ok(rows > 0)
}

fn settle(database: &dyn Database, hold: &TokenHold, used: u64) -> Result<(), StorageError> {
    database.execute("DELETE FROM token_holds WHERE id = ?1", values![hold.id])?;
    if used == 0 {
        return Ok(());
    }
    database.execute(
        "INSERT INTO token_usage (team, day, tokens) VALUES (?1, ?2, ?3)
             ON CONFLICT (team, day) DO UPDATE SET tokens = token_usage.tokens + excluded.tokens",
        values![hold.team, hold.day, sane(used)],
    )?;
    Ok(())
}

fn of_day(database: &dyn Database, day: &str) -> Result<BTreeMap<String, u64>, StorageError> {
    let rows = database.query(
        "SELECT team, tokens FROM token_usage WHERE day = ?1",
        values![day],
    )?;
    rows.into_iter()
        .map(|mut row| Ok((row.text(0)?, row::count(row.number(1)?)?)))
        .collect()
}

fn sane(tokens: u64) -> i64 {
    row::stored(tokens.min(MOST_AT_ONCE))
}
