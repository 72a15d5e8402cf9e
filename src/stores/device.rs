//! This tablet: who it is, whether the server is in reach, the event it shows, how the teams are.

use std::sync::Arc;
use std::time::Duration;

use kiosk_core::outbox::Wake;
use kiosk_core::ports::DeviceCredentials;
use kiosk_core::remote::RemoteError;
use kiosk_wire::device::{Call, Heartbeat, HeartbeatAnswer, RegisterDevice, TeamStatus};
use kiosk_wire::event::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{outbox::OutboxStore, ports::Ports};

/// The contract's pace.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Sooner while the server is away, so that its return is noticed.
const RETRY: Duration = Duration::from_secs(3);

#[derive(Clone, Copy)]
pub struct DeviceStore {
    event: RwSignal<Option<Arc<Event>>>,
    is_online: RwSignal<bool>,
    teams: RwSignal<Vec<TeamStatus>>,
    call_since: RwSignal<Option<String>>,
    place: RwSignal<Place>,
    is_registered: StoredValue<bool>,
    outbox: OutboxStore,
    ports: Ports,
}

/// Where the visitor is, for the fleet's view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub screen: Option<&'static str>,
    pub team: Option<String>,
}

impl DeviceStore {
    /// A tablet that is being set up; it keeps itself known to the server from now on.
    #[must_use]
    pub fn new(ports: Ports, outbox: OutboxStore) -> Self {
        let store = Self {
            event: RwSignal::new(None),
            is_online: RwSignal::new(true),
            teams: RwSignal::default(),
            call_since: RwSignal::new(None),
            place: RwSignal::default(),
            is_registered: StoredValue::new(false),
            outbox,
            ports,
        };
        spawn_local(async move { store.load_event().await });
        spawn_local(async move { store.keep_known().await });
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

    /// How this team is doing; tracked. `None` while nothing is known.
    #[must_use]
    pub fn team_status(self, team: &str) -> Option<TeamStatus> {
        self.teams
            .with(|teams| teams.iter().find(|status| status.id == team).cloned())
    }

    /// Whether staff are called; tracked.
    #[must_use]
    pub fn is_calling(self) -> bool {
        self.call_since.with(Option::is_some)
    }

    /// Calls staff, or takes the call back; the server hears of it at once.
    pub fn toggle_call(self) {
        let now = self.ports.get().clock.now_rfc3339();
        self.call_since
            .update(|since| *since = since.take().is_none().then_some(now));
        spawn_local(async move {
            self.beat().await;
        });
    }

    /// Tells where the visitor is; goes out with the next heartbeat.
    pub fn set_place(self, place: Place) {
        self.place.set(place);
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

    async fn load_event(self) {
        loop {
            if let Ok(event) = self.ports.get().server.event().await {
                self.event.set(Some(Arc::new(event)));
                return;
            }
            self.is_online.set(false);
            self.ports.get().timer.sleep(RETRY).await;
        }
    }

    async fn keep_known(self) {
        let credentials = self.ports.get().outbox.device().await.ok().flatten();
        if let Some(credentials) = credentials {
            self.accept(&credentials);
        }
        loop {
            let pause = if self.beat().await { HEARTBEAT } else { RETRY };
            self.ports.get().timer.sleep(pause).await;
        }
    }

    /// One sign of life; registers the tablet first if need be.
    async fn beat(self) -> bool {
        if !self.is_registered.get_value() && self.register().await.is_err() {
            self.note_online(false);
            return false;
        }
        let is_online = match self.ports.get().server.heartbeat(self.heartbeat()).await {
            Ok(answer) => {
                self.take(answer);
                true
            }
            Err(error) => {
                // Another database behind the same address does not know this tablet yet.
                if error == RemoteError::Unauthorized {
                    self.is_registered.set_value(false);
                }
                false
            }
        };
        self.note_online(is_online);
        is_online
    }

    fn note_online(self, is_online: bool) {
        let was_online = self.is_online.get_untracked();
        if was_online == is_online {
            return;
        }
        self.is_online.set(is_online);
        if is_online {
            self.outbox.ring(Wake::Online);
        } else {
            // What was true of the teams' lines is not known any more.
            self.teams.set(Vec::new());
        }
    }

    fn take(self, answer: HeartbeatAnswer) {
        if self.teams.get_untracked() != answer.teams {
            self.teams.set(answer.teams);
        }
    }

    fn heartbeat(self) -> Heartbeat {
        let counts = self.outbox.counts();
        let place = self.place.get_untracked();
        Heartbeat {
            screen: place.screen.map(ToOwned::to_owned),
            team: place.team,
            pending: Some(counts.pending + counts.parked),
            last_seq: Some(counts.last_seq),
            build: Some(crate::app::BUILD.to_owned()),
            battery: None,
            storage_persisted: None,
            clock: Some(self.ports.get().clock.now_rfc3339()),
            call: self.call_since.get_untracked().map(|since| Call { since }),
            acked: Vec::new(),
        }
    }

    /// Makes the tablet known under the id it has, or a new one.
    async fn register(self) -> Result<(), RemoteError> {
        let ports = self.ports.get();
        let known = ports.outbox.device().await.ok().flatten();
        let name = known.as_ref().map_or_else(
            || format!("tablet-{}", &self.ports.uuid_v4()[..4]),
            |known| known.name.clone(),
        );
        let request = RegisterDevice {
            name,
            pairing_code: None,
            device_id: known.map(|known| known.device_id),
        };
        let credentials = DeviceCredentials::from(ports.server.register(request).await?);
        if let Err(error) = ports.outbox.set_device(credentials.clone()).await {
            // It works until the next reload, which registers again.
            leptos::logging::error!("the registration was not saved: {error}");
        }
        self.accept(&credentials);
        self.outbox.ring(Wake::Registered);
        Ok(())
    }

    fn accept(self, credentials: &DeviceCredentials) {
        self.ports
            .get()
            .server
            .set_token(Some(credentials.token.clone()));
        self.is_registered.set_value(true);
    }
}
