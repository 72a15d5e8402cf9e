//! Elements of the page, made and kept up to date without a type of its own for each of them.
//!
//! The visitor's screens are built with this instead of Leptos's `view!`: signals, owners and effects
//! are Leptos's, but a piece of page is one plain [`Element`], so that the app carries one copy of the
//! code that builds, updates and drops (docs/adr/0015). Owns what is in the document below the app;
//! must not own: state, sentences, what a tap means.
//! Invariant: whatever is made under an owner (listeners, effects) ends with that owner.

mod dialog;
mod field;
mod focus;
mod icon;
mod lazy;
mod listen;
mod markdown;
mod pick;
mod region;

use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use web_sys::wasm_bindgen::JsCast;

pub use dialog::{ModalLook, modal};
pub use icon::{IconName, face, icon, ring};
pub use lazy::lazy;
pub use listen::{Event, KeyboardEvent, keys_of_window, listen_to_scrolling, listen_to_window};
pub use markdown::{Prose, Take, markdown};
pub use pick::{Pick, PickKind, pick};

/// An element of the page. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Element(web_sys::Element);

/// A new element, not in the page yet.
///
/// # Panics
///
/// Never for a valid tag name; ours are fixed.
#[must_use]
pub fn el(tag: &'static str) -> Element {
    Element(made(document().create_element(tag)))
}

/// A button with its class and its `data-testid`; empty names are left out.
#[must_use]
pub fn button(class: &str, testid: &str) -> Element {
    el("button").class(class).testid(testid)
}

/// Puts a view at the end of the document's body and lets it live as long as the page.
pub fn mount_to_body(view: impl FnOnce() -> Element + 'static) {
    leptos::mount::mount_to_body(move || {
        let view = view();
        if let Some(body) = document().body() {
            attach(&body, &view.0);
        }
    });
}

fn document() -> web_sys::Document {
    made(
        web_sys::window()
            .and_then(|window| window.document())
            .ok_or(()),
    )
}

/// What a browser gives for certain.
fn made<T, E>(made: Result<T, E>) -> T {
    made.unwrap_or_else(|_| web_sys::wasm_bindgen::throw_str("not in a page"))
}

fn attach(parent: &web_sys::Node, child: &web_sys::Node) {
    // Fails only for a node put into itself.
    parent.append_child(child).ok();
}

/// Keeps an effect for as long as the owner lives.
fn hold(run: Box<dyn FnMut()>) {
    let mut run = run;
    let effect = RenderEffect::new(move |_| run());
    on_cleanup(move || drop(effect));
}

/// Does this when the owner ends.
fn at_end(run: Box<dyn FnOnce()>) {
    // Clean-ups must be movable between threads, of which there is one here.
    let run = StoredValue::new_local(Some(run));
    on_cleanup(move || {
        if let Some(run) = run.try_update_value(Option::take).flatten() {
            run();
        }
    });
}

impl Element {
    /// `class`.
    #[must_use]
    pub fn class(self, names: &str) -> Self {
        if names.is_empty() {
            return self;
        }
        self.attr("class", names)
    }

    /// `data-testid`; an empty name is none.
    #[must_use]
    pub fn testid(self, name: &str) -> Self {
        if name.is_empty() {
            return self;
        }
        self.attr("data-testid", name)
    }

    /// An attribute that stays.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        self.set_attr(name, value);
        self
    }

    /// An attribute that follows what the closure reads; `None` takes it away.
    #[must_use]
    pub fn attr_live<T: Into<Option<String>>>(
        self,
        name: &'static str,
        value: impl Fn() -> T + 'static,
    ) -> Self {
        self.follow_attr(name, Box::new(move || value().into()))
    }

    /// An attribute that says `true` or `false`, such as `aria-pressed`.
    #[must_use]
    pub fn flag(self, name: &'static str, is_on: impl Fn() -> bool + 'static) -> Self {
        self.follow_attr(
            name,
            Box::new(move || Some(if is_on() { "true" } else { "false" }.to_owned())),
        )
    }

    fn follow_attr(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.clone();
        let mut before = None;
        hold(Box::new(move || {
            let now = value();
            match &now {
                Some(value) if before.as_ref() != Some(value) => element.set_attr(name, value),
                None => {
                    element.0.remove_attribute(name).ok();
                }
                Some(_) => {}
            }
            before = now;
        }));
        self
    }

    fn set_attr(&self, name: &str, value: &str) {
        // Fails only for an invalid name; ours are fixed.
        self.0.set_attribute(name, value).ok();
    }

    /// A custom property of the style, through the object model: the policy forbids inline styles.
    #[must_use]
    pub fn css(self, name: &str, value: &str) -> Self {
        self.set_css(name, value);
        self
    }

    /// A custom property that follows what the closure reads.
    #[must_use]
    pub fn css_live(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        let element = self.clone();
        hold(Box::new(move || element.set_css(name, &value())));
        self
    }

    fn set_css(&self, name: &str, value: &str) {
        if let Some(element) = self.0.dyn_ref::<web_sys::HtmlElement>() {
            element.style().set_property(name, value).ok();
        }
    }

    /// Text that stays.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        attach(&self.0, &document().create_text_node(text));
        self
    }

    /// Text that follows what the closure reads.
    #[must_use]
    pub fn say<T: Into<String>>(self, text: impl Fn() -> T + 'static) -> Self {
        self.follow_text(Box::new(move || text().into()))
    }

    fn follow_text(self, text: Box<dyn Fn() -> String>) -> Self {
        let node = document().create_text_node("");
        attach(&self.0, &node);
        let mut before = String::new();
        hold(Box::new(move || {
            let now = text();
            if now != before {
                node.set_data(&now);
                before = now;
            }
        }));
        self
    }

    /// Does this now, and again whenever what the closure reads changes.
    #[must_use]
    pub fn follow(self, run: impl FnMut() + 'static) -> Self {
        hold(Box::new(run));
        self
    }

    /// Another element at the end.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an element that was put somewhere is not meant to be used again"
    )]
    pub fn child(self, child: Element) -> Self {
        attach(&self.0, &child.0);
        self
    }

    /// More elements at the end.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = Element>) -> Self {
        for child in children {
            attach(&self.0, &child.0);
        }
        self
    }

    /// Goes on with what a function adds; for parts that are more than one element.
    #[must_use]
    pub fn with(self, add: impl FnOnce(Self) -> Self) -> Self {
        add(self)
    }

    /// Drawn markup of our own at the end: icons.
    fn markup(self, markup: &str) -> Self {
        self.0.insert_adjacent_html("beforeend", markup).ok();
        self
    }
}
