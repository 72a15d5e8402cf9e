//! The capabilities that stores use, as one handle to copy around.

use std::rc::Rc;
use std::time::Duration;

use kiosk_core::form::Stamp;
use kiosk_core::ports::{
    Clock, FeedbackTransport, FileSaver, KeyDerivation, LocalFuture, OutboxStorage, Preferences,
    Random, TabletHealth, Timer, Updates,
};
use kiosk_core::race::first;
use kiosk_core::remote::{ChatTransport, EventSource, HttpTransport, KioskServer};
use kiosk_wire::id::{uuid_v4, uuid_v7};
use leptos::prelude::*;

use crate::tasks::spawn_local;

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
    /// Asks for the look of all screens but the first, once more if it was asked for before.
    fn dress(&self);
    /// Whether it is there.
    fn is_dressed(&self) -> bool;
    /// Resolves when what the page shows now is drawn.
    fn drawn(&self) -> LocalFuture<'_, ()>;
    /// All that a visit needs is there: what only some texts need may come.
    fn complete(&self);
    /// Takes away the first screen that came with the page, if it is still there: the app shows its own.
    fn uncover(&self);
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

/// How often it is looked whether the first screen is shown.
const LOOK: Duration = Duration::from_millis(20);
/// By then the first screen is drawn, or nobody sees the page.
const DRAWN: Duration = Duration::from_secs(1);
/// Looks before a style that did not come is asked for again.
const PATIENCE: u32 = 500;
/// Pause before a chunk that did not come is asked for again.
const RETRY: Duration = Duration::from_secs(2);
/// A chunk that does not come so often, though the server does, went with an older build.
const TRIES: u32 = 3;

/// Brings what comes after the first screen.
pub trait LaterPorts {
    /// `None` if it did not come.
    fn load(&self) -> LocalFuture<'_, Option<LaterSet>>;
}

/// The capabilities of the first screen.
pub struct PortSet {
    pub clock: Rc<dyn Clock>,
    pub timer: Rc<dyn Timer>,
    pub random: Rc<dyn Random>,
    pub events: Rc<dyn EventSource>,
    pub page: Rc<dyn Page>,
    pub preferences: Rc<dyn Preferences>,
    pub later: Rc<dyn LaterPorts>,
}

/// All others; their code comes after the first screen.
#[derive(Clone)]
pub struct LaterSet {
    pub outbox: Rc<dyn OutboxStorage>,
    pub feedback: Rc<dyn FeedbackTransport>,
    pub server: Rc<dyn KioskServer>,
    pub chat: Rc<dyn ChatTransport>,
    pub http: Rc<dyn HttpTransport>,
    pub keys: Rc<dyn KeyDerivation>,
    pub files: Rc<dyn FileSaver>,
    pub health: Rc<dyn TabletHealth>,
    pub updates: Rc<dyn Updates>,
}

/// A handle to all capabilities; lives as long as the app.
#[derive(Clone, Copy)]
pub struct Ports {
    first: StoredValue<Rc<PortSet>, LocalStorage>,
    later: StoredValue<Option<Rc<LaterSet>>, LocalStorage>,
    is_first_shown: StoredValue<bool>,
}

impl Ports {
    #[must_use]
    pub fn new(set: PortSet) -> Self {
        Self {
            first: StoredValue::new_local(Rc::new(set)),
            later: StoredValue::new_local(None),
            is_first_shown: StoredValue::new(false),
        }
    }

    #[must_use]
    pub fn get(self) -> Rc<PortSet> {
        self.first.get_value()
    }

    /// What comes after the first screen, once it is there.
    pub async fn later(self) -> Rc<LaterSet> {
        if let Some(set) = self.arrived() {
            return set;
        }
        let set = self.get();
        let loaded = self.chunk(async || set.later.load().await).await;
        // Another call may have been faster: there is one set.
        self.arrived().unwrap_or_else(|| {
            let set = Rc::new(loaded);
            self.later.set_value(Some(Rc::clone(&set)));
            set
        })
    }

    /// Asks for what a chunk makes until it comes, and loads the page again if only the chunk is missing.
    /// Chunks are not loaded before the first screen is shown.
    pub async fn chunk<T>(self, make: impl AsyncFn() -> Option<T>) -> T {
        self.first_shown().await;
        let set = self.get();
        for tries in 1_u32.. {
            if let Some(made) = make().await {
                return made;
            }
            set.timer.sleep(RETRY).await;
            // Nothing is lost by it: without the visitor's chunk no visit began, and staff who wait for
            // theirs cannot do without.
            if tries.is_multiple_of(TRIES) && set.events.event().await.is_ok() {
                set.page.reload();
            }
        }
        std::future::pending().await
    }

    /// Resolves when the look of all screens is there.
    pub async fn dressed(self) {
        let set = self.get();
        for looks in 1_u32.. {
            if set.page.is_dressed() {
                return;
            }
            if looks.is_multiple_of(PATIENCE) {
                set.page.dress();
            }
            set.timer.sleep(LOOK).await;
        }
    }

    /// The first screen needs nothing more: once it is drawn, the rest may be fetched.
    pub fn show_first(self) {
        spawn_local(async move {
            let set = self.get();
            first(set.page.drawn(), set.timer.sleep(DRAWN)).await;
            if !self.is_first_shown.get_value() {
                self.is_first_shown.set_value(true);
                set.page.dress();
            }
        });
    }

    /// Resolves when that is so.
    pub async fn first_shown(self) {
        while !self.is_first_shown.get_value() {
            self.get().timer.sleep(LOOK).await;
        }
    }

    /// What comes after the first screen, if it is there.
    #[must_use]
    pub fn arrived(self) -> Option<Rc<LaterSet>> {
        self.later.get_value()
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
