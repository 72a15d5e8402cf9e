//! The conversations of this visit, and the answers that are being written.
//!
//! All text stands once, in [`Chats`]; each exchange has a trigger of its own, so that a growing
//! answer is neither copied nor touches more than one place on screen.

use kiosk_core::chat::stream::StreamEvent;
use kiosk_core::chat::{Answer, Ask, ChatKey, Chats};
use kiosk_wire::feedback::Thumb;
use leptos::prelude::*;

use super::{ports::Ports, settings::SettingsStore};
use crate::tasks::spawn_local_scoped_with_cancellation;

#[derive(Clone, Copy)]
pub struct ChatStore {
    chats: StoredValue<Chats>,
    /// Rings when the exchange of that number changes.
    changed: StoredValue<Vec<(u32, ArcTrigger)>>,
    numbers: RwSignal<Vec<(ChatKey, u32)>>,
    /// What is typed and not sent yet.
    drafts: RwSignal<Vec<(ChatKey, String)>>,
    owner: StoredValue<Owner>,
    ports: Ports,
    settings: SettingsStore,
}

impl ChatStore {
    /// No conversation yet. Answers end with the owner this is called under.
    #[must_use]
    pub fn new(ports: Ports, settings: SettingsStore) -> Self {
        Self {
            chats: StoredValue::default(),
            changed: StoredValue::default(),
            numbers: RwSignal::default(),
            drafts: RwSignal::default(),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            ports,
            settings,
        }
    }

    /// The exchanges of this demo, oldest first; tracked.
    #[must_use]
    pub fn numbers(self, key: &ChatKey) -> Vec<u32> {
        self.numbers.with(|all| {
            all.iter()
                .filter(|(of, _)| of == key)
                .map(|(_, number)| *number)
                .collect()
        })
    }

    /// The question of an exchange.
    #[must_use]
    pub fn question(self, number: u32) -> String {
        self.read(|chats| {
            chats
                .numbered(number)
                .map(|exchange| exchange.question.clone())
                .unwrap_or_default()
        })
    }

    /// Reads the answer of an exchange; tracked. Nothing for an exchange that is gone.
    pub fn answer<T: Default>(self, number: u32, read: impl FnOnce(&Answer) -> T) -> T {
        if let Some(trigger) = self.trigger(number) {
            trigger.track();
        }
        self.read(|chats| {
            chats
                .numbered(number)
                .map(|exchange| read(&exchange.answer))
                .unwrap_or_default()
        })
    }

    /// Whether an answer of this demo is still coming; tracked.
    #[must_use]
    pub fn is_live(self, key: &ChatKey) -> bool {
        let last = self.numbers(key).last().copied();
        last.is_some_and(|number| self.answer(number, |answer| answer.state.is_live()))
    }

    /// Whether any answer of the visit is still coming.
    #[must_use]
    pub fn is_any_live(self) -> bool {
        self.read(Chats::is_any_live)
    }

    /// Length of the visit's last answer, in characters.
    #[must_use]
    pub fn last_answer_chars(self) -> usize {
        self.read(|chats| {
            chats
                .in_order()
                .last()
                .map_or(0, |(_, last)| last.answer.text.chars().count())
        })
    }

    /// Reads all conversations; not tracked.
    pub fn read<T: Default>(self, read: impl FnOnce(&Chats) -> T) -> T {
        self.chats.try_with_value(read).unwrap_or_default()
    }

    /// What is typed for this demo and not sent yet; tracked.
    #[must_use]
    pub fn draft(self, key: &ChatKey) -> String {
        self.drafts.with(|drafts| {
            let found = drafts.iter().find(|(of, _)| of == key);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        })
    }

    /// Remembers it, for whoever comes back to this demo during the visit.
    pub fn keep_draft(self, key: &ChatKey, text: &str) {
        self.drafts.try_update(|drafts| {
            drafts.retain(|(of, _)| of != key);
            if !text.is_empty() {
                drafts.push((key.clone(), text.to_owned()));
            }
        });
    }

    /// Asks; `false` if the question was not taken (empty, or an answer is still coming).
    pub fn ask(self, key: &ChatKey, question: &str) -> bool {
        self.begin(|chats, id, now| chats.ask(key, question, id, now))
    }

    /// Asks the last question again.
    pub fn ask_again(self, key: &ChatKey) {
        self.begin(|chats, id, now| chats.ask_again(key, id, now));
    }

    /// Stops every answer, here and at the server.
    pub fn stop(self) {
        let now = self.ports.monotonic_millis();
        let stopped = self
            .chats
            .try_update_value(|chats| chats.stop_all(now))
            .unwrap_or_default();
        for (key, number, request_id) in stopped {
            self.show(&key, number);
            // Whoever has asked has what asks.
            if let Some(set) = self.ports.arrived() {
                // Not bound to the visit: the server must hear of it even when the visit is over.
                crate::tasks::spawn_local(set.chat.cancel(request_id));
            }
        }
    }

    /// Notes a thumb; `false` if this answer was judged before.
    pub fn judge(self, key: &ChatKey, number: u32, thumb: Thumb) -> bool {
        let noted = self
            .chats
            .try_update_value(|chats| chats.judge(key, number, thumb))
            .unwrap_or_default();
        if noted {
            self.show(key, number);
        }
        noted
    }

    fn begin(self, ask: impl FnOnce(&mut Chats, String, u64) -> Option<Ask>) -> bool {
        let (id, now) = (self.ports.uuid_v4(), self.ports.monotonic_millis());
        let Some(ask) = self
            .chats
            .try_update_value(|chats| ask(chats, id, now))
            .flatten()
        else {
            return false;
        };
        let number = self.read(|chats| chats.get(&ask.key).last().map(|last| last.number));
        if let Some(number) = number {
            self.show(&ask.key, number);
        }
        self.run(ask);
        true
    }

    fn run(self, ask: Ask) {
        let (key, id) = (ask.key.clone(), ask.request_id.clone());
        let on_event = Box::new(move |event: StreamEvent| self.take(&key, &id, event));
        let language = self.settings.language_untracked();
        let ports = self.ports;
        let answer = async move {
            ports
                .later()
                .await
                .chat
                .answer(ask, language, on_event)
                .await;
        };
        self.owner.with_value(|owner| {
            owner.with(|| spawn_local_scoped_with_cancellation(answer));
        });
    }

    fn take(self, key: &ChatKey, request_id: &str, event: StreamEvent) {
        let now = self.ports.monotonic_millis();
        let changed = self
            .chats
            .try_update_value(|chats| chats.apply(key, request_id, event, now))
            .flatten();
        if let Some(number) = changed {
            self.show(key, number);
        }
    }

    /// What rings for an exchange that is shown.
    fn trigger(self, number: u32) -> Option<ArcTrigger> {
        let find = |all: &Vec<(u32, ArcTrigger)>| {
            let found = all.iter().find(|(other, _)| *other == number);
            found.map(|(_, trigger)| trigger.clone())
        };
        self.changed.try_with_value(find).flatten()
    }

    /// Tells whoever shows an exchange that it changed.
    fn show(self, key: &ChatKey, number: u32) {
        if let Some(trigger) = self.trigger(number) {
            return trigger.notify();
        }
        let noted = self
            .changed
            .try_update_value(|all| all.push((number, ArcTrigger::new())));
        // Nothing is noted any more once the visit is over.
        if noted.is_some() {
            self.numbers
                .update(|numbers| numbers.push((key.clone(), number)));
        }
    }
}
