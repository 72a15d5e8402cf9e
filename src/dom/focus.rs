//! Keeps the focus when what had it is replaced: whoever uses a keyboard or a screen reader would start
//! from the top of the page otherwise.

use web_sys::wasm_bindgen::JsCast;
use web_sys::{Comment, Node};

use super::{Element, document};

/// What takes the focus by itself.
const FOCUSABLE: &str = "button:not([tabindex='-1']), input, textarea, [tabindex='0']";

/// What had the focus.
pub(super) struct Focus {
    testid: Option<String>,
}

impl Focus {
    /// The focus, if it is in one of these.
    pub(super) fn within(elements: &[Element]) -> Option<Self> {
        let active = document().active_element()?;
        let node: &Node = &active;
        let is_within = elements
            .iter()
            .any(|element| element.0.contains(Some(node)));
        is_within.then(|| Self {
            testid: active.get_attribute("data-testid"),
        })
    }

    /// Gives it to what has the same name among these, else to the first that takes it, else to what
    /// comes around them.
    pub(super) fn move_to(self, elements: &[Element], place: &Comment) {
        if document().active_element().as_ref().is_some_and(has_focus) {
            // The new view has taken it by itself.
            return;
        }
        let found = elements
            .iter()
            .find_map(|element| element.named(self.testid.as_deref()))
            .or_else(|| elements.iter().find_map(Element::first_focusable))
            .or_else(|| around(place));
        if let Some(element) = found {
            element.focus_in_place();
        }
    }
}

/// Where nothing has the focus, browsers say that the body has it.
fn has_focus(active: &web_sys::Element) -> bool {
    active.dyn_ref::<web_sys::HtmlBodyElement>().is_none()
}

/// The nearest element around a place that takes the focus itself, as a log does, else the nearest that has
/// something to focus: what is only near must not be pressed by a key that was meant for what is gone.
fn around(place: &Comment) -> Option<Element> {
    let parents = || {
        let mut next = place.parent_element();
        std::iter::from_fn(move || {
            let parent = next.take()?;
            next = parent.parent_element();
            Some(Element(parent))
        })
    };
    let takes_it = |element: &Element| element.0.matches(FOCUSABLE).unwrap_or_default();
    let itself = parents().find(takes_it);
    itself.or_else(|| parents().find_map(|parent| parent.first_focusable()))
}

impl Element {
    fn first_focusable(&self) -> Option<Element> {
        self.found(FOCUSABLE)
    }

    fn named(&self, testid: Option<&str>) -> Option<Element> {
        let selector = ["[data-testid='", testid?, "']"].concat();
        self.found(&selector)
    }

    /// Itself or the first inside of it.
    fn found(&self, selector: &str) -> Option<Element> {
        if self.0.matches(selector).unwrap_or_default() {
            return Some(self.clone());
        }
        self.0.query_selector(selector).ok().flatten().map(Element)
    }
}
