//! A tablet's rescue file, brought in by an organiser.

use std::fmt;

use axum::{
    Json, Router,
    extract::{Request, State},
    response::IntoResponse,
    routing::post,
};
use kiosk_wire::{
    device::MAX_DEVICE_NAME_CHARS,
    error::ApiErrorCode,
    feedback::{MAX_ITEMS, MAX_SAFE_INTEGER, Receipts},
    id, paths,
    rescue::{FORMAT, VERSION},
};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{body, intake, query::Query};
use crate::{
    audit::{self, Action},
    auth::people::{self, Role},
    error::ApiFailure,
    number,
    state::AppState,
    storage::RescuedDevice,
};

/// Far more than a tablet can hold in a day.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Each has a receipt in the answer, however short it is.
const MOST_ENTRIES: usize = 10_000;

/// What every version of the file tells.
#[derive(Deserialize)]
struct Head {
    format: String,
    #[serde(deserialize_with = "number::read")]
    version: u64,
}

/// A rescue file whose items are read one by one, so that an unreadable one stands alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRescue<'a> {
    #[expect(dead_code, reason = "read as part of the head")]
    format: String,
    #[expect(dead_code, reason = "read as part of the head")]
    #[serde(deserialize_with = "number::read")]
    version: u64,
    device_id: String,
    name: String,
    #[expect(dead_code, reason = "part of the shape, not needed")]
    saved_at: String,
    #[serde(deserialize_with = "number::read")]
    last_seq: u64,
    #[serde(borrow)]
    items: Entries<&'a RawValue>,
    #[serde(borrow, default)]
    parked: Entries<RawParked<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParked<'a> {
    #[serde(borrow)]
    item: &'a RawValue,
    #[expect(dead_code, reason = "the item is judged anew")]
    reason: String,
}

/// A list of which no more is kept than it takes to see that it is too long.
struct Entries<T>(Vec<T>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Keep(Vec::new()))
    }
}

struct Keep<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Keep<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Self(mut kept) = self;
        while kept.len() <= MOST_ENTRIES
            && let Some(entry) = list.next_element()?
        {
            kept.push(entry);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Entries(kept))
    }
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(paths::IMPORT, post(import))
}

async fn import(
    State(state): State<AppState>,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Organiser).await?;
    Query::only(&parts.uri, &[])?;
    let bytes = body::bytes(raw, MOST_BYTES).await?;
    let file = read(&bytes)?;
    audit::note(&state, &session, Action::FeedbackImport, &file.device_id).await?;
    let now = state.clock.now();
    let device = RescuedDevice {
        id: file.device_id.clone(),
        name: name(&file),
        announced: file.last_seq,
    };
    state.storage.record_rescued(device, now).await?;
    let parked = file.parked.0.iter().map(|parked| parked.item);
    let items: Vec<&RawValue> = file.items.0.iter().copied().chain(parked).collect();
    let mut receipts = Vec::with_capacity(items.len());
    for batch in items.chunks(MAX_ITEMS) {
        receipts.extend(intake::take_in(&state, &file.device_id, now, batch).await?);
    }
    Ok(Json(Receipts {
        now: now.to_string(),
        receipts,
    }))
}

fn read(bytes: &[u8]) -> Result<RawRescue<'_>, ApiFailure> {
    let head: Head = serde_json::from_slice(bytes).map_err(|_| none_of_ours())?;
    if head.format != FORMAT {
        return Err(none_of_ours());
    }
    if head.version > VERSION.into() {
        return Err(ApiFailure::invalid(
            "A newer app saved this file; update the server and choose the file again.",
        ));
    }
    let file: RawRescue<'_> = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    if !id::is_uuid(&file.device_id) {
        return Err(damaged(&"device_id is no lower-case UUID"));
    }
    if file.last_seq > MAX_SAFE_INTEGER {
        return Err(damaged(&"last_seq is above 2^53 - 1"));
    }
    if file.items.0.len() + file.parked.0.len() > MOST_ENTRIES {
        let most = format!(
            "This rescue file holds more than {MOST_ENTRIES} entries; divide its `items` and \
             `parked` among several files and bring in each."
        );
        return Err(ApiFailure::new(ApiErrorCode::TooLarge, most));
    }
    Ok(file)
}

fn none_of_ours() -> ApiFailure {
    ApiFailure::invalid(
        "This is not a rescue file; choose the file that was saved in the staff panel of a tablet.",
    )
}

fn damaged(cause: &dyn std::fmt::Display) -> ApiFailure {
    ApiFailure::invalid(format!(
        "This rescue file is damaged; save it again in the staff panel of the tablet: {cause}."
    ))
}

/// The name a tablet gets that is not known here.
fn name(file: &RawRescue<'_>) -> String {
    let name: String = file
        .name
        .trim()
        .chars()
        .take(MAX_DEVICE_NAME_CHARS)
        .collect();
    if name.is_empty() {
        file.device_id.clone()
    } else {
        name
    }
}
