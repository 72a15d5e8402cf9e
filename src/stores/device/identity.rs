//! Who this tablet is to the server: its id and token, registering, pairing, and losing both.
//!
//! Invariant: a tablet whose token was refused never registers by itself again; its id is kept.

use kiosk_core::outbox::Wake;
use kiosk_core::ports::DeviceCredentials;
use kiosk_core::remote::RemoteError;
use kiosk_core::visit::VisitEvent;
use kiosk_wire::device::RegisterDevice;
use leptos::prelude::*;

use super::DeviceStore;

// Keys of preferences: they outlive a storage that was wiped.
const DEVICE_ID: &str = "device_id";
const NAME: &str = "device_name";
const UNPAIRED: &str = "unpaired";

/// What the server makes of this tablet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not asked yet.
    #[default]
    Unknown,
    /// It has a token.
    Known,
    /// It has none, and gets one only for a code.
    Unpaired,
}

#[derive(Clone, Copy)]
pub(super) struct Identity {
    standing: RwSignal<Standing>,
    device_id: StoredValue<Option<String>>,
    name: RwSignal<Option<String>>,
    token: StoredValue<Option<String>>,
}

impl Identity {
    pub(super) fn new() -> Self {
        Self {
            standing: RwSignal::default(),
            device_id: StoredValue::default(),
            name: RwSignal::default(),
            token: StoredValue::default(),
        }
    }

    pub(super) fn standing(self) -> Standing {
        self.standing.get_untracked()
    }

    pub(super) fn token(self) -> Option<String> {
        self.token.get_value()
    }
}

impl DeviceStore {
    /// What staff call this tablet; tracked.
    #[must_use]
    pub fn name(self) -> Option<String> {
        self.identity.name.get()
    }

    /// Whether only a pairing code makes this tablet known; tracked.
    #[must_use]
    pub fn is_unpaired(self) -> bool {
        self.identity.standing.get() == Standing::Unpaired
    }

    /// Id and name, once it has them.
    pub(in crate::stores) fn id_and_name(self) -> Option<(String, String)> {
        let id = self.identity.device_id.get_value()?;
        Some((id, self.identity.name.get_untracked()?))
    }

    /// The token of now, for [`Self::lose`] after a request that took its time.
    pub(in crate::stores) fn token(self) -> Option<String> {
        self.identity.token()
    }

    /// Takes up what was kept.
    pub(super) async fn recall(self) {
        let set = self.ports.get();
        let stored = self
            .ports
            .later()
            .await
            .outbox
            .device()
            .await
            .ok()
            .flatten();
        let is_unpaired = set.preferences.get(UNPAIRED).is_some();
        match stored {
            Some(credentials) if !is_unpaired => return self.accept(&credentials),
            Some(credentials) => self.remember(&credentials),
            None => {
                self.identity
                    .device_id
                    .set_value(set.preferences.get(DEVICE_ID));
                self.identity.name.set(set.preferences.get(NAME));
            }
        }
        if is_unpaired {
            self.identity.standing.set(Standing::Unpaired);
        }
    }

    /// Registers without a code, which only a tablet on the server's own machine may.
    pub(super) async fn introduce(self) -> bool {
        match self.register(None).await {
            Ok(()) => self.beat(Vec::new()).await,
            Err(RemoteError::Refused { status: 403 }) => {
                self.identity.standing.set(Standing::Unpaired);
                self.note_online(true);
                true
            }
            Err(_) => {
                self.note_online(false);
                false
            }
        }
    }

    /// Gives the tablet a name, told to the server when it registers.
    pub(in crate::stores) fn call_it(self, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.identity.name.set(Some(name.to_owned()));
        }
    }

    /// Registers with a code from the console, as the tablet it was before.
    pub(in crate::stores) async fn pair(self, code: String) -> Result<(), RemoteError> {
        self.register(Some(code)).await?;
        self.beat_soon();
        Ok(())
    }

    /// The server refused this token: nothing is sent any more until somebody pairs the tablet.
    pub(in crate::stores) fn lose(self, token: &str) {
        if self.identity.token().as_deref() != Some(token) {
            // The answer came late: there is another token by now.
            return;
        }
        let set = self.ports.get();
        set.preferences.set(UNPAIRED, Some("1"));
        self.send_token(None);
        self.identity.token.set_value(None);
        self.session.tell(VisitEvent::StaffReset);
        self.identity.standing.set(Standing::Unpaired);
    }

    async fn register(self, pairing_code: Option<String>) -> Result<(), RemoteError> {
        let (set, later) = (self.ports.get(), self.ports.later().await);
        let name = self.identity.name.get_untracked();
        let request = RegisterDevice {
            name: name.unwrap_or_else(|| format!("tablet-{}", &self.ports.uuid_v4()[..4])),
            pairing_code,
            device_id: self.identity.device_id.get_value(),
        };
        let credentials = DeviceCredentials::from(later.server.register(request).await?);
        if let Err(error) = later.outbox.set_device(credentials.clone()).await {
            // It works until the next reload, which registers again.
            leptos::logging::error!("the registration was not saved: {error}");
        }
        set.preferences.set(UNPAIRED, None);
        self.accept(&credentials);
        Ok(())
    }

    fn accept(self, credentials: &DeviceCredentials) {
        let token = Some(credentials.token.clone());
        self.remember(credentials);
        self.send_token(token.clone());
        self.identity.token.set_value(token);
        self.identity.standing.set(Standing::Known);
        self.outbox.ring(Wake::Registered);
        self.bell.with_value(|bell| bell.ring(Wake::Registered));
    }

    fn send_token(self, token: Option<String>) {
        // Who has or loses a token has asked a server.
        if let Some(set) = self.ports.arrived() {
            set.server.set_token(token);
        }
    }

    fn remember(self, credentials: &DeviceCredentials) {
        let (id, name) = (&credentials.device_id, &credentials.name);
        let preferences = &self.ports.get().preferences;
        preferences.set(DEVICE_ID, Some(id));
        preferences.set(NAME, Some(name));
        self.identity.device_id.set_value(Some(id.clone()));
        self.identity.name.set(Some(name.clone()));
    }
}
