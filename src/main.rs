//! The kiosk binary: mounts the visitor's app.

fn main() {
    kiosk::app::start();
}
