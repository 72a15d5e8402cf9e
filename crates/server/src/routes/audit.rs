//! The audit, for organisers.

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::get,
};
use kiosk_wire::{
    console::{AuditItem, AuditPage},
    paths,
};

use super::query::Query;
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    state::AppState,
    storage::AuditRecord,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::AUDIT, get(list))
}

async fn list(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    let query = Query::parse_page(&parts.uri)?;
    let limit = query.limit()?;
    // One more than asked for tells whether there is a next page.
    let mut lines = state.storage.audit(query.cursor()?, limit + 1).await?;
    let more = lines.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        lines.pop();
    }
    let next_cursor = lines
        .last()
        .filter(|_| more)
        .map(|last| last.position.to_string());
    let items = lines.into_iter().map(|line| item(line.record)).collect();
    Ok(Json(AuditPage { items, next_cursor }))
}

fn item(record: AuditRecord) -> AuditItem {
    AuditItem {
        at: record.at.to_string(),
        who: record.who,
        action: record.action,
        target: record.target,
    }
}
