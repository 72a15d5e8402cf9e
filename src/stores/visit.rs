//! The visit that is on: its screen, its idle clock, and what it leaves behind.

use std::time::Duration;

use kiosk_core::chat::{ChatKey, Chats};
use kiosk_core::form::{FactReport, FormGap, ReportGap, VisitFacts, thumb_entry};
use kiosk_core::idle::{IdleClock, IdlePhase};
use kiosk_core::visit::{Home, Screen, Visit, VisitEffect, VisitEvent};
use kiosk_wire::event::Event;
use kiosk_wire::feedback::{EndedBy, Entry, Thumb};
use leptos::prelude::*;

use super::chat::ChatStore;
use super::device::DeviceStore;
use super::form::{FormProblem, FormStore};
use super::later::Leaving;
use super::outbox::OutboxStore;
use super::ports::Ports;
use super::session::SessionStore;
use super::settings::SettingsStore;
use crate::tasks::{spawn_local, spawn_local_scoped_with_cancellation};

/// How long start-over can be undone.
const UNDO: Duration = Duration::from_secs(3);
/// An app that has taken this much memory is loaded anew; a fresh one takes a few megabytes.
const WORN_MB: u32 = 64;
/// A save that takes longer is shown. Most end before: the frame that would show them held them up.
const SLOW: Duration = Duration::from_millis(200);
/// How often the idle clock is looked at.
const TICK: Duration = Duration::from_millis(250);

/// What a visit is made from; all of it outlives the visit or is part of it.
#[derive(Clone, Copy)]
pub struct VisitParts {
    pub ports: Ports,
    pub session: SessionStore,
    pub device: DeviceStore,
    pub outbox: OutboxStore,
    pub settings: SettingsStore,
    pub chat: ChatStore,
    pub form: FormStore,
}

#[derive(Clone, Copy)]
pub struct VisitStore {
    visit: RwSignal<Visit>,
    id: StoredValue<String>,
    began_ms: StoredValue<Option<u64>>,
    idle: StoredValue<IdleClock>,
    phase: RwSignal<IdlePhase>,
    submitted: RwSignal<Option<String>>,
    has_copied: StoredValue<bool>,
    /// When the visit was started over last.
    undo_since_ms: StoredValue<u64>,
    owner: StoredValue<Owner>,
    parts: VisitParts,
}

/// Between two visitors, memory that has grown is given back: Wasm's never shrinks by itself.
async fn rest_if_worn(ports: Ports, outbox: OutboxStore, session: SessionStore) {
    let set = ports.get();
    if set.page.memory_mb() < WORN_MB {
        return;
    }
    let number = session.number();
    outbox.settled().await;
    // A page that is loaded again needs somebody who answers; there will be another pause.
    let is_answered = set.events.event().await.is_ok();
    // The next one may have begun meanwhile.
    if is_answered && session.number() == number && !session.is_started() {
        set.page.reload();
    }
}

impl VisitStore {
    /// A new visit, beginning at `start`. Its timers end with the owner this is called under.
    #[must_use]
    pub fn new(start: Home, event: &Event, parts: VisitParts) -> Self {
        let now = parts.ports.monotonic_millis();
        let visit = Visit::new(start, parts.session.home());
        let store = Self {
            began_ms: StoredValue::new(visit.is_started().then_some(now)),
            visit: RwSignal::new(visit),
            id: StoredValue::new(parts.ports.uuid_v4()),
            idle: StoredValue::new(IdleClock::new(&event.limits, now)),
            phase: RwSignal::new(IdlePhase::Active),
            submitted: RwSignal::new(None),
            has_copied: StoredValue::new(false),
            undo_since_ms: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            parts,
        };
        parts
            .session
            .attend(Callback::new(move |event| store.apply(event)));
        store.spawn(async move { store.watch_idle().await });
        store
    }

    /// The screen; tracked.
    #[must_use]
    pub fn screen(self) -> Screen {
        self.visit.with(Visit::screen)
    }

    /// The team the visitor is with; tracked.
    #[must_use]
    pub fn team(self) -> Option<String> {
        self.visit.with(|visit| visit.team().map(ToOwned::to_owned))
    }

    /// The team whose light colours the screen; tracked.
    #[must_use]
    pub fn accent_team(self) -> Option<String> {
        self.visit.with(|visit| {
            visit
                .team()
                .filter(|_| visit.is_with_team())
                .map(ToOwned::to_owned)
        })
    }

    /// The demo chosen for this team; tracked.
    #[must_use]
    pub fn demo(self, team: &str) -> Option<String> {
        self.visit
            .with(|visit| visit.demo(team).map(ToOwned::to_owned))
    }

    /// Whether start-over can be undone; tracked.
    #[must_use]
    pub fn can_undo(self) -> bool {
        self.visit.with(Visit::can_undo)
    }

    /// What the idle clock says; tracked.
    #[must_use]
    pub fn idle_phase(self) -> IdlePhase {
        self.phase.get()
    }

    /// The visit's id, from which the receipt comes.
    #[must_use]
    pub fn id(self) -> String {
        self.id.try_get_value().unwrap_or_default()
    }

    /// The id of the form's entry, once it is stored; tracked.
    #[must_use]
    pub fn submitted(self) -> Option<String> {
        self.submitted.get()
    }

    /// The visitor did something. While the idle dialog asks, only its own buttons count.
    pub fn touch(self) {
        if self.phase.get_untracked() == IdlePhase::Active {
            self.go_on();
        }
    }

    /// The visitor goes on, also from the idle dialog.
    pub fn go_on(self) {
        self.hold();
        self.apply(VisitEvent::Touched);
    }

    /// No idle time has passed, and yet nobody began a visit: staff are at the tablet.
    pub fn hold(self) {
        let now = self.parts.ports.monotonic_millis();
        self.idle.try_update_value(|clock| clock.touch(now));
        if self.phase.try_get_untracked() != Some(IdlePhase::Active) {
            self.phase.set(IdlePhase::Active);
        }
    }

    /// Takes an event and does what follows from it.
    pub fn apply(self, event: VisitEvent) {
        let is_start_over = event == VisitEvent::StartOver;
        // Touches come in by the hundred: only what changes may notify.
        let effects = if event == VisitEvent::Touched {
            self.visit.try_update_untracked(|visit| visit.apply(event))
        } else {
            self.visit.try_update(|visit| visit.apply(event))
        };
        self.note_begin();
        if is_start_over {
            self.parts.ports.get().page.blur();
            let began_ms = self.parts.ports.monotonic_millis();
            self.undo_since_ms.try_set_value(began_ms);
            let wait = UNDO * self.parts.settings.patience();
            self.spawn(async move {
                self.parts.ports.get().timer.sleep(wait).await;
                // Taken back and started over again meanwhile: that one has its own time.
                let is_this = self.undo_since_ms.try_get_value() == Some(began_ms);
                let can_undo = self.visit.try_with_untracked(Visit::can_undo);
                if is_this && can_undo.unwrap_or_default() {
                    self.apply(VisitEvent::UndoOver);
                }
            });
        }
        for effect in effects.unwrap_or_default() {
            self.run(effect);
        }
    }

    /// Sends the form: stored on the tablet before thanks are said. A second press does nothing.
    pub fn submit(self) {
        let form = self.parts.form;
        if !form.begin_saving() {
            return;
        }
        let stamp = self.parts.ports.stamp();
        let facts = self.facts();
        let entry = self
            .parts
            .chat
            .read(|chats| Some(form.snapshot().submit(chats, &facts, stamp)));
        match entry.unwrap_or(Err(FormGap::Rating)) {
            Err(gap) => {
                form.show_problem(FormProblem::Gap(gap));
                form.end_saving();
            }
            Ok(entry) => {
                self.spawn(async move { self.save_form(entry).await });
                self.spawn(async move {
                    self.parts.ports.get().timer.sleep(SLOW).await;
                    form.note_slow();
                });
            }
        }
    }

    /// A thumb on one answer.
    pub fn judge(self, key: &ChatKey, number: u32, thumb: Thumb) {
        if !self.parts.chat.judge(key, number, thumb) {
            return;
        }
        let (facts, stamp) = (self.facts(), self.parts.ports.stamp());
        let entry = self
            .parts
            .chat
            .read(|chats| Some(thumb_entry(chats, key, number, thumb, &facts, stamp)));
        self.parts.outbox.keep(entry.into_iter().collect());
    }

    /// A report about one answer: stored on the tablet before it is said so. `told` hears whether it
    /// was stored, or what is missing; the dialog may be gone by then.
    pub fn report(
        self,
        key: &ChatKey,
        number: u32,
        report: FactReport,
        told: impl FnOnce(Result<bool, ReportGap>) + 'static,
    ) {
        let (facts, stamp) = (self.facts(), self.parts.ports.stamp());
        let entry = self
            .parts
            .chat
            .read(|chats| Some(report.entry(chats, key, number, &facts, stamp)));
        match entry.unwrap_or(Err(ReportGap::Answer)) {
            Err(gap) => told(Err(gap)),
            Ok(entry) => self.spawn(async move {
                let saved = self.parts.outbox.save(entry).await;
                told(Ok(saved.is_ok()));
            }),
        }
    }

    /// Puts a text into the clipboard, until the visit is over.
    pub fn copy(self, text: &str) {
        self.parts.ports.get().page.copy(text);
        self.has_copied.set_value(true);
    }

    async fn save_form(self, entry: Entry) {
        let id = entry.id.clone();
        let saved = self.parts.outbox.save(entry).await;
        self.parts.form.end_saving();
        match saved {
            Ok(()) => {
                self.submitted.set(Some(id));
                self.apply(VisitEvent::Submitted);
            }
            Err(_) => self.parts.form.show_problem(FormProblem::NotSaved),
        }
    }

    fn run(self, effect: VisitEffect) {
        match effect {
            VisitEffect::StopAnswers => self.parts.chat.stop(),
            VisitEffect::Record(ended_by) => self.record(ended_by),
            VisitEffect::End(start) => {
                self.parts.chat.stop();
                if self.has_copied.get_value() {
                    self.parts.ports.get().page.copy("");
                }
                let is_between = start == self.parts.session.home();
                self.parts.session.begin(start);
                if is_between {
                    let (ports, outbox) = (self.parts.ports, self.parts.outbox);
                    spawn_local(rest_if_worn(ports, outbox, self.parts.session));
                }
            }
        }
    }

    fn record(self, ended_by: EndedBy) {
        let facts = self.facts();
        let is_released = matches!(
            ended_by,
            EndedBy::Idle | EndedBy::StartOver | EndedBy::Staff
        );
        self.parts.outbox.leave(Leaving {
            ended_by,
            is_released,
            chats: self.parts.chat.read(Chats::clone),
            form: self.parts.form.snapshot(),
            facts,
            stamps: [self.parts.ports.stamp(), self.parts.ports.stamp()],
        });
    }

    fn facts(self) -> VisitFacts {
        let now = self.parts.ports.monotonic_millis();
        let began = self.began_ms.try_get_value().flatten().unwrap_or(now);
        VisitFacts {
            visit_id: self.id(),
            language: self.parts.settings.language_untracked(),
            survey_version: self.parts.device.survey_version(),
            app_build: crate::app::BUILD.to_owned(),
            secs: now.saturating_sub(began) / 1_000,
        }
    }

    fn note_begin(self) {
        let is_started = self
            .visit
            .try_with_untracked(Visit::is_started)
            .unwrap_or_default();
        let now = self.parts.ports.monotonic_millis();
        if is_started {
            self.parts.session.note_started();
        }
        self.began_ms.try_update_value(|began| {
            if is_started {
                began.get_or_insert(now);
            }
        });
    }

    async fn watch_idle(self) {
        let mut was_live = false;
        loop {
            self.parts.ports.get().timer.sleep(TICK).await;
            let now = self.parts.ports.monotonic_millis();
            let is_started = self.visit.try_with_untracked(|visit| {
                visit.is_started() && !visit.can_undo() && visit.screen() != Screen::Thanks
            });
            let is_live = self.parts.chat.is_any_live();
            let phase = self.idle.try_update_value(|clock| {
                if is_live || is_started != Some(true) {
                    clock.touch(now);
                } else if was_live {
                    clock.answer_ended(self.parts.chat.last_answer_chars(), now);
                }
                clock.give_more_time(self.parts.settings.wants_more_time());
                clock.phase(now)
            });
            was_live = is_live;
            match phase {
                Some(IdlePhase::Expired) => return self.apply(VisitEvent::Idle),
                Some(phase) if self.phase.try_get_untracked() != Some(phase) => {
                    self.phase.set(phase);
                }
                _ => {}
            }
        }
    }

    fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.owner.try_with_value(|owner| {
            owner.with(|| spawn_local_scoped_with_cancellation(task));
        });
    }
}
