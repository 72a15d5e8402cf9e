//! The way in for staff: taps in the middle of the top edge, or Alt+Shift+S on a keyboard; Escape is
//! the way out again.
//!
//! Nothing is seen there and nothing is read out, so that it invites nobody; it is no part of the
//! tab order, and a tap on it neither takes the focus nor begins a visit.

use leptos::prelude::*;

use crate::dom::{Element, button, keys_of_window};
use crate::stores::staff::{Mode, StaffStore};

/// How many taps open the code screen.
const TAPS: u8 = 5;

pub fn hotspot() -> Element {
    let staff = expect_context::<StaffStore>();
    button("hotspot", "staff-hotspot")
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
        .on("mousedown", |event| event.prevent_default())
        .on("pointerdown", |event| event.stop_propagation())
        .tap(move || staff.tap_hotspot())
}

/// Listens for the keys for as long as the owner lives.
pub fn listen_for_keys() {
    let staff = expect_context::<StaffStore>();
    keys_of_window(move |event| {
        // The code names the key itself: with these modifiers its letter differs between systems.
        if event.alt_key() && event.shift_key() && event.code() == "KeyS" {
            event.prevent_default();
            for _ in 0..TAPS {
                staff.tap_hotspot();
            }
        }
        let is_open = || matches!(untrack(|| staff.mode()), Mode::Code | Mode::Panel);
        if event.key() == "Escape" && is_open() {
            staff.close();
        }
    });
}
