//! What a path names, taken as it came so that whoever asks is looked at first.

use axum::extract::{Path, rejection::PathRejection};

use crate::error::ApiFailure;

/// The name in a path of one name, for a handler that refuses what is not text by itself: left to
/// the router, it would be refused before anybody signed in, and not as a problem document.
pub(super) type Named = Result<Path<String>, PathRejection>;

/// Nothing of the fleet has the name.
pub(super) fn no_such_device() -> ApiFailure {
    ApiFailure::not_found("There is no such device.")
}

/// The name; nothing here has one that is not UTF-8.
pub(super) fn name(named: Named) -> Option<String> {
    named.ok().map(|Path(name)| name)
}
