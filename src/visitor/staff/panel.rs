//! The panel: how this tablet stands, and the few things staff do on it.

use std::time::Duration;

use leptos::prelude::*;

use super::checks::checks;
use super::end_of_day::end_day;
use super::queue::queue;
use super::{clock_time, leave};
use crate::dom::{Element, IconName, button, el, icon};
use crate::i18n::fill;
use crate::stores::device::DeviceStore;
use crate::stores::ports::Ports;
use crate::stores::staff::StaffStore;
use crate::tasks::spawn_local_scoped_with_cancellation;
use crate::visitor::frame::{ERASED_SOON, frame};
use crate::visitor::{Worded, settings};

/// How often the time in the head is looked up.
const TICK: Duration = Duration::from_secs(5);

pub fn panel_screen() -> Element {
    let head = el("header")
        .class("head")
        .child(leave(|words| words.close))
        .child(title())
        .child(el("span").class("grow"))
        .with(calling);
    let side = el("div").class("side").child(queue()).with(actions);
    let panel = el("main").class("staff").child(checks()).child(side);
    frame("staff", ERASED_SOON, [head, panel])
}

fn title() -> Element {
    let staff = expect_context::<StaffStore>();
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let now = now_ticking(expect_context());
    let name = move || {
        let name = staff.device_name();
        name.unwrap_or_else(|| settings.words().staff_unnamed.to_owned())
    };
    let line = move || {
        let words = settings.words();
        let now = now.get();
        let now = clock_time(&now);
        match device.last_seen() {
            Some(seen) => fill(
                words.staff_last_seen,
                &[("now", &now), ("seen", &clock_time(&seen))],
            ),
            None => fill(words.staff_never_seen, &[("now", &now)]),
        }
    };
    el("div")
        .class("name")
        .child(el("h2").say(name))
        .child(el("p").class("xs muted").say(line))
}

/// The tablet's time, as long as the owner lives.
fn now_ticking(ports: Ports) -> RwSignal<String> {
    let now = RwSignal::new(ports.get().clock.now_rfc3339());
    spawn_local_scoped_with_cancellation(async move {
        loop {
            ports.get().timer.sleep(TICK).await;
            now.set(ports.get().clock.now_rfc3339());
        }
    });
    now
}

/// A visitor called; one tap says that somebody came.
fn calling(head: Element) -> Element {
    let device = expect_context::<DeviceStore>();
    let settings = settings();
    let since = move || {
        let since = device.call_since().unwrap_or_default();
        fill(
            settings.words().staff_called,
            &[("time", &clock_time(&since))],
        )
    };
    let is_calling = move || device.call_since().is_some();
    let called = move || {
        el("span")
            .class("called small")
            .attr("role", "status")
            .with(icon(IconName::Bell))
            .say(since)
    };
    let answer = move || {
        button("btn", "call-answered")
            .words(|words| words.staff_answered)
            .tap(move || device.end_call())
    };
    head.when(is_calling, called).when(is_calling, answer)
}

fn actions(side: Element) -> Element {
    let staff = expect_context::<StaffStore>();
    let unlock = move || {
        let unlock = button("btn primary", "unlock")
            .with(icon(IconName::LockOpen))
            .words(|words| words.staff_unlock)
            .tap(move || staff.unlock());
        el("div").class("acts-box").child(unlock)
    };
    let reset = move || {
        let reset = button("btn primary", "reset-session")
            .with(icon(IconName::RotateCcw))
            .words(|words| words.staff_reset)
            .tap(move || staff.reset_session());
        let hint = el("p")
            .class("xs muted")
            .words(|words| words.staff_reset_hint);
        el("div")
            .class("acts-box")
            .child(reset)
            .child(hint)
            .with(end_day)
    };
    side.either(move || staff.is_locked(), unlock, reset)
}
