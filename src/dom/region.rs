//! Parts of an element that come and go. Each has an owner of its own, which ends with it.

use leptos::prelude::*;
use web_sys::{Comment, Node};

use super::focus::Focus;
use super::{Element, attach, document, hold};

/// A place among an element's children, and what stands there now.
struct Region {
    end: Comment,
    owner: Owner,
    shown: Option<Shown>,
}

/// Elements and all that was made with them.
struct Shown {
    elements: Vec<Element>,
    owner: Owner,
}

impl Shown {
    fn remove(self) {
        self.owner.cleanup();
        for element in self.elements {
            element.0.remove();
        }
    }
}

impl Region {
    fn at_end_of(parent: &Element) -> Self {
        let end = document().create_comment("");
        attach(&parent.0, &end);
        Self {
            end,
            owner: Owner::current().unwrap_or_default(),
            shown: None,
        }
    }

    fn make(&self, view: impl FnOnce() -> Vec<Element>) -> Shown {
        let owner = self.owner.with(Owner::new);
        let elements = owner.with(view);
        for element in &elements {
            self.insert(&element.0);
        }
        Shown { elements, owner }
    }

    fn insert(&self, node: &Node) {
        if let Some(parent) = self.end.parent_node() {
            parent.insert_before(node, Some(&self.end)).ok();
        }
    }

    /// The old goes first: one of both is in the document at a time. The focus does not go with it.
    fn show(&mut self, view: impl FnOnce() -> Vec<Element>) {
        let focus = self.shown.take().and_then(|shown| {
            let focus = Focus::within(&shown.elements);
            shown.remove();
            focus
        });
        let shown = self.make(view);
        if let Some(focus) = focus {
            focus.move_to(&shown.elements, &self.end);
        }
        self.shown = Some(shown);
    }
}

impl Element {
    /// A part that is made anew whenever what the closure reads changes.
    #[must_use]
    pub fn live<T: IntoIterator<Item = Element>>(self, view: impl Fn() -> T + 'static) -> Self {
        self.boxed_live(Box::new(move || view().into_iter().collect()))
    }

    fn boxed_live(self, view: Box<dyn Fn() -> Vec<Element>>) -> Self {
        let mut region = Region::at_end_of(&self);
        hold(Box::new(move || region.show(&view)));
        self
    }

    /// A part that is there while a condition holds.
    #[must_use]
    pub fn when(
        self,
        condition: impl Fn() -> bool + 'static,
        view: impl Fn() -> Element + 'static,
    ) -> Self {
        self.boxed_either(
            Box::new(condition),
            Box::new(move || vec![view()]),
            Box::new(Vec::new),
        )
    }

    /// One of two parts, by a condition.
    #[must_use]
    pub fn either(
        self,
        condition: impl Fn() -> bool + 'static,
        view: impl Fn() -> Element + 'static,
        otherwise: impl Fn() -> Element + 'static,
    ) -> Self {
        self.boxed_either(
            Box::new(condition),
            Box::new(move || vec![view()]),
            Box::new(move || vec![otherwise()]),
        )
    }

    fn boxed_either(
        self,
        condition: Box<dyn Fn() -> bool>,
        view: Box<dyn Fn() -> Vec<Element>>,
        otherwise: Box<dyn Fn() -> Vec<Element>>,
    ) -> Self {
        let mut region = Region::at_end_of(&self);
        let mut before = None;
        hold(Box::new(move || {
            let now = condition();
            if before.replace(now) != Some(now) {
                let view = if now { &view } else { &otherwise };
                untrack(|| region.show(view));
            }
        }));
        self
    }

    /// Something for each number. What stands for a number stays while the number stays; new
    /// numbers come at the end.
    #[must_use]
    pub fn each(
        self,
        numbers: impl Fn() -> Vec<u32> + 'static,
        view: impl Fn(u32) -> Element + 'static,
    ) -> Self {
        self.boxed_each(Box::new(numbers), Box::new(view))
    }

    fn boxed_each(
        self,
        numbers: Box<dyn Fn() -> Vec<u32>>,
        view: Box<dyn Fn(u32) -> Element>,
    ) -> Self {
        let region = Region::at_end_of(&self);
        let mut shown: Vec<(u32, Shown)> = Vec::new();
        hold(Box::new(move || {
            let numbers = numbers();
            let (kept, gone) = std::mem::take(&mut shown)
                .into_iter()
                .partition(|(number, _)| numbers.contains(number));
            shown = kept;
            let gone: Vec<(u32, Shown)> = gone;
            for (_, gone) in gone {
                gone.remove();
            }
            for number in numbers {
                if shown.iter().all(|(other, _)| *other != number) {
                    let made = untrack(|| region.make(|| vec![view(number)]));
                    shown.push((number, made));
                }
            }
        }));
        self
    }
}
