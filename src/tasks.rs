//! Tasks and effects of the visitor's app.
//!
//! Owns that each is one boxed type: the runtime's code would otherwise be there once for every task.

use kiosk_core::ports::LocalFuture;
use leptos::prelude::Effect;

/// Runs a task until it ends.
pub(crate) fn spawn_local(task: impl Future<Output = ()> + 'static) {
    let task: LocalFuture<'static, ()> = Box::pin(task);
    leptos::task::spawn_local(task);
}

/// Runs a task until it ends or the owner that this is called under does.
pub(crate) fn spawn_local_scoped_with_cancellation(task: impl Future<Output = ()> + 'static) {
    let task: LocalFuture<'static, ()> = Box::pin(task);
    leptos::task::spawn_local_scoped_with_cancellation(task);
}

/// Runs now and whenever something that it read has changed, as long as the owner lives.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}
