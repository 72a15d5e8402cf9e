//! Downloads of the collected feedback: CSV and JSON lines row by row, a workbook once it is made.

use std::sync::Arc;

use async_stream::try_stream;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::Response,
    routing::get,
};
use bytes::Bytes;
use futures_util::Stream;
use kiosk_wire::paths;

use super::{download, query::Query};
use crate::{
    audit::{self, Action},
    auth::people::{self, Role},
    error::ApiFailure,
    export::{
        ExportError, Format, Lines, audience::Audience, pages::Pages, pages::Selection, workshop,
        xlsx,
    },
    state::AppState,
};

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::EXPORT, get(export))
}

async fn export(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response<Body>, ApiFailure> {
    let (parts, _) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Organiser).await?;
    let query = Query::parse(&parts.uri, &["format"])?;
    let format = query
        .get("format")
        .and_then(Format::named)
        .ok_or_else(|| ApiFailure::invalid("`format` must be csv, xlsx or jsonl."))?;
    let filter = query.filter(&state)?;
    let zone = download::zone(&state)?;
    let audience = Audience::Organiser;
    let name = download::name(&state, &audience, &zone, format.extension());
    let place = workshop::place().await?;
    // The selection first: whatever it covers has its columns in what is read afterwards.
    let selection = Selection::now(state.storage.clone(), filter, audience).await?;
    let columns = async {
        let (found, audience) = (selection.answer_columns().await?, selection.audience());
        download::columns(&state, found, zone, audience.clone()).await
    };
    let lines = match format {
        Format::Csv => Lines::Csv(columns.await?),
        Format::Jsonl => Lines::Jsonl(selection.audience().clone()),
        Format::Xlsx => {
            let columns = columns.await?;
            let now = state.clock.now();
            let folder = state.config.server.data_dir.clone();
            let file = place.make(folder, move |workshop, file| {
                xlsx::write(workshop, &columns, &selection, now, file)
            });
            let file = file.await?;
            audit::note(&state, &session, Action::FeedbackExport, &name).await?;
            return download::whole(&name, format.mime(), file);
        }
    };
    audit::note(&state, &session, Action::FeedbackExport, &name).await?;
    let body = Body::from_stream(rows(lines, selection.pages()));
    download::attachment(&name, format.mime(), body)
}

/// A failure on the way ends the connection early, which every client notices.
fn rows(lines: Lines, mut pages: Pages) -> impl Stream<Item = Result<Bytes, ExportError>> {
    let lines = Arc::new(lines);
    try_stream! {
        yield lines.head()?;
        let mut page = pages.next().await?;
        while let Some(entries) = page {
            let lines = Arc::clone(&lines);
            let made = workshop::aside(move || lines.rows(&entries));
            // The next page is read while this one is written.
            let (made, following) = tokio::join!(made, pages.next());
            yield made??;
            page = following?;
        }
    }
}
