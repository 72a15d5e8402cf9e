//! Parts of the page that come and go, and lists that grow: Leptos's `Show` and `For` with one type
//! for all conditions, keys and children, so that the app carries one copy of them.

use std::sync::Arc;

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

/// Shows something for each number; what stands for a number stays while the number stays.
pub fn for_each(
    numbers: Signal<Vec<u32>>,
    view: impl Fn(u32) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    boxed_for_each(numbers, Arc::new(view))
}

fn boxed_for_each(
    numbers: Signal<Vec<u32>>,
    view: Arc<dyn Fn(u32) -> AnyView + Send + Sync>,
) -> AnyView {
    view! { <For each=move || numbers.get() key=|number| *number children=move |number| view(number) /> }
        .into_any()
}

/// A part of the page that is made anew whenever what it reads changes.
pub fn live<V: Into<Option<AnyView>>>(mut view: impl FnMut() -> V + Send + 'static) -> AnyView {
    boxed_live(Box::new(move || view().into()))
}

fn boxed_live(mut view: Box<dyn FnMut() -> Option<AnyView> + Send>) -> AnyView {
    view! { {move || view()} }.into_any()
}
