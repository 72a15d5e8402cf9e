//! Commands: given by staff, streamed to tablets.
//!
//! Owns: what a command may say, how long it holds, when it is sent and sent again.
//! Must not own: acknowledging, which is a heartbeat's.
//! Invariant: whatever waits for a tablet is sent on every stream of it, in order, and again until
//! it is acknowledged or void; nothing void is sent.

use std::{collections::HashSet, time::Duration};

use async_stream::stream;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::SignedDuration;
use kiosk_wire::{
    command::{
        Command, CommandAccepted, CommandKind, CommandRequest, MAX_MESSAGE_CHARS, SHORT_LIVED_SECS,
    },
    paths,
};
use tokio::time::{Instant, timeout_at};

use super::{
    body, event_stream,
    place::{self, Named, no_such_device},
};
use crate::{
    audit::{self, Action},
    auth::{
        device,
        people::{self, Role},
    },
    bell::Listener,
    error::ApiFailure,
    random,
    state::AppState,
    storage::{CommandRecipient, CommandRecord, NewCommand},
};

/// Everybody but revoked tablets.
const ALL: &str = "all";
/// An event's day: a tablet that was off since the morning still learns that it is locked.
const LONG_LIVED: SignedDuration = SignedDuration::from_hours(12);
/// By then a call is forgotten, or made anew.
const CALL_ANSWERED_HOLDS: SignedDuration = SignedDuration::from_mins(10);
/// How often a stream looks without being woken: another server may have taken a command, and what
/// was not acknowledged is sent again. Well within the 15 s after which a sign of life is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const STILL_HERE: &str = ": still here\n\n";

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(&paths::device_commands("{id}"), post(give))
        .route(paths::COMMANDS, get(watch))
}

async fn give(
    State(state): State<AppState>,
    named: Named,
    request: Request,
) -> Result<impl IntoResponse, ApiFailure> {
    let (parts, raw) = request.into_parts();
    let session = people::require(&state, &parts, &Role::Staff).await?;
    let id = place::name(named).ok_or_else(no_such_device)?;
    let wanted = check(&state, body::json(raw, body::SMALL).await?)?;
    let audit = (wanted.kind == CommandKind::Reset)
        .then(|| audit::record(&state, &session, Action::DeviceReset, &id));
    let given_at = state.clock.now();
    let command_id = random::uuid_v4()?;
    let command = NewCommand {
        id: command_id.clone(),
        recipient: match id.as_str() {
            ALL => CommandRecipient::All,
            _ => CommandRecipient::Device(id),
        },
        kind: wanted.kind,
        text: wanted.text,
        team: wanted.team,
        replaces: replaced_by(wanted.kind),
        given_at,
        expires_at: given_at
            .checked_add(holds(wanted.kind))
            .map_err(ApiFailure::internal)?,
    };
    if !state.storage.add_command(command, audit).await? {
        return Err(no_such_device());
    }
    state.bell.ring();
    Ok((StatusCode::ACCEPTED, Json(CommandAccepted { command_id })))
}

/// Each kind takes what it needs and nothing else.
fn check(state: &AppState, mut wanted: CommandRequest) -> Result<CommandRequest, ApiFailure> {
    if wanted.kind == CommandKind::Message {
        let text = wanted.text.unwrap_or_default().trim().to_owned();
        if !(1..=MAX_MESSAGE_CHARS).contains(&text.chars().count()) {
            return Err(ApiFailure::invalid(format!(
                "A message needs a text of 1 to {MAX_MESSAGE_CHARS} characters."
            )));
        }
        wanted.text = Some(text);
    } else if wanted.text.is_some() {
        return Err(ApiFailure::invalid("Only a message takes a text."));
    }
    match &wanted.team {
        Some(_) if wanted.kind != CommandKind::AssignTeam => {
            Err(ApiFailure::invalid("Only assign_team takes a team."))
        }
        Some(team) if state.content.event.team(team).is_none() => {
            Err(ApiFailure::invalid("There is no such team."))
        }
        _ => Ok(wanted),
    }
}

fn holds(kind: CommandKind) -> SignedDuration {
    match kind {
        _ if kind.is_short_lived() => SignedDuration::from_secs(SHORT_LIVED_SECS.into()),
        CommandKind::CallAnswered => CALL_ANSWERED_HOLDS,
        _ => LONG_LIVED,
    }
}

/// A tablet that was away is told how things are, not how they came to be so.
fn replaced_by(kind: CommandKind) -> &'static [CommandKind] {
    match kind {
        CommandKind::Lock | CommandKind::Unlock => &[CommandKind::Lock, CommandKind::Unlock],
        CommandKind::AssignTeam => &[CommandKind::AssignTeam],
        _ => &[],
    }
}

async fn watch(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, ApiFailure> {
    device::require(&state, &headers).await?;
    let watcher = Watcher {
        // Before the first look, so that nothing given meanwhile is missed.
        listener: state.bell.listen(),
        token_hash: device::sent_token_hash(&headers).unwrap_or_default(),
        sent: HashSet::new(),
        state,
    };
    Ok(event_stream::response(events(watcher)))
}

fn events(
    mut watcher: Watcher,
) -> impl futures_util::Stream<Item = Result<Bytes, std::convert::Infallible>> {
    stream! {
        let mut look_at = Instant::now();
        while !watcher.listener.is_closed() {
            let again = Instant::now() >= look_at;
            if again {
                look_at = Instant::now() + LOOK_EVERY;
            }
            let Some(events) = watcher.look(again).await else { break };
            if !events.is_empty() {
                yield Ok(Bytes::from(events));
            }
            // Woken or not, it is time to look.
            timeout_at(look_at, watcher.listener.rung()).await.ok();
        }
    }
}

/// One open stream.
struct Watcher {
    state: AppState,
    listener: Listener,
    token_hash: String,
    /// What was sent on this stream and still waits.
    sent: HashSet<String>,
}

impl Watcher {
    /// What to send now; `None` once the tablet's token has ended. `again` also sends what was sent
    /// before, and a sign of life where there is nothing to send.
    async fn look(&mut self, again: bool) -> Option<String> {
        let now = self.state.clock.now();
        let waiting = match self
            .state
            .storage
            .waiting_commands(&self.token_hash, now)
            .await
        {
            Ok(waiting) => waiting?,
            Err(error) => {
                tracing::error!(%error, "commands cannot be read");
                return Some(STILL_HERE.to_owned());
            }
        };
        let mut events = String::new();
        for command in &waiting {
            if again || !self.sent.contains(&command.id) {
                events += &event(command);
            }
        }
        self.sent = waiting.into_iter().map(|command| command.id).collect();
        if again && events.is_empty() {
            events.push_str(STILL_HERE);
        }
        Some(events)
    }
}

fn event(command: &CommandRecord) -> String {
    let command = Command {
        id: command.id.clone(),
        kind: command.kind,
        text: command.text.clone(),
        team: command.team.clone(),
        expires_at: command.expires_at.to_string(),
    };
    // The type holds nothing that JSON cannot, so there is no error to tell.
    serde_json::to_string(&command)
        .map_or_else(|_| String::new(), |json| format!("data: {json}\n\n"))
}
