//! The head of a page: its `h1`, what the browser's tab says, and the page's own buttons.

use leptos::{html, prelude::*};

use crate::console::state::{console, sentence};
use crate::console::words::Words;

/// The page's name, and beside it whatever acts on the whole page.
#[component]
pub fn PageHead(
    title: Words,
    /// More words behind the name.
    #[prop(optional, into)]
    more: Option<Signal<String>>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let console = console();
    console.set_title(title);
    let name = sentence(title);
    let node = NodeRef::<html::H1>::new();
    // Whoever came by keyboard goes on from the new page's name, not from the link that is behind.
    Effect::new(move || {
        if let Some(heading) = node.get() {
            heading.focus().ok();
        }
    });
    view! {
        <div class="page-head">
            <h1 node_ref=node tabindex="-1">
                {move || name.get()}
                {more.map(|more| view! { <span>{move || more.get()}</span> }.into_any())}
            </h1>
            {children.map(|children| view! { <div class="actions">{children()}</div> }.into_any())}
        </div>
    }
}
