//! This tablet: who it is, whether the server is in reach, the event it shows, how the teams are.

mod call;
mod identity;

use std::sync::Arc;
use std::time::Duration;

use kiosk_core::outbox::{Bell, Wake};
use kiosk_core::remote::{EventText, RemoteError};
use kiosk_core::staff::clock::ServerClock;
use kiosk_wire::device::{Call, Heartbeat, HeartbeatAnswer, TeamStatus};
use kiosk_wire::event::Event;
use leptos::prelude::*;

use super::later::tasks;
use super::{outbox::OutboxStore, ports::Ports, session::SessionStore};
use crate::tasks::spawn_local;
pub use call::CallState;
use call::StaffCall;
use identity::{Identity, Standing};

/// The contract's pace.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Sooner while the server is away, so that its return is noticed.
const RETRY: Duration = Duration::from_secs(3);

/// A server that has said nothing by then is not waited for: the event that was kept is shown.
const PATIENCE: Duration = Duration::from_secs(1);

// Keys of preferences.
/// What the panel's code is checked against.
pub(super) const PANEL_VERIFIER: &str = "panel_verifier";
/// The event as the server told it last, for a start without it and for the guide on the tablet.
pub const EVENT: &str = "event";

#[derive(Clone, Copy)]
pub struct DeviceStore {
    event: RwSignal<Option<Arc<Event>>>,
    /// What the event that is shown was read from.
    event_json: StoredValue<String>,
    newer_event: StoredValue<Option<EventText>>,
    is_online: RwSignal<bool>,
    teams: RwSignal<Vec<TeamStatus>>,
    call: StaffCall,
    last_seen: RwSignal<Option<String>>,
    place: RwSignal<Place>,
    identity: Identity,
    server_clock: StoredValue<Option<ServerClock>>,
    health: StoredValue<Health>,
    bell: StoredValue<Bell, LocalStorage>,
    outbox: OutboxStore,
    session: SessionStore,
    ports: Ports,
}

/// Where the visitor is, for the fleet's view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub screen: Option<&'static str>,
    pub team: Option<String>,
}

impl Place {
    /// Whether visitors have nothing on screen.
    fn is_staff(&self) -> bool {
        matches!(self.screen, Some("staff" | "locked" | "setup"))
    }
}

/// What the fleet's view tells about the tablet itself.
#[derive(Debug, Clone, Copy, Default)]
struct Health {
    battery: Option<u8>,
    storage_persisted: Option<bool>,
}

impl DeviceStore {
    /// A tablet that is being set up; it keeps itself known to the server from now on.
    #[must_use]
    pub fn new(ports: Ports, outbox: OutboxStore, session: SessionStore) -> Self {
        let store = Self {
            event: RwSignal::new(None),
            event_json: StoredValue::default(),
            newer_event: StoredValue::default(),
            is_online: RwSignal::new(true),
            teams: RwSignal::default(),
            call: StaffCall::new(ports),
            last_seen: RwSignal::new(None),
            place: RwSignal::default(),
            identity: Identity::new(),
            server_clock: StoredValue::new(None),
            health: StoredValue::default(),
            bell: StoredValue::new_local(Bell::default()),
            outbox,
            session,
            ports,
        };
        spawn_local(async move { store.load_event().await });
        spawn_local(async move { tasks(ports).await.keep_known(store).await });
        store
    }

    /// The event; tracked. `None` until it is loaded.
    #[must_use]
    pub fn event(self) -> Option<Arc<Event>> {
        self.event.get()
    }

    /// Whether the server is in reach; tracked.
    #[must_use]
    pub fn is_online(self) -> bool {
        self.is_online.get()
    }

    /// When the server was last heard, RFC 3339 by the tablet's clock; tracked.
    #[must_use]
    pub fn last_seen(self) -> Option<String> {
        self.last_seen.get()
    }

    /// How this team is doing; tracked. `None` while nothing is known.
    #[must_use]
    pub fn team_status(self, team: &str) -> Option<TeamStatus> {
        self.teams
            .with(|teams| teams.iter().find(|status| status.id == team).cloned())
    }

    /// How far it is with calling staff; tracked.
    #[must_use]
    pub fn call_state(self) -> CallState {
        self.call.state()
    }

    /// Since when staff are called, RFC 3339; tracked.
    #[must_use]
    pub fn call_since(self) -> Option<String> {
        self.call.since()
    }

    /// Calls staff, or takes the call back; the server hears of it at once.
    pub fn tap_call(self) {
        if self.call.tap() {
            self.beat_soon();
        }
    }

    /// Staff are at the tablet: the call is over.
    pub fn end_call(self) {
        self.call.end();
        self.beat_soon();
    }

    /// Somebody is on the way: the call is over, and whoever called sees why.
    pub fn answer_call(self) {
        if self.call.answer() {
            self.beat_soon();
        }
    }

    /// Tells where the visitor is; goes out with the next heartbeat, or at once if staff are there.
    pub fn set_place(self, place: Place) {
        let before = self.place.get_untracked();
        let is_urgent = before.screen != place.screen && (before.is_staff() || place.is_staff());
        self.place.set(place);
        if is_urgent {
            self.beat_soon();
        }
    }

    /// Hash of the form that is shown.
    #[must_use]
    pub fn survey_version(self) -> String {
        self.event.with_untracked(|event| {
            event
                .as_ref()
                .map(|event| event.survey.version.clone())
                .unwrap_or_default()
        })
    }

    /// The event, for whoever is not on screen.
    pub(super) fn event_untracked(self) -> Option<Arc<Event>> {
        self.event.get_untracked()
    }

    /// Unix milliseconds at the server; by the tablet's clock as long as the server was not heard.
    pub(super) fn server_now_ms(self) -> i64 {
        match self.server_clock.get_value() {
            Some(clock) => clock.now(self.ports.monotonic_millis()),
            None => i64::try_from(self.ports.get().clock.now_millis()).unwrap_or(i64::MAX),
        }
    }

    /// How far the tablet's clock is ahead of the server's.
    pub(super) fn clock_offset_ms(self) -> Option<i64> {
        let tablet = self.ports.get().clock.now_millis();
        let clock = self.server_clock.get_value()?;
        Some(clock.offset_ms(tablet, self.ports.monotonic_millis()))
    }

    /// Resolves when the server is in reach again, or the tablet became known to it.
    pub(super) async fn heard(self, at_least: Wake) {
        let bell = self.bell.get_value();
        bell.heard(at_least).await;
    }

    async fn load_event(self) {
        spawn_local(async move {
            self.ports.get().timer.sleep(PATIENCE).await;
            self.show_kept_event();
        });
        while !self.look_for_event().await {
            self.is_online.set(false);
            self.show_kept_event();
            self.ports.show_first();
            self.ports.get().timer.sleep(RETRY).await;
        }
    }

    /// Asks for the event once. Another one than the one that is shown waits until nobody is there.
    pub(super) async fn look_for_event(self) -> bool {
        let set = self.ports.get();
        let Ok(told) = set.events.event().await else {
            return false;
        };
        let is_shown = self.event_json.with_value(|json| *json == told.json);
        if is_shown && !self.has_newer_event() {
            return true;
        }
        set.preferences.set(EVENT, Some(&told.json));
        if self.event.get_untracked().is_none() {
            self.show_event(told);
        } else {
            self.newer_event.set_value((!is_shown).then_some(told));
        }
        true
    }

    /// The event as it was, unless there is one to show.
    fn show_kept_event(self) {
        if self.event.get_untracked().is_some() {
            return;
        }
        let kept = self.ports.get().preferences.get(EVENT);
        if let Some(kept) = kept.and_then(EventText::read) {
            self.show_event(kept);
        }
    }

    fn show_event(self, told: EventText) {
        self.event_json.set_value(told.json);
        self.event.set(Some(Arc::new(told.event)));
        self.ports.show_first();
    }

    /// Whether the server tells of another event than the one that is shown.
    pub(super) fn has_newer_event(self) -> bool {
        self.newer_event.with_value(Option::is_some)
    }

    /// Shows it; what is on screen begins anew.
    pub(super) fn show_newer_event(self) {
        let newer = self.newer_event.try_update_value(Option::take);
        if let Some(newer) = newer.flatten() {
            self.show_event(newer);
        }
    }

    pub(super) async fn keep_known(self) {
        self.recall().await;
        loop {
            spawn_local(self.look_at_health());
            let is_heard = match self.identity.standing() {
                Standing::Known => self.beat(Vec::new()).await,
                Standing::Unknown => self.introduce().await,
                // Only a code helps; somebody types it in.
                Standing::Unpaired => true,
            };
            let pause = if is_heard { HEARTBEAT } else { RETRY };
            self.ports.get().timer.sleep(pause).await;
        }
    }

    /// A heartbeat without waiting for the next one that is due.
    pub(super) fn beat_soon(self) {
        spawn_local(async move {
            tasks(self.ports).await.beat(self).await;
        });
    }

    /// One sign of life, which acknowledges these commands; whether the server answered.
    pub(super) async fn beat(self, acked: Vec<String>) -> bool {
        let Some(token) = self.identity.token() else {
            return false;
        };
        let asked_ms = self.ports.monotonic_millis();
        let heartbeat = self.heartbeat(acked);
        let call = heartbeat.call.as_ref().map(|call| call.since.clone());
        let answer = self.ports.later().await.server.heartbeat(heartbeat).await;
        let is_heard = match answer {
            Ok(answer) => {
                self.take(answer, asked_ms);
                self.call.note_told(call);
                true
            }
            Err(RemoteError::Unauthorized) => {
                self.lose(&token);
                true
            }
            Err(_) => false,
        };
        self.note_online(is_heard);
        is_heard
    }

    fn note_online(self, is_online: bool) {
        let was_online = self.is_online.get_untracked();
        if was_online == is_online {
            return;
        }
        self.is_online.set(is_online);
        if is_online {
            self.outbox.ring(Wake::Online);
            self.bell.with_value(|bell| bell.ring(Wake::Online));
        } else {
            // What was true of the teams' lines is not known any more.
            self.teams.set(Vec::new());
        }
    }

    fn take(self, answer: HeartbeatAnswer, asked_ms: u64) {
        let set = self.ports.get();
        let clock = ServerClock::read(&answer.now, asked_ms, self.ports.monotonic_millis());
        self.server_clock.set_value(clock);
        self.last_seen.set(Some(set.clock.now_rfc3339()));
        if set.preferences.get(PANEL_VERIFIER).as_ref() != Some(&answer.panel_verifier) {
            set.preferences
                .set(PANEL_VERIFIER, Some(&answer.panel_verifier));
        }
        if self.teams.get_untracked() != answer.teams {
            self.teams.set(answer.teams);
        }
        if self.outbox.is_stopped() {
            // Something else must have answered 401 to it: the server knows this tablet.
            self.outbox.ring(Wake::Registered);
        }
    }

    fn heartbeat(self, acked: Vec<String>) -> Heartbeat {
        let counts = self.outbox.counts_untracked();
        let place = self.place.get_untracked();
        let health = self.health.get_value();
        Heartbeat {
            screen: place.screen.map(ToOwned::to_owned),
            team: place.team,
            pending: Some(counts.pending + counts.parked),
            last_seq: Some(counts.last_seq),
            build: Some(crate::app::BUILD.to_owned()),
            battery: health.battery,
            storage_persisted: health.storage_persisted,
            clock: Some(self.ports.get().clock.now_rfc3339()),
            call: self.call.since_untracked().map(|since| Call { since }),
            acked,
        }
    }

    /// Nobody waits for it: a browser may take its time, or ask somebody.
    pub(super) async fn look_at_health(self) {
        let set = self.ports.later().await;
        let storage_persisted = set.health.is_persisted().await;
        self.health
            .update_value(|health| health.storage_persisted = storage_persisted);
        let battery = set.health.battery().await.map(|battery| battery.percent);
        self.health.update_value(|health| health.battery = battery);
    }
}
