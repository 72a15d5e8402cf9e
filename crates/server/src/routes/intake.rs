//! The way of entries into the database, whoever brings them.

use jiff::Timestamp;
use kiosk_wire::feedback::{Receipt, ReceiptStatus};
use serde_json::value::RawValue;

use crate::{
    error::ApiFailure,
    feedback::{Judge, Judged},
    state::AppState,
};

/// Judges items of a tablet one by one, stores what is valid, and writes a receipt for each once
/// that is committed.
pub(super) async fn take_in(
    state: &AppState,
    device: &str,
    now: Timestamp,
    items: &[&RawValue],
) -> Result<Vec<Receipt>, ApiFailure> {
    let judged = judge(state, items);
    let mut receipts = Vec::with_capacity(judged.len());
    let mut valid = Vec::new();
    let mut places = Vec::new();
    for (place, item) in judged.into_iter().enumerate() {
        let (status, reason) = match item.entry {
            Ok(entry) => {
                valid.push(entry);
                places.push(place);
                (ReceiptStatus::Stored, None)
            }
            Err(invalid) => (ReceiptStatus::Invalid, Some(invalid.to_string())),
        };
        receipts.push(Receipt {
            id: item.id,
            status,
            sha256: item.sha256,
            reason,
        });
    }
    let outcomes = if valid.is_empty() {
        Vec::new()
    } else {
        state.storage.ingest(device, now, valid).await?
    };
    for (place, outcome) in places.into_iter().zip(outcomes) {
        receipts[place].status = outcome.into();
    }
    Ok(receipts)
}

fn judge(state: &AppState, items: &[&RawValue]) -> Vec<Judged> {
    let judge = Judge {
        teams: state
            .content
            .event
            .teams
            .iter()
            .map(|team| team.id.as_str())
            .collect(),
        hash_key: &state.hash_key,
    };
    items.iter().map(|item| judge.judge(item.get())).collect()
}
