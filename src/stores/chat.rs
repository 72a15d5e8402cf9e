//! The conversations of this visit, and the answers that are being written.
//!
//! Each exchange has a signal of its own, so that a growing answer touches one place on screen.

use kiosk_core::chat::stream::StreamEvent;
use kiosk_core::chat::{Ask, ChatKey, Chats, Exchange};
use kiosk_wire::feedback::Thumb;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::{ports::Ports, settings::SettingsStore};

#[derive(Clone, Copy)]
pub struct ChatStore {
    chats: StoredValue<Chats>,
    exchanges: StoredValue<Vec<(u32, ArcRwSignal<Exchange>)>>,
    numbers: RwSignal<Vec<(ChatKey, u32)>>,
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
            exchanges: StoredValue::default(),
            numbers: RwSignal::default(),
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

    /// One exchange, to be read by whoever shows it.
    #[must_use]
    pub fn exchange(self, number: u32) -> Option<ArcRwSignal<Exchange>> {
        let is_it = |(other, _): &&(u32, _)| *other == number;
        let find = |all: &Vec<(u32, ArcRwSignal<Exchange>)>| all.iter().find(is_it).cloned();
        self.exchanges
            .try_with_value(find)
            .flatten()
            .map(|(_, exchange)| exchange)
    }

    /// The last exchange of this demo; tracked.
    #[must_use]
    pub fn last(self, key: &ChatKey) -> Option<Exchange> {
        let number = *self.numbers(key).last()?;
        self.exchange(number).map(|exchange| exchange.get())
    }

    /// Whether an answer of this demo is still coming; tracked.
    #[must_use]
    pub fn is_live(self, key: &ChatKey) -> bool {
        self.last(key)
            .is_some_and(|exchange| exchange.answer.state.is_live())
    }

    /// Whether any answer of the visit is still coming.
    #[must_use]
    pub fn is_any_live(self) -> bool {
        self.read(|chats| {
            chats
                .in_order()
                .iter()
                .any(|(_, exchange)| exchange.answer.state.is_live())
        })
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
            let cancel = self.ports.get().chat.cancel(request_id);
            // Not bound to the visit: the server must hear of it even when the visit is over.
            leptos::task::spawn_local(cancel);
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
        let answer = self.ports.get().chat.answer(ask, language, on_event);
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

    /// Brings an exchange's signal up to date.
    fn show(self, key: &ChatKey, number: u32) {
        let Some(exchange) = self.read(|chats| chats.exchange(key, number).cloned()) else {
            return;
        };
        if let Some(signal) = self.exchange(number) {
            signal.set(exchange);
            return;
        }
        self.exchanges
            .try_update_value(|all| all.push((number, ArcRwSignal::new(exchange))));
        self.numbers
            .update(|numbers| numbers.push((key.clone(), number)));
    }
}
