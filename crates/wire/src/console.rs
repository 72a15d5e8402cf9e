//! What staff and organisers read and send: the fleet, people, the audit, and sums of the feedback.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    device::{Heartbeat, TeamStatus},
    event::Text,
};

/// Which secret signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SignInRole {
    /// A PIN: staff and leads.
    Staff,
    /// A password.
    Organiser,
    /// A team's own people.
    Team,
}

/// Body of `POST /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Which secret it is.
    pub role: SignInRole,
    /// Who; absent: `first`, of the first start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(not(target_family = "wasm"), schemars(length(max = 256)))]
    pub name: Option<String>,
    /// PIN or password.
    #[cfg_attr(not(target_family = "wasm"), schemars(length(max = 256)))]
    pub secret: String,
}

/// Answer of `POST` and `GET /api/session`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct WhoAmI {
    /// `staff`, `lead`, `organiser` or `team:{id}`.
    pub role: String,
    /// The name signed in with.
    pub name: String,
    /// When the sign-in ends, RFC 3339.
    pub expires_at: String,
}

/// Answer of `GET /api/devices`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Fleet {
    /// The server's clock, RFC 3339.
    pub now: String,
    /// By name.
    pub devices: Vec<FleetDevice>,
}

/// A tablet as staff see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct FleetDevice {
    /// Lower-case UUID.
    pub device_id: String,
    /// What staff call it.
    pub name: String,
    /// RFC 3339.
    pub registered_at: String,
    /// Whether its token was taken away.
    pub revoked: bool,
    /// The last heartbeat by the server's clock, RFC 3339.
    pub last_seen_at: Option<String>,
    /// Whether three heartbeats are missing.
    pub silent: bool,
    /// The last heartbeat.
    pub heartbeat: Option<Heartbeat>,
    /// The highest sequence number it said to have given out.
    pub announced: u64,
    /// The highest that is stored.
    pub last_seq: u64,
    /// Entries that are stored.
    pub stored: u64,
    /// Entries that came again.
    pub duplicates: u64,
    /// Numbers that never arrived and were not erased; the first 100.
    pub missing: Vec<u64>,
}

/// Answer of `POST /api/pairing-codes`, 201.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct PairingCode {
    /// Eight characters of base 32.
    pub code: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// Answer of `GET /api/teams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct TeamList {
    /// In event order.
    pub teams: Vec<TeamStatus>,
}

/// Body of `POST /api/teams/{id}/state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TeamStateRequest {
    /// Open or closed.
    pub state: OpenOrClosed,
    /// Of a closed team: what visitors read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// What staff can decide about a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OpenOrClosed {
    /// Visitors are answered.
    Open,
    /// Nobody answers.
    Closed,
}

/// Answer of `GET /api/people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct People {
    /// By name.
    pub people: Vec<PersonEntry>,
}

/// Somebody who can sign in; also the body of `POST /api/people`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    /// 1 to 64 characters.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(length(min = 1, max = 64), regex(pattern = r"\S"))
    )]
    pub name: String,
    /// `staff`, `lead`, `organiser` or `team:{id}`.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(regex(pattern = "^(staff|lead|organiser|team:.+)$"))
    )]
    pub role: String,
}

/// Answer of `POST /api/people`, 201.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct PersonMade {
    /// The name.
    pub name: String,
    /// The role.
    pub role: String,
    /// PIN or password, shown this once.
    pub secret: String,
}

/// Answer of `GET /api/audit`, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct AuditPage {
    /// What was done.
    pub items: Vec<AuditItem>,
    /// For the next page, if there is one.
    pub next_cursor: Option<String>,
}

/// One thing somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct AuditItem {
    /// RFC 3339.
    pub at: String,
    /// Name and role, as `first (organiser)`; a tablet as `device` and its id.
    pub who: String,
    /// A code such as `device.pair`.
    pub action: String,
    /// What it was done to: a device's id, a team, a receipt, a file's name.
    pub target: String,
}

/// Answer of `GET /api/feedback`, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct FeedbackPage {
    /// Entries as in JSONL: an item's keys, `device_id`, `received_at`.
    pub items: Vec<serde_json::Value>,
    /// For the next page, if there is one.
    pub next_cursor: Option<String>,
}

/// Answer of `GET /api/feedback/retention`: what is going to be erased, a day before it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Retention {
    /// How many days an entry is kept from its arrival on.
    pub retention_days: u32,
    /// When entries are erased next, RFC 3339; absent before the first plan.
    pub next_at: Option<String>,
    /// How many entries that will be, as things stand now.
    pub entries: u64,
}

/// Answer of `GET /api/feedback/reconciliation`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Reconciliation {
    /// By name.
    pub devices: Vec<DeviceReconciliation>,
}

/// What a tablet said and what arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct DeviceReconciliation {
    /// Lower-case UUID.
    pub device_id: String,
    /// What staff call it.
    pub name: String,
    /// The highest number it said to have given out.
    pub announced: u64,
    /// Entries that are stored.
    pub stored: u64,
    /// Numbers that never arrived and were not erased; the first 100.
    pub missing: Vec<u64>,
    /// Entries that came again.
    pub duplicates: u64,
    /// Arrivals to look at.
    pub conflicts: Vec<Conflict>,
}

/// An arrival that is at odds with another one; both are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Conflict {
    /// Its number on the tablet.
    pub seq: u64,
    /// The later arrival's entry id.
    pub id: String,
    /// What is at odds.
    pub kind: ConflictKind,
    /// When the later one arrived, RFC 3339.
    pub received_at: String,
    /// The later arrival's item, its texts masked.
    pub item: serde_json::Value,
}

/// What is at odds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// The same id with other content; the later one lies beside the entry.
    SameId,
    /// The same number under another id; both are entries.
    SameSeq,
}

/// Answer of `GET /api/feedback/summary`. It ranks nothing, and never mixes kinds or versions of
/// the survey. Only origins `visitor` and `assisted` count. A form of a visit that met no team counts
/// in `visits.with_form` only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct Summary {
    /// The server's clock, RFC 3339.
    pub now: String,
    /// The event's time zone, in which hours are told.
    pub time_zone: String,
    /// Entries of staff and rehearsals, which count nowhere below.
    pub not_counted: u64,
    /// How visits ended, over all teams.
    pub visits: VisitsSummary,
    /// Per team in the event's order, then teams that are no longer in the event, by id.
    pub teams: Vec<TeamSummary>,
}

/// How visits ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct VisitsSummary {
    /// Visits that ended.
    pub ended: u64,
    /// How many of them left a form.
    pub with_form: u64,
    /// By the way they ended: `submit`, `skip`, `start_over`, `idle`, `staff`.
    pub ended_by: BTreeMap<String, u64>,
    /// By local hour, `2025-12-30T14`.
    pub hours: BTreeMap<String, u64>,
}

/// What was said about one team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct TeamSummary {
    /// Team id.
    pub team: String,
    /// Visits that ended with this team, however they ended: the denominator of response rates.
    pub visits: u64,
    /// How many of them left a form.
    pub visits_with_form: u64,
    /// Forms answered by the team's own model alone, one part a version of the survey, newest first.
    pub forms: Vec<FormSummary>,
    /// Forms of visits in which the guide answered, told apart.
    pub guide_served: Vec<FormSummary>,
    /// Thumbs on answers of the team's own model.
    pub thumbs: ThumbSummary,
    /// Reports of wrong facts in answers of the team's own model, by category.
    pub fact_errors: BTreeMap<String, u64>,
    /// Thumbs on answers of the guide.
    #[serde(default)]
    pub guide_thumbs: ThumbSummary,
    /// Reports of wrong facts in answers of the guide, by category.
    #[serde(default)]
    pub guide_fact_errors: BTreeMap<String, u64>,
}

/// Forms of one version of the survey.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct FormSummary {
    /// Hash of the form; empty where the entry had none.
    pub survey_version: String,
    /// How many.
    pub count: u64,
    /// How often each rating was given, 1 to 5.
    pub ratings: [u64; 5],
    /// How often each tag was chosen.
    pub tags: BTreeMap<String, u64>,
    /// How often each choice was made, by question.
    pub answers: BTreeMap<String, BTreeMap<String, u64>>,
    /// By consent: `rating`, `excerpt`, `conversation`.
    pub consents: BTreeMap<String, u64>,
    /// By local hour, `2025-12-30T14`.
    pub hours: BTreeMap<String, u64>,
}

/// Thumbs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
pub struct ThumbSummary {
    /// Helpful.
    pub up: u64,
    /// Not so.
    pub down: u64,
}
