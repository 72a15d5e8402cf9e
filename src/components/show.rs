//! Parts of the console's pages that come and go: Leptos's `Show` with one type for all conditions and
//! children, so that the app carries one copy of it.

use leptos::children::ViewFn;
use leptos::prelude::*;

/// Shows its children while a condition holds, and otherwise the fallback.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    #[prop(optional, into)] fallback: ViewFn,
    children: ChildrenFn,
) -> impl IntoView {
    let is_shown = Memo::new(move |_| when.get());
    view! { {move || if is_shown.get() { children() } else { fallback.run() }} }
}

/// A part of the page that is made anew whenever what it reads changes.
pub fn live<V: Into<Option<AnyView>>>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    boxed_live(Box::new(move || view().into()))
}

fn boxed_live(mut view: Box<dyn FnMut() -> Option<AnyView> + Send>) -> AnyView {
    view! { {move || view()} }.into_any()
}
