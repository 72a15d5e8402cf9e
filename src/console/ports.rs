//! What the console needs from the browser, as one handle to copy around.

use std::rc::Rc;

use kiosk_core::ports::{Clock, Preferences, Timer};
use kiosk_core::remote::HttpTransport;
use leptos::prelude::*;

use crate::stores::ports::Page;

/// All capabilities.
pub struct PortSet {
    pub clock: Rc<dyn Clock>,
    pub timer: Rc<dyn Timer>,
    pub http: Rc<dyn HttpTransport>,
    pub page: Rc<dyn Page>,
    pub preferences: Rc<dyn Preferences>,
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
