//! Size and colours of the whole screen, and who is to be credited for its looks.

use leptos::prelude::*;

use super::credits::Credits;
use super::{sentence, settings};
use crate::components::dialog::Dialog;
use crate::components::show::Show;
use crate::components::tap::tap;
use crate::stores::settings::{TextSize, Theme};

#[component]
pub fn AccessSheet(on_close: Callback<()>) -> impl IntoView {
    let is_crediting = RwSignal::new(false);
    let title = sentence(|words| words.access_menu);
    view! {
        <Dialog label=title class="dialog sheet" on_dismiss=on_close>
            <div class="row">
                <h3>{title}</h3>
                <span class="grow"></span>
                <button class="btn quiet" on:click=tap(move || on_close.run(()))>
                    {sentence(|words| words.close)}
                </button>
            </div>
            <h4>{sentence(|words| words.access_size)}</h4>
            <Sizes />
            <h4>{sentence(|words| words.access_theme)}</h4>
            <Themes />
            <div class="row">
                <p class="xs muted">{sentence(|words| words.access_reset)}</p>
                <span class="grow"></span>
                <button
                    class="btn plain small"
                    data-testid="credits"
                    aria-expanded=move || is_crediting.get().to_string()
                    on:click=tap(move || is_crediting.update(|on| *on = !*on))
                >
                    {sentence(|words| words.credits)}
                </button>
            </div>
            <Show when=move || is_crediting.get()>
                <Credits />
            </Show>
        </Dialog>
    }
}

#[component]
fn Sizes() -> impl IntoView {
    let settings = settings();
    let button = move |size: TextSize, mark: Option<&'static str>, name: Signal<&'static str>| {
        view! {
            <button
                aria-pressed=move || (settings.size() == size).to_string()
                on:click=tap(move || settings.choose_size(size))
            >
                <span data-size=mark>{name}</span>
            </button>
        }
    };
    view! {
        <div class="sizes">
            {button(TextSize::Normal, None, sentence(|words| words.size_normal))}
            {button(TextSize::Large, Some("large"), sentence(|words| words.size_large))}
            {button(TextSize::Largest, Some("largest"), sentence(|words| words.size_largest))}
        </div>
    }
}

#[component]
fn Themes() -> impl IntoView {
    let settings = settings();
    let button = move |theme: Theme, mark: &'static str, name: Signal<&'static str>| {
        view! {
            <button
                aria-pressed=move || (settings.theme() == theme).to_string()
                on:click=tap(move || settings.choose_theme(theme))
            >
                <i class="sw" data-theme=mark aria-hidden="true">
                    {sentence(|words| words.sample_letter)}
                </i>
                {name}
            </button>
        }
    };
    view! {
        <div class="sizes">
            {button(Theme::Dark, "dark", sentence(|words| words.theme_dark))}
            {button(Theme::Light, "light", sentence(|words| words.theme_light))}
            {button(Theme::Contrast, "contrast", sentence(|words| words.theme_contrast))}
        </div>
    }
}
