//! Feedback: taken in from tablets, listed for organisers.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::{
    console::FeedbackPage,
    feedback::{MAX_BATCH_BYTES, MAX_ITEMS, Receipts},
    paths,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{body, intake, query::Query};
use crate::{
    auth::{
        device,
        people::{self, Role},
    },
    error::ApiFailure,
    export::jsonl,
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
    let receipts = intake::take_in(&state, &device.0, now, &batch.items).await?;
    Ok(Json(Receipts {
        now: now.to_string(),
        receipts,
    }))
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
    let items = entries.iter().map(jsonl::object).collect::<Result<_, _>>();
    let items = items.map_err(ApiFailure::internal)?;
    Ok(Json(FeedbackPage { items, next_cursor }))
}
