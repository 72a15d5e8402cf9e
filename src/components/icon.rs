//! The icons of [`crate::dom`] as a Leptos component.

use leptos::prelude::*;

pub use crate::dom::IconName;

/// One icon, as large as the letters beside it.
#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! { <svg class="i" viewBox="0 0 24 24" aria-hidden="true" inner_html=name.drawing() /> }
}
