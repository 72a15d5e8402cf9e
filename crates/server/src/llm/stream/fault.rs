//! Why a provider's answer cannot be read on, and how its own reports of failures are sorted.

use serde_json::Value;

/// Why a provider's bytes cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamFault {
    /// A web page, broken JSON, something else.
    #[error("the answer is not in the expected shape")]
    Unreadable,
    /// It ended in the middle.
    #[error("the answer was cut off")]
    CutOff,
    /// The provider says that it limits us.
    #[error("the service reports a rate limit inside the answer")]
    RateLimited,
    /// The provider says that we are at fault.
    #[error("the service reports a refusal inside the answer")]
    Refused,
    /// The provider says that it failed.
    #[error("the service reports a failure inside the answer")]
    Failed,
    /// The provider's own filter does not let the answer pass.
    #[error("the service's filter stopped the answer")]
    Filtered,
}

/// What an object says of the failure it reports. Of an answer that stands beside it nothing is taken.
pub(super) fn report(object: &Value) -> Option<String> {
    reported(object)?;
    let error = object.get("error").filter(|error| !error.is_null());
    Some(error.unwrap_or(object).to_string())
}

/// What an object reports instead of an answer, if it does. Errors stand under `error`, or are the whole
/// object: vLLM's older ones say `"object":"error"`, and those of `FastAPI` only have a `detail`.
pub(super) fn reported(object: &Value) -> Option<StreamFault> {
    if let Some(error) = object.get("error").filter(|error| !error.is_null()) {
        return Some(sorted(error));
    }
    let is_error = object["object"] == "error" || object["type"] == "error";
    let has_no_answer = object.get("choices").is_none() && object.get("usage").is_none();
    let tells = ["detail", "message", "errorCode", "status"];
    let tells_something = tells.iter().any(|field| object.get(field).is_some());
    (is_error || (has_no_answer && tells_something)).then(|| sorted(object))
}

/// Sorts an error object by its numbers and names; its message is not looked at.
pub(super) fn sorted(error: &Value) -> StreamFault {
    let inner = ["error", "status"]
        .into_iter()
        .find_map(|key| error.get(key));
    let error = inner.filter(|inner| inner.is_object()).unwrap_or(error);
    let given = [&error["code"], &error["type"], &error["errorCode"]];
    let names = given.map(|name| name.as_str().unwrap_or_default().to_ascii_lowercase());
    let is_named = |words: &[&str]| {
        let mut names = names.iter();
        names.any(|name| words.iter().any(|word| name.contains(word)))
    };
    // CLOVA Studio has a number for it, which else looks like a fault of ours.
    if is_named(&["content_filter", "content_policy", "40005"]) {
        return StreamFault::Filtered;
    }
    let numbers = [&error["code"], &error["status"], &error["statusCode"]];
    match numbers.into_iter().find_map(http_status) {
        Some(429) => StreamFault::RateLimited,
        Some(400..=499) => StreamFault::Refused,
        Some(500..=599) => StreamFault::Failed,
        _ if is_named(&["rate_limit", "ratelimit", "throttl", "quota", "too_many"]) => {
            StreamFault::RateLimited
        }
        _ if is_named(&["invalid", "authentication", "permission", "badrequest"]) => {
            StreamFault::Refused
        }
        _ => StreamFault::Failed,
    }
}

/// A status of HTTP, which some providers write as text or continue: CLOVA Studio's 42901 is a 429.
fn http_status(code: &Value) -> Option<u64> {
    let number = code
        .as_u64()
        .or_else(|| code.as_str().and_then(|code| code.parse().ok()))?;
    Some(if (10_000..=99_999).contains(&number) {
        number / 100
    } else {
        number
    })
}
