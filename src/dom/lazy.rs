//! Elements that are not made yet.

use kiosk_core::ports::LocalFuture;

use super::{Element, at_end};
use crate::tasks::spawn_local_scoped_with_cancellation;

/// Stands in for a view until it is made, and gives way to it. Views are made under the owner this is
/// called under, and not at all once that has ended; `then` is told that the view is in the page.
#[must_use]
pub fn lazy(
    wait: Element,
    view: impl Future<Output = Option<Element>> + 'static,
    then: impl FnOnce() + 'static,
) -> Element {
    let place = wait.clone();
    give_way(place, Box::pin(view), Box::new(then));
    wait
}

fn give_way(place: Element, view: LocalFuture<'static, Option<Element>>, then: Box<dyn FnOnce()>) {
    spawn_local_scoped_with_cancellation(async move {
        let Some(view) = view.await else {
            return;
        };
        place.0.replace_with_with_node_1(&view.0).ok();
        at_end(Box::new(move || view.0.remove()));
        then();
    });
}
