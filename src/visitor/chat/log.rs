//! The exchanges so far. The view follows the answer while the visitor is at its end, and never moves
//! under a finger.

use std::cell::Cell;
use std::rc::Rc;

use kiosk_core::chat::ChatKey;
use kiosk_wire::event::{Demo, Team};
use leptos::prelude::*;

use super::exchange::exchange_view;
use super::prompts::prompts;
use crate::dom::{Element, el, listen_to_scrolling, listen_to_window};
use crate::stores::chat::ChatStore;
use crate::visitor::{Worded, settings};

/// Closer to the end than this counts as at the end, in CSS pixels.
const NEAR_END: f64 = 48.0;

/// Whether the view follows the growing answer.
#[derive(Clone)]
pub struct Follow {
    log: Element,
    /// Where the exchanges begin, as it was last.
    top: Rc<Cell<f64>>,
    is_at_end: Rc<Cell<bool>>,
    is_touched: Rc<Cell<bool>>,
}

impl Follow {
    /// A log that is touched, or that was scrolled up, is left where it is.
    fn of(log: &Element) -> Self {
        let follow = Self {
            log: log.clone(),
            top: Rc::new(Cell::new(f64::INFINITY)),
            is_at_end: Rc::new(Cell::new(true)),
            is_touched: Rc::default(),
        };
        let (at_end, watched) = (Rc::clone(&follow.is_at_end), log.clone());
        let before = Rc::clone(&follow.top);
        // Which element scrolls depends on the size of the screen; scrolling does not bubble. What has
        // grown since the view was brought to the end is no wish to leave it: only scrolling back is.
        listen_to_scrolling(move |_| {
            let top = watched.contents_top();
            let is_back = top > before.replace(top);
            if watched.below_view() < NEAR_END {
                at_end.set(true);
            } else if is_back {
                at_end.set(false);
            }
        });
        for (name, is_down) in [
            ("pointerdown", true),
            ("pointerup", false),
            ("pointercancel", false),
        ] {
            let touched = Rc::clone(&follow.is_touched);
            listen_to_window(name, move |_| touched.set(is_down));
        }
        follow
    }

    /// The visitor looks at something else than the end.
    pub fn pause(&self) {
        self.is_at_end.set(false);
    }

    /// A new question: from now on its answer is what is looked at.
    fn resume(&self) {
        self.top.set(self.log.contents_top());
        self.is_at_end.set(true);
    }

    /// Something has grown: brings the end of it all into view.
    pub fn after(&self) {
        if self.is_at_end.get() && !self.is_touched.get() {
            self.log.scroll_to_last();
        }
    }

    /// The same once what is made now is in the page.
    pub fn after_frame(&self) {
        let follow = self.clone();
        request_animation_frame(move || follow.after());
    }
}

pub fn log(key: &ChatKey, team: &Team, demo: &Demo) -> Element {
    let chat = expect_context::<ChatStore>();
    let log = el("div")
        .class("log")
        .attr("tabindex", "0")
        .attr("role", "log")
        .attr("aria-live", "off")
        .words_attr("aria-label", |words| words.chat_log);
    let follow = Follow::of(&log);
    let (asked, listed, of, shown) = (key.clone(), key.clone(), key.clone(), key.clone());
    let (team, demo) = (team.clone(), demo.clone());
    let model = team.model.clone();
    let resized = follow.clone();
    let turn = move |number| {
        follow.resume();
        exchange_view(&of, number, &model, &follow)
    };
    let inside = el("div")
        .class("in")
        .when(
            move || chat.numbers(&asked).is_empty(),
            move || empty(&team, &demo),
        )
        .each(move || chat.numbers(&listed), turn);
    let settings = settings();
    log.child(inside).follow(move || {
        // Letters of another size, controls at another place: the end stays in view.
        let (_size, _is_low) = (settings.size(), settings.is_low());
        if !untrack(|| chat.numbers(&shown).is_empty()) {
            resized.after_frame();
        }
    })
}

fn empty(team: &Team, demo: &Demo) -> Element {
    el("div")
        .class("empty")
        .child(el("h2").words(|words| words.chat_empty_title))
        .child(el("p").class("muted").words(|words| words.chat_empty_hint))
        .child(prompts(&team.id, demo))
}
