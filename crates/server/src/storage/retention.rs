//! Entries whose time is over.
//!
//! Owns: the vocabulary of erasing them and the part of the port that does it.
//! Must not own: SQL, or when that is.
//! Invariant: what arrived later than the plan says stays.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StorageError;

/// What is going to be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasurePlan {
    /// Not before this time.
    pub at: Timestamp,
    /// What arrived before this time.
    pub before: Timestamp,
}

/// The part of the database that forgets.
#[async_trait]
pub trait RetentionStorage: Send + Sync {
    /// The plan that was made last.
    async fn erasure_plan(&self) -> Result<Option<ErasurePlan>, StorageError>;

    /// Replaces the plan.
    async fn put_erasure_plan(&self, plan: Option<ErasurePlan>) -> Result<(), StorageError>;

    /// How many entries arrived before this time.
    async fn arrived_before(&self, before: Timestamp) -> Result<u64, StorageError>;

    /// Erases at most this many entries that arrived before a time, and the conflicts that did; answers
    /// how many entries. Their numbers are not missing; later arrivals of the same visits are kept.
    async fn expire(&self, before: Timestamp, most: u32) -> Result<u64, StorageError>;
}
