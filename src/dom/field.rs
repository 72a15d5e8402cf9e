//! What is read from an element, and what is asked of it, once it is in the page.

use web_sys::wasm_bindgen::JsCast;
use web_sys::{
    FocusOptions, HtmlElement, HtmlInputElement, HtmlTextAreaElement, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use super::{Element, hold};

impl Element {
    /// The text of a field.
    #[must_use]
    pub fn value(&self) -> String {
        if let Some(area) = self.0.dyn_ref::<HtmlTextAreaElement>() {
            return area.value();
        }
        let input = self.0.dyn_ref::<HtmlInputElement>();
        input.map(HtmlInputElement::value).unwrap_or_default()
    }

    /// Replaces the text of a field.
    pub fn set_value(&self, text: &str) {
        if let Some(area) = self.0.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(text);
        } else if let Some(input) = self.0.dyn_ref::<HtmlInputElement>() {
            input.set_value(text);
        }
    }

    /// The text of a field, which follows what the closure reads.
    #[must_use]
    pub fn value_live(self, text: impl Fn() -> String + 'static) -> Self {
        let field = self.clone();
        hold(Box::new(move || field.set_value(&text())));
        self
    }

    /// Where the selection of a field begins, or its cursor stands, in UTF-16 units.
    #[must_use]
    pub fn selection_start(&self) -> Option<u32> {
        let input = self.0.dyn_ref::<HtmlInputElement>()?;
        input.selection_start().ok().flatten()
    }

    /// Gives it the focus. Fails only for an element that has left the page.
    pub fn focus(&self) {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            element.focus().ok();
        }
    }

    /// Gives it the focus and leaves the page where it is.
    pub fn focus_in_place(&self) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            element.focus_with_options(&options).ok();
        }
    }

    /// Whether it has the focus.
    #[must_use]
    pub fn has_focus(&self) -> bool {
        super::document().active_element().as_ref() == Some(&self.0)
    }

    /// Takes the focus from it.
    pub fn blur(&self) {
        if let Some(element) = self.0.dyn_ref::<HtmlElement>() {
            element.blur().ok();
        }
    }

    /// All text in it.
    #[must_use]
    pub fn text_inside(&self) -> String {
        self.0.text_content().unwrap_or_default()
    }

    /// How far its contents go on below what is seen of them, in CSS pixels. What scrolls may be the
    /// element itself or the whole screen around it, of which the dock covers the end.
    #[must_use]
    pub fn below_view(&self) -> f64 {
        let contents = self.0.last_element_child();
        let last = contents.and_then(|contents| contents.last_element_child());
        let Some(last) = last else {
            return 0.0;
        };
        let edge = self.0.get_bounding_client_rect().bottom();
        let dock = super::document().query_selector(".dock").ok().flatten();
        let edge = dock.map_or(edge, |dock| edge.min(dock.get_bounding_client_rect().top()));
        last.get_bounding_client_rect().bottom() - edge
    }

    /// Brings it to the top of what scrolls around it.
    pub fn scroll_here(&self) {
        self.0.scroll_into_view();
    }

    /// Where its contents begin, in CSS pixels below the top of the window.
    #[must_use]
    pub fn contents_top(&self) -> f64 {
        let contents = self.0.last_element_child();
        contents.map_or(0.0, |contents| contents.get_bounding_client_rect().top())
    }

    /// Brings the end of its contents' last element into view.
    pub fn scroll_to_last(&self) {
        if self.below_view() <= 0.0 {
            return;
        }
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::End);
        let contents = self.0.last_element_child();
        if let Some(last) = contents.and_then(|contents| contents.last_element_child()) {
            last.scroll_into_view_with_scroll_into_view_options(&options);
        }
        // Where the whole screen scrolls, the dock lies over its end.
        let below = self.below_view();
        if below > 0.0
            && let Ok(Some(screen)) = self.0.closest(".screen")
        {
            #[expect(clippy::cast_possible_truncation, reason = "saturates")]
            let below = below.ceil() as i32;
            screen.set_scroll_top(screen.scroll_top() + below);
        }
    }
}
