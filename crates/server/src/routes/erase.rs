//! Erasing what one visitor left, by the receipt they were shown.

use axum::{
    Router,
    extract::{Request, State},
    http::StatusCode,
    routing::delete,
};
use kiosk_wire::{paths, receipt};

use super::{
    place::{self, Named},
    query::Query,
};
use crate::{
    audit::{self, Action},
    auth::people::{self, Role},
    error::ApiFailure,
    state::AppState,
    storage::Erased,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(&paths::erase("{receipt}"), delete(erase))
}

async fn erase(
    State(state): State<AppState>,
    written: Named,
    request: Request,
) -> Result<StatusCode, ApiFailure> {
    let (parts, _) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Organiser).await?;
    let query = Query::only(&parts.uri, &["remember"])?;
    let remember = query.flag("remember")?;
    let receipt = place::name(written)
        .and_then(|written| receipt::normalize(&written))
        .ok_or_else(|| {
            ApiFailure::invalid("A receipt has ten letters and digits, such as K7QF2-MDX4P.")
        })?;
    let audit = audit::record(&state, &session, Action::FeedbackErase, &receipt);
    let erased = state
        .storage
        .erase_visit(&receipt, state.clock.now(), remember, audit)
        .await?;
    match erased {
        Erased::Gone => Ok(StatusCode::NO_CONTENT),
        Erased::NoneHere if remember => Ok(StatusCode::ACCEPTED),
        Erased::NoneHere => Err(ApiFailure::not_found(
            "No entry has this receipt; with remember=true it is erased when it arrives.",
        )),
    }
}
