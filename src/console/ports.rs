//! What the console needs from the browser, as one handle to copy around.

use std::rc::Rc;

use kiosk_core::ports::{Clock, LocalFuture, Preferences, Timer};
use kiosk_core::remote::HttpTransport;
use leptos::{ev::Event, prelude::*};

use crate::stores::ports::Page;

/// Local times of places.
pub trait TimeZones {
    /// How far the clocks of this IANA zone were ahead of UTC at this Unix time; `None` for a zone
    /// that the browser does not know.
    fn offset_secs(&self, zone: &str, unix_millis: i64) -> Option<i32>;
}

/// What people do with the browser around the app.
pub trait Desk {
    /// Whether somebody can see the page.
    fn is_visible(&self) -> bool;
    /// Puts a text where it can be pasted from; answers whether that was allowed.
    fn copy(&self, text: String) -> LocalFuture<'static, bool>;
}

/// Files that people choose.
pub trait Files {
    /// The text of the file that was just chosen in a file input; `None` if none was. The choice
    /// is taken back, so that the same file can be chosen again.
    fn chosen_text(
        &self,
        event: &Event,
    ) -> LocalFuture<'static, Result<Option<String>, UnreadableFile>>;
}

/// The browser could not read the file, or it is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file cannot be read")]
pub struct UnreadableFile;

/// All capabilities.
pub struct PortSet {
    pub clock: Rc<dyn Clock>,
    pub timer: Rc<dyn Timer>,
    pub http: Rc<dyn HttpTransport>,
    pub page: Rc<dyn Page>,
    pub preferences: Rc<dyn Preferences>,
    pub zones: Rc<dyn TimeZones>,
    pub desk: Rc<dyn Desk>,
    pub files: Rc<dyn Files>,
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
}
