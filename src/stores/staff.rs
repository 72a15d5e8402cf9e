//! What staff do on this tablet, and what they tell it from the console; it outlives every visit.

mod commands;
mod day;
mod gate;
mod preflight;

use std::time::Duration;

use kiosk_core::outbox::{Counts, ParkedEntry};
use kiosk_core::staff::UNTOUCHED_MILLIS;
use kiosk_core::staff::hotspot::Taps;
use kiosk_core::visit::VisitEvent;
use leptos::prelude::*;

use super::later::tasks;
use super::{device::DeviceStore, outbox::OutboxStore, ports::Ports, session::SessionStore};
use crate::tasks::{effect, spawn_local};
use commands::Heard;
use gate::Gate;

pub use kiosk_core::staff::{
    Check, CheckDetail, CheckState, CodeState, EndOfDay, Mode, PairState, Preflight, RescueState,
};

const TICK: Duration = Duration::from_secs(1);
/// Key of preferences: a locked tablet is locked after a reload as well.
const LOCKED: &str = "locked";

#[derive(Clone, Copy)]
pub struct StaffStore {
    mode: Memo<Mode>,
    opened: RwSignal<Opened>,
    is_locked: RwSignal<bool>,
    gate: Gate,
    taps: StoredValue<Taps>,
    touched_ms: StoredValue<u64>,
    checks: RwSignal<Vec<Preflight>>,
    parked: RwSignal<Vec<ParkedEntry>>,
    rescue: RwSignal<RescueState>,
    day: RwSignal<EndOfDay>,
    pairing: RwSignal<PairState>,
    message: RwSignal<Option<Message>>,
    heard: StoredValue<Heard>,
    device: DeviceStore,
    outbox: OutboxStore,
    session: SessionStore,
    ports: Ports,
}

/// What staff have to say, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    /// Its command's.
    id: String,
    /// The visit it is for.
    visit: u64,
    text: String,
}

/// What staff have opened over the visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Opened {
    #[default]
    Nothing,
    Code,
    Panel,
}

impl StaffStore {
    /// The panel, closed; commands from the console are heard from now on.
    #[must_use]
    pub fn new(
        ports: Ports,
        device: DeviceStore,
        outbox: OutboxStore,
        session: SessionStore,
    ) -> Self {
        let opened = RwSignal::default();
        let is_locked = RwSignal::new(ports.get().preferences.get(LOCKED).is_some());
        let mode = Memo::new(move |_| match opened.get() {
            // Also over set-up: a tablet without access still has entries to save.
            Opened::Code => Mode::Code,
            Opened::Panel => Mode::Panel,
            Opened::Nothing if device.is_unpaired() => Mode::Setup,
            Opened::Nothing if is_locked.get() => Mode::Locked,
            Opened::Nothing => Mode::Visitor,
        });
        let store = Self {
            mode,
            opened,
            is_locked,
            gate: Gate::new(ports),
            taps: StoredValue::default(),
            touched_ms: StoredValue::new(0),
            checks: RwSignal::new(Check::ALL.map(Preflight::unknown).to_vec()),
            parked: RwSignal::default(),
            rescue: RwSignal::default(),
            day: RwSignal::default(),
            pairing: RwSignal::default(),
            message: RwSignal::default(),
            heard: StoredValue::default(),
            device,
            outbox,
            session,
            ports,
        };
        effect(move || {
            let _counts = outbox.counts();
            if opened.get() == Opened::Panel {
                spawn_local(async move { tasks(ports).await.look_at_queue(store).await });
            }
        });
        spawn_local(async move { tasks(ports).await.listen(store).await });
        store.stay_awake();
        store
    }

    /// What the whole screen is for now; tracked.
    #[must_use]
    pub fn mode(self) -> Mode {
        self.mode.get()
    }

    /// A tap on the hotspot; five within three seconds ask for the code.
    pub fn tap_hotspot(self) {
        let now = self.ports.monotonic_millis();
        let is_asked = self.taps.try_update_value(|taps| taps.tap(now));
        if is_asked == Some(true) && self.opened.get_untracked() == Opened::Nothing {
            self.touch();
            self.opened.set(Opened::Code);
            spawn_local(async move { tasks(self.ports).await.ask_for_code(self).await });
        }
    }

    /// What the panel says about its code; tracked.
    #[must_use]
    pub fn code_state(self) -> CodeState {
        self.gate.state()
    }

    /// Tries a code; the panel opens if it is right.
    pub fn enter(self, code: String) {
        spawn_local(async move {
            let is_right = self.gate.check(code).await;
            // It may have been closed meanwhile.
            if is_right && self.opened.get_untracked() == Opened::Code {
                self.touch();
                self.opened.set(Opened::Panel);
                self.run_checks();
            }
        });
    }

    /// Closes the panel, or the question for its code.
    pub fn close(self) {
        self.opened.set(Opened::Nothing);
        self.parked.set(Vec::new());
        self.rescue.set(RescueState::None);
    }

    /// Somebody is at the panel: it stays open for another minute.
    pub fn touch(self) {
        self.touched_ms.set_value(self.ports.monotonic_millis());
    }

    /// Whether staff would lose nothing if the app began anew.
    #[must_use]
    pub fn may_begin_anew(self) -> bool {
        let mode = self.mode.get_untracked();
        mode.may_begin_anew(self.untouched_millis())
    }

    fn untouched_millis(self) -> u64 {
        let now = self.ports.monotonic_millis();
        now.saturating_sub(self.touched_ms.get_value())
    }

    /// Ends the visit that is on and closes the panel.
    pub fn reset_session(self) {
        self.session.tell(VisitEvent::StaffReset);
        self.close();
    }

    /// The pre-flight list; tracked.
    #[must_use]
    pub fn checks(self) -> Vec<Preflight> {
        self.checks.get()
    }

    /// How much waits; tracked.
    #[must_use]
    pub fn outbox_counts(self) -> Counts {
        self.outbox.counts()
    }

    /// Entries the server refused, with its reason, while the panel is open; tracked.
    #[must_use]
    pub fn parked(self) -> Vec<ParkedEntry> {
        self.parked.get()
    }

    /// When the server last took something, RFC 3339; tracked.
    #[must_use]
    pub fn last_sent(self) -> Option<String> {
        self.outbox.last_sent()
    }

    /// How saving the rescue file went; tracked.
    #[must_use]
    pub fn rescue_state(self) -> RescueState {
        self.rescue.get()
    }

    /// Whether the day may end; tracked.
    #[must_use]
    pub fn end_of_day(self) -> EndOfDay {
        self.day.get()
    }

    /// Whether the tablet is closed to visitors, whatever is open over it; tracked.
    #[must_use]
    pub fn is_locked(self) -> bool {
        self.is_locked.get()
    }

    /// Opens the tablet to visitors again.
    pub fn unlock(self) {
        self.ports.get().preferences.set(LOCKED, None);
        self.is_locked.set(false);
        self.close();
    }

    /// Makes the tablet known with a code from the console, by this name if there is one.
    pub fn pair(self, code: String, name: &str) {
        if !self.pairing.get_untracked().takes_code() {
            return;
        }
        self.pairing.set(PairState::Checking);
        self.device.call_it(name);
        spawn_local(async move {
            let code = code.trim().to_owned();
            let state = self.device.pair(code).await.err().map(PairState::from);
            self.pairing.set(state.unwrap_or_default());
            if let Some(PairState::TooMany { secs }) = state {
                self.count_down(secs).await;
            }
        });
    }

    async fn count_down(self, secs: u32) {
        for secs in (1..=secs).rev() {
            self.pairing.set(PairState::TooMany { secs });
            self.ports.get().timer.sleep(TICK).await;
        }
        self.pairing.set(PairState::Asking);
    }

    /// How pairing goes; tracked.
    #[must_use]
    pub fn pair_state(self) -> PairState {
        self.pairing.get()
    }

    /// What staff have to say to whoever stands there, until it was read, the visit is over, or a
    /// minute has gone by; tracked.
    #[must_use]
    pub fn message(self) -> Option<String> {
        let number = self.session.current().number;
        let message = self.message.get();
        message.and_then(|message| (message.visit == number).then_some(message.text))
    }

    /// It was read.
    pub fn dismiss_message(self) {
        self.message.set(None);
    }

    /// What staff call this tablet; tracked.
    #[must_use]
    pub fn device_name(self) -> Option<String> {
        self.device.name()
    }

    /// Ends the visit and closes the tablet to visitors, over reloads too.
    fn lock(self) {
        self.ports.get().preferences.set(LOCKED, Some("1"));
        self.session.tell(VisitEvent::StaffReset);
        self.is_locked.set(true);
        self.dismiss_message();
        self.close();
    }

    pub(super) async fn ask_for_code(self) {
        self.gate.open();
        self.watch().await;
    }

    /// Counts down waits, and closes what nobody touches any more.
    async fn watch(self) {
        loop {
            self.ports.get().timer.sleep(TICK).await;
            if self.opened.get_untracked() == Opened::Nothing {
                return;
            }
            self.gate.look();
            if self.untouched_millis() >= UNTOUCHED_MILLIS {
                return self.close();
            }
        }
    }
}
