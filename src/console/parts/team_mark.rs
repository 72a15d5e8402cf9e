//! A team's name behind its light.

use leptos::prelude::*;

use crate::console::state::console;

/// The team with this id; one that is no longer in the event by its id.
#[component]
pub fn TeamMark(#[prop(into)] id: String) -> impl IntoView {
    let console = console();
    let named = id.clone();
    let placed = id.clone();
    view! {
        <span
            class="team-mark"
            data-team=id
            style=("--hue", move || console.team_hue(&placed).to_string())
        >
            {move || console.team_name(&named)}
        </span>
    }
}
