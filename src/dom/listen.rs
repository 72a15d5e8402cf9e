//! What happens in the page.

use web_sys::wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CompositionEvent, EventTarget, InputEvent};

use super::{Element, at_end};

pub use web_sys::{Event, KeyboardEvent};

/// Calls the handler for every such event, until the owner ends.
fn listen(
    target: &EventTarget,
    name: &'static str,
    is_capturing: bool,
    handler: Box<dyn FnMut(Event)>,
) {
    let target = target.clone();
    let handler = Closure::wrap(handler);
    // Fails only for a handler that is none.
    target
        .add_event_listener_with_callback_and_bool(
            name,
            handler.as_ref().unchecked_ref(),
            is_capturing,
        )
        .ok();
    at_end(Box::new(move || {
        target
            .remove_event_listener_with_callback_and_bool(
                name,
                handler.as_ref().unchecked_ref(),
                is_capturing,
            )
            .ok();
    }));
}

/// Listens to the whole window until the owner ends.
pub fn listen_to_window(name: &'static str, handler: impl FnMut(Event) + 'static) {
    if let Some(window) = web_sys::window() {
        listen(&window, name, false, Box::new(handler));
    }
}

/// Calls the handler whenever anything in the window scrolls: such events do not bubble.
pub fn listen_to_scrolling(handler: impl FnMut(Event) + 'static) {
    if let Some(window) = web_sys::window() {
        listen(&window, "scroll", true, Box::new(handler));
    }
}

/// Calls the handler for every key that goes down anywhere, until the owner ends.
pub fn keys_of_window(mut handler: impl FnMut(KeyboardEvent) + 'static) {
    listen_to_window("keydown", move |event| handler(event.unchecked_into()));
}

impl Element {
    /// Calls the handler for every such event.
    #[must_use]
    pub fn on(self, name: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        listen(&self.0, name, false, Box::new(handler));
        self
    }

    /// What a tap does. Browsers report a tap when it is released, and for Enter and space as well.
    #[must_use]
    pub fn tap(self, mut act: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| act())
    }

    /// Hears what a composition leaves behind when it ends.
    #[must_use]
    pub fn on_composition_end(self, mut handler: impl FnMut(&str) + 'static) -> Self {
        self.on("compositionend", move |event| {
            let event: CompositionEvent = event.unchecked_into();
            handler(&event.data().unwrap_or_default());
        })
    }

    /// Hears `beforeinput` or `input` with its `inputType`.
    #[must_use]
    pub fn on_input(
        self,
        name: &'static str,
        mut handler: impl FnMut(&Event, &str) + 'static,
    ) -> Self {
        self.on(name, move |event| {
            let input_type = event.dyn_ref().map(InputEvent::input_type);
            handler(&event, &input_type.unwrap_or_default());
        })
    }

    /// Calls the handler for every key that goes down.
    #[must_use]
    pub fn on_key(self, mut handler: impl FnMut(KeyboardEvent) + 'static) -> Self {
        self.on("keydown", move |event| handler(event.unchecked_into()))
    }
}
