//! Screens that come in chunks.

use std::time::Duration;

use kiosk_core::visit::Screen;
use leptos::prelude::*;

use super::access::access_sheet;
use super::chat::chat_screen;
use super::feedback::feedback_screen;
use super::idle::question;
use super::locked::locked_screen;
use super::setup::setup_screen;
use super::staff::code::code_screen;
use super::staff::panel::panel_screen;
use super::staff_message::said;
use super::team::team_screen;
use super::teams::teams_screen;
use super::thanks::thanks_screen;
use super::{FirstWords, Worded};
use crate::dom::{Element, el, lazy};
use crate::later::chunk;
use crate::stores::ports::Ports;
use crate::stores::staff::Mode;
use crate::tasks::spawn_local;

/// What the chunk of visitors' screens makes.
#[derive(Clone)]
pub(super) enum Part {
    Screen(Screen),
    Locked,
    /// Until the signal says otherwise.
    Access(RwSignal<bool>),
    Idle,
    Message(String),
}

chunk!(booth: fn make_part(part: Part) -> Option<Element> {
    match part {
        Part::Screen(Screen::Attract) => None,
        Part::Screen(Screen::Teams) => Some(teams_screen()),
        Part::Screen(Screen::Team) => Some(team_screen()),
        Part::Screen(Screen::Chat) => Some(chat_screen()),
        Part::Screen(Screen::Feedback) => Some(feedback_screen()),
        Part::Screen(Screen::Thanks) => Some(thanks_screen()),
        Part::Locked => Some(locked_screen()),
        Part::Access(is_open) => Some(access_sheet(move || is_open.set(false))),
        Part::Idle => Some(question()),
        Part::Message(text) => Some(said(&text)),
    }
});

chunk!(staff: fn make_staff(mode: Mode) -> Option<Element> {
    match mode {
        Mode::Code => Some(code_screen()),
        Mode::Panel => Some(panel_screen()),
        Mode::Setup => Some(setup_screen()),
        Mode::Visitor | Mode::Locked => None,
    }
});

/// Pause before staff's chunk is asked for again where nobody waits for it.
const AGAIN: Duration = Duration::from_secs(10);
const LOADING: FirstWords = |words| words.loading;

/// A screen after the first.
pub(super) fn screen_of(part: Part) -> Element {
    let ports = expect_context::<Ports>();
    coming(ports, made(ports, part))
}

/// What stands over a screen; nothing until it is there.
pub(super) fn part(part: Part) -> Element {
    let ports = expect_context::<Ports>();
    lazy(el("i").attr("hidden", ""), made(ports, part), || {})
}

async fn made(ports: Ports, part: Part) -> Option<Element> {
    dressed(ports, async || make_part(part.clone()).await).await
}

/// A view in its look.
async fn dressed(ports: Ports, make: impl AsyncFn() -> Option<Option<Element>>) -> Option<Element> {
    let view = ports.chunk(make).await;
    ports.dressed().await;
    view
}

/// A screen of staff.
pub(super) fn staff_screen(mode: Mode) -> Element {
    let ports = expect_context::<Ports>();
    coming(ports, async move {
        dressed(ports, async || make_staff(mode).await).await
    })
}

/// Brings what staff need before it is needed, as they also come when the server is away, and then what
/// only some texts need.
pub(super) fn fetch_the_rest() {
    let ports = expect_context::<Ports>();
    spawn_local(async move {
        ports.later().await;
        let set = ports.get();
        // A visit may have begun: the page is not loaded again for this.
        while make_staff(Mode::Visitor).await.is_none() {
            set.timer.sleep(AGAIN).await;
        }
        set.page.complete();
    });
}

fn coming(ports: Ports, view: impl Future<Output = Option<Element>> + 'static) -> Element {
    let wait = el("div")
        .class("boot")
        .attr("role", "status")
        .first_words(LOADING);
    lazy(wait, view, move || ports.get().page.show_screen())
}
