//! Answers that a browser saves as a file.

use std::{fs::File, io::Read, sync::Arc};

use async_stream::try_stream;
use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
};
use bytes::Bytes;
use futures_util::Stream;
use jiff::tz::TimeZone;

use crate::{
    error::ApiFailure,
    export::{Columns, ExportError, audience::Audience, workshop},
    state::AppState,
    storage::AnswerColumns,
};

/// Bytes of a file read at once.
const CHUNK: u64 = 256 * 1024;

impl From<ExportError> for ApiFailure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Storage(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

/// The event's time zone.
pub(super) fn zone(state: &AppState) -> Result<TimeZone, ApiFailure> {
    TimeZone::get(&state.content.event.time_zone).map_err(ApiFailure::internal)
}

/// The columns for these readers, made off the async threads: there may be thousands.
pub(super) async fn columns(
    state: &AppState,
    found: AnswerColumns,
    zone: TimeZone,
    audience: Audience,
) -> Result<Columns, ApiFailure> {
    let content = Arc::clone(&state.content);
    let made = workshop::aside(move || Columns::new(&content.event, &found, zone, &audience));
    Ok(made.await?)
}

/// A file name that tells event, team and day.
pub(super) fn name(state: &AppState, audience: &Audience, zone: &TimeZone, ending: &str) -> String {
    let day = state.clock.now().to_zoned_datetime(zone.clone()).date();
    let event = &state.content.event.id;
    match audience.team() {
        Some(team) => format!("booth-{event}-{team}-{day}.{ending}"),
        None => format!("booth-{event}-{day}.{ending}"),
    }
}

/// An answer to be saved under this name.
pub(super) fn attachment(name: &str, mime: &str, body: Body) -> Result<Response<Body>, ApiFailure> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    let disposition = format!("attachment; filename=\"{name}\"");
    for (header, value) in [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ] {
        let value = HeaderValue::from_str(value).map_err(ApiFailure::internal)?;
        headers.insert(header, value);
    }
    Ok(response)
}

/// A file that is ready, with its length, so that a broken download is seen as one.
pub(super) fn whole(name: &str, mime: &str, file: File) -> Result<Response<Body>, ApiFailure> {
    let length = file.metadata().map_err(ApiFailure::internal)?.len();
    let mut response = attachment(name, mime, Body::from_stream(chunks(file)))?;
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

fn chunks(mut file: File) -> impl Stream<Item = Result<Bytes, ExportError>> {
    try_stream! {
        loop {
            let read = tokio::task::spawn_blocking(move || {
                let mut chunk = Vec::new();
                let outcome = (&file).take(CHUNK).read_to_end(&mut chunk);
                (file, outcome.map(|_| chunk))
            });
            let (back, chunk) = read.await.map_err(|_| ExportError::Abandoned)?;
            let chunk = chunk?;
            if chunk.is_empty() {
                break;
            }
            yield Bytes::from(chunk);
            file = back;
        }
    }
}
