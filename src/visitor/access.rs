//! Size, colours, reach and time, for whoever needs them otherwise, and who is to be credited.

use leptos::prelude::*;

use super::credits::credits;
use super::parts::titled_dialog;
use super::{Worded, Words, settings};
use crate::dom::{Element, IconName, ModalLook, button, el, icon};
use crate::stores::settings::{TextSize, Theme};

pub fn access_sheet(close: impl Fn() + Copy + 'static) -> Element {
    let is_crediting = RwSignal::new(false);
    let look = ModalLook {
        class: "dialog sheet",
        ..ModalLook::default()
    };
    let foot = el("div")
        .class("row")
        .child(el("p").class("xs muted").words(|words| words.access_reset))
        .child(el("span").class("grow"))
        .child(
            button("btn plain small", "credits")
                .flag("aria-expanded", move || is_crediting.get())
                .words(|words| words.credits)
                .tap(move || is_crediting.update(|on| *on = !*on)),
        );
    titled_dialog(look, |words| words.access_title, "", close)
        .with(|dialog| group(dialog, |words| words.access_size, sizes()))
        .with(|dialog| group(dialog, |words| words.access_theme, themes()))
        .with(|dialog| group(dialog, |words| words.access_help, helps()))
        .child(foot)
        .when(move || is_crediting.get(), credits)
}

/// Adds choices that belong together, under what they are called.
fn group(dialog: Element, name: Words, choices: Element) -> Element {
    let choices = choices.attr("role", "group").words_attr("aria-label", name);
    dialog.child(el("h4").words(name)).child(choices)
}

fn sizes() -> Element {
    let settings = settings();
    let choice = move |size: TextSize, mark: &'static str, name: Words| {
        button("", "")
            .flag("aria-pressed", move || settings.size() == size)
            .child(el("span").attr("data-size", mark).words(name))
            .tap(move || settings.choose_size(size))
    };
    el("div").class("sizes").children([
        choice(TextSize::Normal, "normal", |words| words.size_normal),
        choice(TextSize::Large, "large", |words| words.size_large),
        choice(TextSize::Largest, "largest", |words| words.size_largest),
    ])
}

fn themes() -> Element {
    let settings = settings();
    let choice = move |theme: Theme, mark: &'static str, name: Words| {
        let sample = el("i")
            .class("sw")
            .attr("data-theme", mark)
            .attr("aria-hidden", "true")
            .words(|words| words.sample_letter);
        button("", "")
            .flag("aria-pressed", move || settings.theme() == theme)
            .child(sample)
            .words(name)
            .tap(move || settings.choose_theme(theme))
    };
    el("div").class("sizes").children([
        choice(Theme::Dark, "dark", |words| words.theme_dark),
        choice(Theme::Light, "light", |words| words.theme_light),
        choice(Theme::Contrast, "contrast", |words| words.theme_contrast),
    ])
}

fn helps() -> Element {
    let settings = settings();
    let low = help(
        "access-reach",
        IconName::ArrowDownToLine,
        |words| words.access_low,
        |words| words.access_low_hint,
    )
    .flag("aria-pressed", move || settings.is_low())
    .tap(move || settings.toggle_low());
    let time = help(
        "access-time",
        IconName::Clock,
        |words| words.access_time,
        |words| words.access_time_hint,
    )
    .flag("aria-pressed", move || settings.has_more_time())
    .tap(move || settings.toggle_more_time());
    el("div").class("sizes helps").child(low).child(time)
}

fn help(testid: &'static str, name: IconName, title: Words, hint: Words) -> Element {
    button("", testid)
        .with(icon(name))
        .child(el("b").words(title))
        .child(el("small").words(hint))
}
