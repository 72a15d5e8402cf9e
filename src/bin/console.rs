//! The console binary: mounts the app of staff and organisers.

use std::rc::Rc;

use kiosk::browser::chosen_file::InputFiles;
use kiosk::browser::clock::{BrowserClock, BrowserTimer};
use kiosk::browser::desk::BrowserDesk;
use kiosk::browser::fetch::plain::FetchHttp;
use kiosk::browser::page::BrowserPage;
use kiosk::browser::preferences::LocalPreferences;
use kiosk::browser::time_zones::IntlTimeZones;
use kiosk::console::ports::PortSet;

fn main() {
    kiosk::console::start(PortSet {
        clock: Rc::new(BrowserClock),
        timer: Rc::new(BrowserTimer),
        http: Rc::new(FetchHttp),
        page: Rc::new(BrowserPage),
        preferences: Rc::new(LocalPreferences("booth-console")),
        zones: Rc::new(IntlTimeZones),
        desk: Rc::new(BrowserDesk),
        files: Rc::new(InputFiles),
    });
}
