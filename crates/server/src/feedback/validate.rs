//! The rules an entry must keep.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use kiosk_wire::{
    feedback::{
        Consent, Entry, Kind, MAX_ANSWERS, MAX_COMMENT_CHARS, MAX_CONVERSATION_BYTES, MAX_MODELS,
        MAX_NAME_CHARS, MAX_SAFE_INTEGER, MAX_TAGS, MAX_TEXT_CHARS, is_name,
    },
    id,
};
use serde_json::Value;

use super::rfc3339;

/// What a fact error can be about.
const CATEGORIES: [&str; 4] = ["basic", "science", "law", "statistics"];

/// Why an item is not taken; the tablet keeps it and shows this to staff.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// No JSON value can be made of it.
    #[error("the item is not readable JSON: {0}")]
    Unreadable(String),
    /// A field is unknown, missing or of another type.
    #[error("{0}")]
    Shape(String),
    /// A number is not a whole one, or too large.
    #[error("every number must be an integer of at most 2^53 - 1")]
    Number,
    /// A list stands where an object belongs.
    #[error("{0} must be an object")]
    NoObject(&'static str),
    /// `id` is not of its form.
    #[error("id must be a lower-case UUID of version 7")]
    Id,
    /// `visit_id` is not of its form.
    #[error("visit_id must be a lower-case UUID of version 4")]
    VisitId,
    /// `seq` is 0.
    #[error("seq must be at least 1")]
    Seq,
    /// `created_at` is not of its form.
    #[error("created_at must be an RFC 3339 time with an offset")]
    CreatedAt,
    /// A team that the event does not have.
    #[error("the event has no team `{0}`")]
    UnknownTeam(String),
    /// The kind asks for something that is not there.
    #[error("an entry of this kind needs {0}")]
    Needs(&'static str),
    /// A field that this kind does not have.
    #[error("an entry of this kind has no {0}")]
    HasNo(&'static str),
    /// Text beyond what the visitor allowed.
    #[error("{0} needs the consent of that name")]
    BeyondConsent(&'static str),
    /// Text of somebody who may be a child.
    #[error("text needs age_14_or_over")]
    Age,
    /// A sentence where a name belongs.
    #[error("{0} must have at most {MAX_NAME_CHARS} characters, none of them a control character")]
    Name(&'static str),
    /// Something is longer than allowed.
    #[error("{what} is limited to {most}")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// The limit, in the unit it is counted in.
        most: usize,
    },
}

/// Checks the entry; answers when it was made, by the tablet's clock.
pub(super) fn validate(entry: &Entry, teams: &BTreeSet<&str>) -> Result<Timestamp, Invalid> {
    check_ids(entry)?;
    let created_at = rfc3339(&entry.created_at).ok_or(Invalid::CreatedAt)?;
    check_teams(entry, teams)?;
    check_kind(entry)?;
    check_consent(entry)?;
    check_lengths(entry)?;
    check_names(entry)?;
    Ok(created_at)
}

/// Checks every number and text of an item, whatever field it stands in.
pub(super) fn check_scalars(value: &Value) -> Result<(), Invalid> {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(n) if n <= MAX_SAFE_INTEGER => Ok(()),
            _ => Err(Invalid::Number),
        },
        Value::String(text) => at_most("a text", text.chars().count(), MAX_TEXT_CHARS),
        Value::Array(values) => values.iter().try_for_each(check_scalars),
        Value::Object(fields) => fields.values().try_for_each(check_scalars),
        Value::Null | Value::Bool(_) => Ok(()),
    }
}

/// Lists would be read as objects, field by field in order, and masking finds texts by their names.
pub(super) fn check_objects(item: &Value) -> Result<(), Invalid> {
    let listed = |name: &&str| item.get(*name).is_some_and(Value::is_array);
    if let Some(name) = ["served", "exchange", "outcome"].into_iter().find(listed) {
        return Err(Invalid::NoObject(name));
    }
    let turns = item.get("conversation").and_then(Value::as_array);
    if turns.into_iter().flatten().all(Value::is_object) {
        Ok(())
    } else {
        Err(Invalid::NoObject("a turn"))
    }
}

fn check_ids(entry: &Entry) -> Result<(), Invalid> {
    let of_version = |uuid: &str, version: u8| {
        id::uuid_bytes(uuid).is_some_and(|b| b[6] >> 4 == version && b[8] >> 6 == 0b10)
    };
    if !of_version(&entry.id, 7) {
        return Err(Invalid::Id);
    }
    if !of_version(&entry.visit_id, 4) {
        return Err(Invalid::VisitId);
    }
    if entry.seq == 0 {
        Err(Invalid::Seq)
    } else {
        Ok(())
    }
}

fn check_teams(entry: &Entry, teams: &BTreeSet<&str>) -> Result<(), Invalid> {
    let exchange = entry
        .exchange
        .iter()
        .filter_map(|exchange| exchange.team.as_ref());
    let turns = entry
        .conversation
        .iter()
        .flatten()
        .filter_map(|turn| turn.team.as_ref());
    let visited = entry.outcome.iter().flat_map(|outcome| &outcome.teams);
    let unknown = entry
        .team
        .iter()
        .chain(exchange)
        .chain(turns)
        .chain(visited)
        .find(|team| !teams.contains(team.as_str()));
    unknown.map_or(Ok(()), |team| Err(Invalid::UnknownTeam(team.clone())))
}

fn check_kind(entry: &Entry) -> Result<(), Invalid> {
    match entry.kind {
        Kind::Visit if entry.rating.is_none() => return Err(Invalid::Needs("a rating")),
        Kind::Answer if entry.thumb.is_none() => return Err(Invalid::Needs("a thumb")),
        Kind::Answer if entry.consent != Consent::Rating => {
            return Err(Invalid::Needs("the consent rating"));
        }
        Kind::FactError if !has_category(entry) => {
            return Err(Invalid::Needs(
                "answers.category: basic, science, law or statistics",
            ));
        }
        Kind::FactError if entry.consent != Consent::Excerpt => {
            return Err(Invalid::Needs("the consent excerpt"));
        }
        Kind::Outcome if entry.outcome.is_none() => return Err(Invalid::Needs("an outcome")),
        _ => {}
    }
    if entry
        .rating
        .is_some_and(|rating| !(1..=5).contains(&rating))
    {
        return Err(Invalid::Needs("a rating from 1 to 5"));
    }
    if entry.rating.is_some() && entry.kind != Kind::Visit {
        return Err(Invalid::HasNo("rating"));
    }
    if entry.thumb.is_some() && entry.kind != Kind::Answer {
        return Err(Invalid::HasNo("thumb"));
    }
    if entry.outcome.is_some() && entry.kind != Kind::Outcome {
        return Err(Invalid::HasNo("outcome"));
    }
    Ok(())
}

fn has_category(entry: &Entry) -> bool {
    entry
        .answers
        .get("category")
        .is_some_and(|category| CATEGORIES.contains(&category.as_str()))
}

fn check_consent(entry: &Entry) -> Result<(), Invalid> {
    let turns = entry.conversation.as_deref().unwrap_or_default();
    if entry.exchange.is_some() && entry.consent != Consent::Excerpt {
        return Err(Invalid::BeyondConsent("exchange (excerpt)"));
    }
    if !turns.is_empty() && entry.consent != Consent::Conversation {
        return Err(Invalid::BeyondConsent("conversation"));
    }
    let commented = entry
        .comment
        .as_deref()
        .is_some_and(|comment| !comment.is_empty());
    // What is chosen is a name; anything else was written by somebody.
    let written = !entry.answers.values().all(|answer| is_name(answer));
    let has_text = commented || written || entry.exchange.is_some() || !turns.is_empty();
    if has_text && !entry.age_14_or_over {
        Err(Invalid::Age)
    } else {
        Ok(())
    }
}

fn check_lengths(entry: &Entry) -> Result<(), Invalid> {
    let comment = entry.comment.as_deref().unwrap_or_default();
    at_most(
        "comment (characters)",
        comment.chars().count(),
        MAX_COMMENT_CHARS,
    )?;
    at_most("tags", entry.tags.len(), MAX_TAGS)?;
    at_most("answers", entry.answers.len(), MAX_ANSWERS)?;
    at_most("served.models", entry.served.models.len(), MAX_MODELS)?;
    let turns = entry.conversation.iter().flatten();
    let bytes = turns.map(|turn| turn.text.len()).sum();
    at_most(
        "conversation (bytes of text)",
        bytes,
        MAX_CONVERSATION_BYTES,
    )
}

/// Many of them become headers of columns, and none may carry what somebody wrote.
fn check_names(entry: &Entry) -> Result<(), Invalid> {
    let (exchange, turns) = (entry.exchange.iter(), entry.conversation.iter().flatten());
    let of_exchange = exchange.flat_map(|exchange| {
        [
            ("exchange.request_id", exchange.request_id.as_ref()),
            ("exchange.demo", exchange.demo.as_ref()),
            ("exchange.model", exchange.model.as_ref()),
            ("exchange.finish_reason", exchange.finish_reason.as_ref()),
        ]
    });
    let of_turns = turns.flat_map(|turn| {
        [
            ("request_id of a turn", turn.request_id.as_ref()),
            ("demo of a turn", turn.demo.as_ref()),
            ("model of a turn", turn.model.as_ref()),
        ]
    });
    let of_entry = [
        ("demo", entry.demo.as_ref()),
        ("survey_version", entry.survey_version.as_ref()),
        ("app_build", entry.app_build.as_ref()),
    ];
    let one = of_entry.into_iter().chain(of_exchange).chain(of_turns);
    let tags = entry.tags.iter().map(|tag| ("a tag", tag));
    let keys = entry.answers.keys().map(|key| ("a key of answers", key));
    let models = &entry.served.models;
    let models = models.iter().map(|model| ("a model of served", model));
    let wrong = one
        .filter_map(|(what, name)| Some((what, name?)))
        .chain(tags)
        .chain(keys)
        .chain(models)
        .find(|(_, name)| !is_name(name));
    wrong.map_or(Ok(()), |(what, _)| Err(Invalid::Name(what)))
}

fn at_most(what: &'static str, found: usize, most: usize) -> Result<(), Invalid> {
    if found > most {
        Err(Invalid::TooLong { what, most })
    } else {
        Ok(())
    }
}
