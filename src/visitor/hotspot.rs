//! The way in for staff: taps in the middle of the top edge, or Alt+Shift+S on a keyboard; Escape is
//! the way out again.
//!
//! Nothing is seen there and nothing is read out, so that it invites nobody; it is no part of the
//! tab order, and a tap on it neither takes the focus nor begins a visit.

use leptos::{ev, prelude::*};

use crate::components::tap::tap;
use crate::stores::staff::{Mode, StaffStore};

/// How many taps open the code screen.
const TAPS: u8 = 5;

#[component]
pub fn Hotspot() -> impl IntoView {
    let staff = expect_context::<StaffStore>();
    view! {
        <button
            class="hotspot"
            data-testid="staff-hotspot"
            tabindex="-1"
            aria-hidden="true"
            on:mousedown=move |event| event.prevent_default()
            on:pointerdown=move |event| event.stop_propagation()
            on:click=tap(move || staff.tap_hotspot())
        ></button>
    }
}

/// Listens for the keys for as long as the owner lives.
pub fn listen_for_keys() {
    let staff = expect_context::<StaffStore>();
    let handle = window_event_listener(ev::keydown, move |event| {
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
    on_cleanup(move || handle.remove());
}
