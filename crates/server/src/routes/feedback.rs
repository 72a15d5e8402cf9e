//! Feedback: taken in from tablets, listed for organisers.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::{
    feedback::{MAX_BATCH_BYTES, MAX_ITEMS, Receipt, ReceiptStatus, Receipts},
    paths,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::{body, query::Query};
use crate::{
    auth::{
        device,
        people::{self, Role},
    },
    error::ApiFailure,
    export::jsonl,
    feedback::{Judge, Judged},
    state::AppState,
    storage::Page,
};

/// A batch whose items are read one by one, so that an unreadable one stands alone.
#[derive(Deserialize)]
struct RawBatch<'a> {
    #[expect(dead_code, reason = "part of the shape, not needed")]
    sent_at: String,
    #[serde(borrow)]
    items: Vec<&'a RawValue>,
}

#[derive(Serialize)]
struct Listing {
    items: Vec<Value>,
    next_cursor: Option<String>,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::FEEDBACK, get(list).post(take_in))
}

async fn take_in(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let device = device::require(&state, &parts.headers).await?;
    let bytes = body::bytes(raw, MAX_BATCH_BYTES).await?;
    let batch: RawBatch<'_> = body::parse(&bytes)?;
    if batch.items.len() > MAX_ITEMS {
        return Err(ApiFailure::invalid(format!(
            "Send at most {MAX_ITEMS} items at once."
        )));
    }
    let now = state.clock.now();
    let judged = judge(&state, &batch.items);
    let receipts = keep(&state, &device.0, now, judged).await?;
    Ok(Json(Receipts {
        now: now.to_string(),
        receipts,
    }))
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

/// Stores what is valid and writes the receipts once that is committed.
async fn keep(
    state: &AppState,
    device: &str,
    now: jiff::Timestamp,
    judged: Vec<Judged>,
) -> Result<Vec<Receipt>, ApiFailure> {
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

async fn list(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    let query = Query::parse(&parts.uri, &["limit", "cursor"])?;
    let filter = query.filter(&state)?;
    let limit = query.limit()?;
    // One more than asked for tells whether there is a next page.
    let page = Page::Before {
        position: query.cursor()?,
        limit: limit + 1,
    };
    let mut entries = state.storage.entries(&filter, page).await?;
    let more = entries.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        entries.pop();
    }
    let next_cursor = entries
        .last()
        .filter(|_| more)
        .map(|last| last.position.to_string());
    let items = entries.iter().map(jsonl::object).collect();
    Ok(Json(Listing { items, next_cursor }))
}
