//! The console binary: mounts the app of staff and organisers.

use std::rc::Rc;

use kiosk::browser::clock::{BrowserClock, BrowserTimer};
use kiosk::browser::fetch::plain::FetchHttp;
use kiosk::browser::page::BrowserPage;
use kiosk::browser::preferences::LocalPreferences;
use kiosk::console::ports::PortSet;

fn main() {
    kiosk::console::start(PortSet {
        clock: Rc::new(BrowserClock),
        timer: Rc::new(BrowserTimer),
        http: Rc::new(FetchHttp),
        page: Rc::new(BrowserPage),
        preferences: Rc::new(LocalPreferences("booth-console")),
    });
}
