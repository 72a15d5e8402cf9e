//! The capabilities that stores use, as one handle to copy around.

use std::rc::Rc;

use kiosk_core::form::Stamp;
use kiosk_core::ports::{
    Clock, FeedbackTransport, FileSaver, KeyDerivation, OutboxStorage, Preferences, Random,
    TabletHealth, Timer, Updates,
};
use kiosk_core::remote::{ChatTransport, HttpTransport, KioskServer};
use kiosk_wire::id::{uuid_v4, uuid_v7};
use leptos::prelude::*;

/// The page around the app: what stands on its root rather than in a view.
pub trait Page {
    /// Language of the document and its title.
    fn set_language(&self, code: &'static str, title: &'static str);
    /// Colours and size of the whole screen, and whether its controls stand in the lower half.
    fn set_appearance(&self, theme: &'static str, size: &'static str, is_low: bool);
    /// The team whose light colours the screen: its id and hue.
    fn set_team(&self, team: Option<(&str, u32)>);
    /// What the recovery screen says, should the app die.
    fn set_recovery(&self, title: &'static str, text: &'static str);
    /// Shows a new screen from its top, as its parts may stand where the old one was scrolled, and
    /// gives it the focus, which went with the old one.
    fn show_screen(&self);
    /// Takes the focus from whatever has it, so that a keyboard goes away.
    fn blur(&self);
    /// Puts a text into the clipboard; an empty one takes out what was there. Browsers may refuse.
    fn copy(&self, text: &str);
    /// Milliseconds of a clock that only moves forward.
    fn monotonic_millis(&self) -> u64;
    /// The team this tablet is bound to, from the address.
    fn bound_team(&self) -> Option<String>;
    /// Memory of the app, in megabytes. It only ever grows.
    fn memory_mb(&self) -> u32;
    /// Loads the app again.
    fn reload(&self);
}

/// All capabilities.
pub struct PortSet {
    pub clock: Rc<dyn Clock>,
    pub timer: Rc<dyn Timer>,
    pub random: Rc<dyn Random>,
    pub outbox: Rc<dyn OutboxStorage>,
    pub feedback: Rc<dyn FeedbackTransport>,
    pub server: Rc<dyn KioskServer>,
    pub chat: Rc<dyn ChatTransport>,
    pub http: Rc<dyn HttpTransport>,
    pub page: Rc<dyn Page>,
    pub preferences: Rc<dyn Preferences>,
    pub keys: Rc<dyn KeyDerivation>,
    pub files: Rc<dyn FileSaver>,
    pub health: Rc<dyn TabletHealth>,
    pub updates: Rc<dyn Updates>,
}

/// A handle to all capabilities; lives as long as the app.
#[derive(Clone, Copy)]
pub struct Ports(StoredValue<Rc<PortSet>, LocalStorage>);

impl Ports {
    #[must_use]
    pub fn new(set: PortSet) -> Self {
        Self(StoredValue::new_local(Rc::new(set)))
    }

    #[must_use]
    pub fn get(self) -> Rc<PortSet> {
        self.0.get_value()
    }

    /// A new random UUID.
    #[must_use]
    pub fn uuid_v4(self) -> String {
        let mut random = [0; 16];
        self.get().random.fill(&mut random);
        uuid_v4(random)
    }

    /// Id and time of a new entry.
    #[must_use]
    pub fn stamp(self) -> Stamp {
        let set = self.get();
        let mut random = [0; 10];
        set.random.fill(&mut random);
        Stamp {
            id: uuid_v7(set.clock.now_millis(), random),
            created_at: set.clock.now_rfc3339(),
        }
    }

    /// Milliseconds of a clock that only moves forward.
    #[must_use]
    pub fn monotonic_millis(self) -> u64 {
        self.get().page.monotonic_millis()
    }
}
