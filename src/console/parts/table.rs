//! The box a table stands in: wide tables scroll inside it, by keyboard too.

use leptos::prelude::*;

/// A named region around a table.
#[component]
pub fn TableBox(
    /// What the table shows.
    #[prop(into)]
    label: Signal<&'static str>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="box table-box" role="region" tabindex="0" aria-label=move || label.get()>
            {children()}
        </div>
    }
}
