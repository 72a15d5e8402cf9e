//! Downloads of the collected feedback, streamed row by row.

use async_stream::try_stream;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Response, header},
    routing::get,
};
use bytes::Bytes;
use futures_util::Stream;
use jiff::tz::TimeZone;
use kiosk_wire::paths;

use super::query::Query;
use crate::{
    auth::people::{self, Role},
    error::ApiFailure,
    export::{ExportError, Format, Sheet},
    state::AppState,
    storage::{EntryFilter, Page},
};

/// Entries read at once.
const PAGE: u32 = 500;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::EXPORT, get(download))
}

async fn download(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response<Body>, ApiFailure> {
    let (parts, _) = request.into_parts();
    people::require(&state, &parts, &Role::Organiser).await?;
    let query = Query::parse(&parts.uri, &["format"])?;
    let format = match query.get("format") {
        Some("csv") => Format::Csv,
        Some("jsonl") => Format::Jsonl,
        _ => return Err(ApiFailure::invalid("`format` must be csv or jsonl.")),
    };
    let filter = query.filter(&state)?;
    let event = &state.content.event;
    let zone = TimeZone::get(&event.time_zone).map_err(ApiFailure::internal)?;
    let day = state.clock.now().to_zoned_datetime(zone.clone()).date();
    let name = format!("booth-{}-{day}.{}", event.id, format.extension());
    // The last position first: whatever it covers has its columns in what is read afterwards.
    let last = state.storage.newest_position().await?;
    let columns = state.storage.answer_columns().await?;
    let sheet = Sheet::new(format, &event.survey, &columns, zone);
    let mut response = Response::new(Body::from_stream(rows(state, sheet, filter, last)));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.mime()),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(ApiFailure::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// A failure on the way ends the connection early, which every client notices.
fn rows(
    state: AppState,
    sheet: Sheet,
    filter: EntryFilter,
    last: u64,
) -> impl Stream<Item = Result<Bytes, ExportError>> {
    try_stream! {
        yield sheet.head()?;
        let mut position = 0;
        while position < last {
            let page = Page::After { position, last, limit: PAGE };
            let entries = state.storage.entries(&filter, page).await?;
            let Some(end) = entries.last() else { break };
            position = end.position;
            yield sheet.rows(&entries)?;
        }
    }
}
