//! A tablet that rests: staff ended the day, or locked it from the console.

use leptos::prelude::*;

use super::frame::Frame;
use super::sentence;
use crate::components::icon::{Icon, IconName};

#[component]
pub fn LockedScreen() -> impl IntoView {
    view! {
        <Frame screen="locked">
            <main class="locked">
                <Icon name=IconName::Moon />
                <h1>{sentence(|words| words.locked_title)}</h1>
                <p class="lead">{sentence(|words| words.locked_text)}</p>
            </main>
        </Frame>
    }
}
