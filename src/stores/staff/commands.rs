//! What staff tell this tablet from the console: the stream, and doing what it says.
//!
//! Invariant: an id is written down and acknowledged before it is acted on; the rules are the core's.

use std::time::Duration;

use kiosk_core::command::{CommandLog, CommandReader, is_void};
use kiosk_core::outbox::{Backoff, Wake};
use kiosk_core::race::{First, first};
use kiosk_core::remote::RemoteError;
use kiosk_core::visit::{Home, VisitEvent};
use kiosk_wire::command::{Command, CommandKind};
use kiosk_wire::event::Event;
use leptos::prelude::*;

use super::{Message, StaffStore};
use crate::tasks::spawn_local;

/// Longest wait before the stream is opened again.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// A stream that was open for this long was a good one.
const GOOD_MILLIS: u64 = 15_000;
/// The server says something at least every 15 s; a stream that is silent for longer is dead.
const SILENT_MILLIS: u64 = 45_000;
const LOOK: Duration = Duration::from_secs(5);
/// A command is acted on whether or not its acknowledgement arrives by then.
const ACKNOWLEDGE: Duration = Duration::from_secs(2);

/// A message that nobody put away by then is gone.
const MESSAGE: Duration = Duration::from_mins(1);

// Keys of preferences.
const COMMANDS: &str = "commands";
/// The team the tablet is bound to; empty: to none, whatever the address says.
const TEAM: &str = "team";

/// Commands that have come in and are not done.
#[derive(Debug, Clone, Default)]
pub(super) struct Heard {
    commands: Vec<Command>,
    is_busy: bool,
    /// When the stream last gave a sign of life.
    at_ms: u64,
}

impl StaffStore {
    /// Where this tablet stands between visits: what staff said last beats the address. A team that
    /// is not in the content would be a screen without a way on.
    #[must_use]
    pub fn home(self, event: &Event) -> Home {
        let set = self.ports.get();
        let team = set.preferences.get(TEAM);
        let team = team.or_else(|| set.page.bound_team());
        let team = team.filter(|team| event.team(team).is_some());
        team.map_or(Home::Attract, Home::Team)
    }

    pub(in crate::stores) async fn keep_listening(self) {
        let mut backoff = Backoff::up_to(LONGEST_WAIT);
        self.device.heard(Wake::Registered).await;
        loop {
            let (token, opened_ms) = (self.device.token(), self.ports.monotonic_millis());
            let ended = self.hear().await;
            match (ended, token) {
                // The server is back, or the tablet is known by another token.
                (None, _) => {}
                (Some(RemoteError::Unauthorized), token) => {
                    self.device.lose(&token.unwrap_or_default());
                    self.device.heard(Wake::Registered).await;
                }
                (Some(_), _) => {
                    if self.millis_since(opened_ms) > GOOD_MILLIS {
                        backoff.reset();
                    }
                    self.wait(&mut backoff).await;
                }
            }
        }
    }

    /// Hears one stream to its end; `None` if it was given up for a better one.
    async fn hear(self) -> Option<RemoteError> {
        let mut reader = CommandReader::default();
        self.note_sign();
        let on_bytes = Box::new(move |bytes: &[u8]| {
            self.note_sign();
            self.take(reader.push(bytes));
        });
        let stream = self.ports.later().await.server.commands(on_bytes);
        let silence = Box::pin(async move { first(stream, Box::pin(self.silence())).await });
        match first(silence, Box::pin(self.device.heard(Wake::Online))).await {
            First::Left(First::Left(error)) => Some(error),
            First::Left(First::Right(())) | First::Right(()) => None,
        }
    }

    async fn silence(self) {
        loop {
            self.ports.get().timer.sleep(LOOK).await;
            let at_ms = self.heard.with_value(|heard| heard.at_ms);
            if self.millis_since(at_ms) > SILENT_MILLIS {
                return;
            }
        }
    }

    async fn wait(self, backoff: &mut Backoff) {
        let set = self.ports.get();
        let pause = backoff.next(Duration::ZERO, &*set.random);
        first(
            set.timer.sleep(pause),
            Box::pin(self.device.heard(Wake::Online)),
        )
        .await;
    }

    fn millis_since(self, then_ms: u64) -> u64 {
        self.ports.monotonic_millis().saturating_sub(then_ms)
    }

    fn note_sign(self) {
        let now = self.ports.monotonic_millis();
        self.heard.update_value(|heard| heard.at_ms = now);
    }

    fn take(self, commands: Vec<Command>) {
        let is_idle = self.heard.try_update_value(|heard| {
            heard.commands.extend(commands);
            let is_idle = !heard.is_busy && !heard.commands.is_empty();
            heard.is_busy |= is_idle;
            is_idle
        });
        if is_idle == Some(true) {
            spawn_local(self.obey());
        }
    }

    /// Does what has come in, in order, until nothing is left.
    async fn obey(self) {
        loop {
            let commands = self
                .heard
                .try_update_value(|heard| std::mem::take(&mut heard.commands))
                .unwrap_or_default();
            if commands.is_empty() {
                self.heard.update_value(|heard| heard.is_busy = false);
                return;
            }
            let ids = commands.iter().map(|command| command.id.clone()).collect();
            let fresh = self.remember(commands);
            self.acknowledge(ids).await;
            for command in fresh {
                if !is_void(&command, self.device.server_now_ms()) {
                    self.act(command).await;
                }
            }
        }
    }

    /// Writes down the ids and leaves the commands that were not known.
    fn remember(self, mut commands: Vec<Command>) -> Vec<Command> {
        let set = self.ports.get();
        let kept = set.preferences.get(COMMANDS).unwrap_or_default();
        let mut log = CommandLog::parse(&kept);
        commands.retain(|command| log.note(&command.id));
        set.preferences.set(COMMANDS, Some(&log.to_text()));
        commands
    }

    async fn acknowledge(self, ids: Vec<String>) {
        let set = self.ports.get();
        let beat = Box::pin(self.device.beat(ids));
        first(beat, set.timer.sleep(ACKNOWLEDGE)).await;
    }

    async fn act(self, command: Command) {
        match command.kind {
            CommandKind::Reset => self.session.tell(VisitEvent::StaffReset),
            CommandKind::Lock => self.lock(),
            CommandKind::Unlock => self.unlock(),
            CommandKind::Reload => {
                self.session.tell(VisitEvent::StaffReset);
                self.outbox.settled().await;
                self.ports.get().page.reload();
            }
            CommandKind::AssignTeam => self.bind(&command.team.unwrap_or_default()),
            CommandKind::Message => self.say(command),
            CommandKind::CallAnswered => self.device.answer_call(),
        }
    }

    /// Shows a message for a while: on a tablet that rests nobody would put it away, and the next
    /// visitor would read what was meant for the one before.
    fn say(self, command: Command) {
        let Some(text) = command.text else {
            return;
        };
        let message = Message {
            id: command.id,
            visit: self.session.number(),
            text,
        };
        self.message.set(Some(message.clone()));
        spawn_local(async move {
            self.ports.get().timer.sleep(MESSAGE).await;
            if self.message.get_untracked().as_ref() == Some(&message) {
                self.dismiss_message();
            }
        });
    }

    fn bind(self, team: &str) {
        self.ports.get().preferences.set(TEAM, Some(team));
        if let Some(event) = self.device.event_untracked() {
            self.session.move_home(self.home(&event));
        }
    }
}
