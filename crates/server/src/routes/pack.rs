//! Everything in one ZIP.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::Response,
    routing::get,
};
use kiosk_wire::paths;

use super::{download, query::Query};
use crate::{
    audit::{self, Action},
    auth::people,
    config::team::TeamConfig,
    error::ApiFailure,
    export::{audience::Audience, pack::Contents, pages::Selection, workshop},
    reconciliation::reconcile,
    state::AppState,
    storage::EntryFilter,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::PACK, get(pack))
}

async fn pack(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response<Body>, ApiFailure> {
    let (parts, _) = request.into_parts();
    // Whoever may not see a team's pack is not told whether there is such a team either.
    let asked = Query::value(&parts.uri, "team");
    let session = people::require_organiser_or_team(&state, &parts, asked.as_deref()).await?;
    let query = Query::only(&parts.uri, &["team"])?;
    let audience = match query.team(&state)? {
        Some(id) => {
            let services = state.config.teams.get(&id).map(TeamConfig::services);
            let models = services.into_iter().flatten();
            let models = models.map(|service| service.model.clone()).collect();
            Audience::Team { id, models }
        }
        None => Audience::Organiser,
    };
    let zone = download::zone(&state)?;
    let name = download::name(&state, &audience, &zone, "zip");
    let place = workshop::place().await?;
    let contents = contents(&state, audience, zone).await?;
    let folder = state.config.server.data_dir.clone();
    let file = place.make(folder, move |workshop, file| contents.write(workshop, file));
    let file = file.await?;
    audit::note(&state, &session, Action::FeedbackExport, &name).await?;
    download::whole(&name, "application/zip", file)
}

async fn contents(
    state: &AppState,
    audience: Audience,
    zone: jiff::tz::TimeZone,
) -> Result<Contents, ApiFailure> {
    let filter = EntryFilter::default();
    let selection = Selection::now(state.storage.clone(), filter, audience).await?;
    let found = selection.answer_columns().await?;
    let reconciliation = match selection.audience() {
        Audience::Organiser => Some(reconcile(state.storage.as_ref()).await?),
        Audience::Team { .. } => None,
    };
    let audience = selection.audience().clone();
    Ok(Contents {
        columns: download::columns(state, found, zone.clone(), audience).await?,
        selection,
        reconciliation,
        event: state.content.event.clone(),
        zone,
        retention_days: state.config.privacy.retention_days,
        now: state.clock.now(),
    })
}
