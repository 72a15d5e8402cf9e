//! The kiosk binary: mounts the visitor's app.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// Writes over what is freed: what a visitor said must not lie in the memory of the page, which anybody
/// who opens the browser's tools can read, until something else happens to be written there.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() {
    kiosk::app::start();
}
