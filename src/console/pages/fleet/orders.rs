//! What staff order, to whom, and how it is sent.
//!
//! Owns: the calls and the notices that follow. Must not own: questions before them; `asking` has
//! those. Invariant: every order ends in a notice that says what happened or what to do.

use kiosk_wire::command::{CommandAccepted, CommandKind, CommandRequest};
use kiosk_wire::console::Fleet;
use kiosk_wire::paths;
use leptos::task::spawn_local;

use super::counters::told_tablets;
use crate::console::api::{Api, ApiError};
use crate::console::parts::notices::{Notices, notices};
use crate::console::parts::poll::Polled;
use crate::console::state::{Console, api, console};
use crate::console::words::ConsoleMessages;
use crate::i18n::fill;

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    Reset,
    Message(String),
    AssignTeam(Option<String>),
    Lock,
    Unlock,
    Reload,
    CallAnswered,
    /// Not a command: the token is taken away.
    Revoke,
}

impl Order {
    /// The command's body; a revocation has none.
    fn request(&self) -> Option<CommandRequest> {
        let (kind, text, team) = match self {
            Self::Reset => (CommandKind::Reset, None, None),
            Self::Message(text) => (CommandKind::Message, Some(text.clone()), None),
            Self::AssignTeam(team) => (CommandKind::AssignTeam, None, team.clone()),
            Self::Lock => (CommandKind::Lock, None, None),
            Self::Unlock => (CommandKind::Unlock, None, None),
            Self::Reload => (CommandKind::Reload, None, None),
            Self::CallAnswered => (CommandKind::CallAnswered, None, None),
            Self::Revoke => return None,
        };
        Some(CommandRequest { kind, text, team })
    }

    /// That it was done, in words.
    fn done(&self, words: &ConsoleMessages) -> &'static str {
        match self {
            Self::Reset => words.done_reset,
            Self::Message(_) => words.done_message,
            Self::AssignTeam(_) => words.done_assign,
            Self::Lock => words.done_lock,
            Self::Unlock => words.done_unlock,
            Self::Reload => words.done_reload,
            Self::CallAnswered => words.done_call,
            Self::Revoke => words.done_revoke,
        }
    }
}

/// Who is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    One {
        id: String,
        name: String,
        is_silent: bool,
    },
    All {
        count: usize,
    },
}

impl Target {
    /// In words.
    #[must_use]
    pub fn name(&self, words: &ConsoleMessages) -> String {
        match self {
            Self::One { name, .. } => name.clone(),
            Self::All { count } => {
                let tablets = told_tablets(words, *count);
                fill(words.all_tablets, &[("tablets", &tablets)])
            }
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::One { id, .. } => id,
            Self::All { .. } => "all",
        }
    }
}

/// Sends orders.
#[derive(Clone, Copy)]
pub struct Orders {
    api: Api,
    console: Console,
    notices: Notices,
    fleet: Polled<Fleet>,
}

impl Orders {
    #[must_use]
    pub fn new(fleet: Polled<Fleet>) -> Self {
        Self {
            api: api(),
            console: console(),
            notices: notices(),
            fleet,
        }
    }

    pub fn send(self, order: Order, target: Target) {
        self.send_then(order, target, || ());
    }

    /// Sends, and does something once the server has taken it.
    pub fn send_then(self, order: Order, target: Target, then: impl FnOnce() + 'static) {
        spawn_local(async move {
            let answer = self.call(&order, &target).await;
            let words = self.console.words_untracked();
            match answer {
                Ok(()) => {
                    self.notices.good(told(words, &order, &target));
                    then();
                    self.fleet.ask();
                }
                Err(error) => self.notices.failed(words, &error),
            }
        });
    }

    async fn call(self, order: &Order, target: &Target) -> Result<(), ApiError> {
        match order.request() {
            Some(request) => {
                let path = paths::device_commands(target.id());
                let accepted: CommandAccepted = self.api.post(path, &request).await?;
                drop(accepted);
                Ok(())
            }
            None => self.api.delete(paths::device(target.id())).await,
        }
    }
}

fn told(words: &ConsoleMessages, order: &Order, target: &Target) -> String {
    let is_silent = matches!(
        target,
        Target::One {
            is_silent: true,
            ..
        }
    );
    if is_silent && *order == Order::CallAnswered {
        return fill(words.done_call_silent, &[("who", &target.name(words))]);
    }
    let done = fill(order.done(words), &[("who", &target.name(words))]);
    let waits = is_silent && *order != Order::Revoke;
    let short_lived = order
        .request()
        .is_some_and(|request| request.kind.is_short_lived());
    match (waits, short_lived) {
        (false, _) => done,
        (true, false) => format!("{done} {}", words.done_when_back),
        (true, true) => format!("{done} {}", words.done_unless_late),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::words::console_messages;
    use kiosk_wire::event::Language;

    #[test]
    fn a_silent_tablet_is_told_apart() {
        let words = console_messages(Language::Ko);
        let to = |is_silent| Target::One {
            id: "id".to_owned(),
            name: "8번".to_owned(),
            is_silent,
        };
        assert!(told(words, &Order::Lock, &to(true)).ends_with(words.done_when_back));
        assert!(told(words, &Order::Reset, &to(true)).ends_with(words.done_unless_late));
        let answered = told(words, &Order::CallAnswered, &to(true));
        assert_eq!(answered, fill(words.done_call_silent, &[("who", &"8번")]));
        let heard = told(words, &Order::Reset, &to(false));
        assert!(heard.contains("8번") && !heard.contains(words.done_unless_late));
    }
}
