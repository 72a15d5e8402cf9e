//! The screens of staff on the tablet: the code, and the panel behind it.
//!
//! Owns: markup and sentences. Must not own: whether the code is right, what a check finds, or
//! when the panel closes; the store knows. Invariant: nothing a visitor wrote is shown here.

pub mod checks;
pub mod code;
pub mod end_of_day;
pub mod panel;
pub mod queue;

use leptos::prelude::*;

use super::{Worded, Words};
use crate::dom::{Element, IconName, button, icon};
use crate::stores::staff::StaffStore;

/// Back to where the tablet was.
fn leave(label: Words) -> Element {
    let staff = expect_context::<StaffStore>();
    button("btn quiet", "back")
        .with(icon(IconName::ArrowLeft))
        .words(label)
        .tap(move || staff.close())
}

/// Hours and minutes of an RFC 3339 time, as the tablet's clock wrote them.
fn clock_time(time: &str) -> &str {
    time.get(11..16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::clock_time;

    #[test]
    fn a_time_of_day_is_cut_out() {
        assert_eq!(clock_time("2025-12-30T14:31:05.120+09:00"), "14:31");
        assert_eq!(clock_time(""), "");
    }
}
