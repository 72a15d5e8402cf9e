//! Tokens that teams' models use in a day.
//!
//! Owns: the vocabulary of holding tokens back and counting them, and the part of the port that does it.
//! Must not own: SQL, how many tokens an answer may need, or what happens when a day has none left.
//! Invariant: tokens are held back only while the day has some left, whoever else asks at that moment;
//! what nobody settles is free again after its time.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::StorageError;

/// Tokens that a running answer may need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenHold {
    /// Unique, also among servers.
    pub id: String,
    /// Whose model answers.
    pub team: String,
    /// `YYYY-MM-DD` in the event's zone.
    pub day: String,
    /// At most how many it is going to use.
    pub tokens: u64,
    /// When a server that is still there has settled it: held longer, it would be in the way of
    /// others after a crash.
    pub expires_at: Timestamp,
}

/// The part of the database that counts tokens.
#[async_trait]
pub trait BudgetStorage: Send + Sync {
    /// Holds tokens back if fewer than `limit` of the team's day are used or held back.
    async fn hold_tokens(
        &self,
        hold: TokenHold,
        limit: u64,
        now: Timestamp,
    ) -> Result<bool, StorageError>;

    /// Counts what was used in the end, and holds nothing back any more. A hold that was refused, was
    /// never asked for or is over is no error: the tokens count all the same.
    async fn settle_tokens(&self, hold: &TokenHold, used: u64) -> Result<(), StorageError>;

    /// What each team's model has used on this day, without what is held back.
    async fn tokens_of_day(&self, day: &str) -> Result<BTreeMap<String, u64>, StorageError>;
}
