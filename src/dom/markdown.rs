//! Text of a model, drawn as it grows: once a frame, and only what changed. Nothing in it can be
//! followed or loaded, and markup of a model is text.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use kiosk_core::markdown::{Canvas, Drawing, Element as Part, Placed, without_piles};
use leptos::prelude::*;
use web_sys::wasm_bindgen::JsCast;
use web_sys::{CharacterData, Node};

use super::{Element, at_end, attach, document, el, hold};

/// Blocks at the end that stay as they are: one of them grows.
const AWAKE: u32 = 8;
/// Fewer blocks are not worth a look.
const AT_ONCE: u32 = 8;

/// Takes a text, and whether it is whole.
pub type Take<'take> = &'take mut dyn FnMut(&str, bool);

/// A text that may still grow.
pub struct Prose {
    /// Hands over the text so far, and whether it is whole; tracked.
    pub read: Box<dyn Fn(Take<'_>)>,
    /// Hears that something was drawn.
    pub drawn: Box<dyn Fn()>,
    /// Makes what stands above a block of code, given the element that holds the code.
    pub code_tools: fn(&Element) -> Element,
}

/// A text in an element of its own.
#[must_use]
pub fn markdown(prose: Prose) -> Element {
    let root = el("div");
    let painter = Rc::new(Painter {
        owner: Owner::current().unwrap_or_default(),
        root: root.clone(),
        drawing: RefCell::default(),
        resting: Cell::new(0),
        prose,
        is_whole: Cell::new(false),
        is_asked: Cell::new(false),
        is_over: Cell::new(false),
    });
    let ending = Rc::clone(&painter);
    at_end(Box::new(move || ending.is_over.set(true)));
    painter.draw();
    hold(Box::new(move || {
        let mut is_whole = false;
        (painter.prose.read)(&mut |_, is_it| is_whole = is_it);
        if is_whole {
            // Whoever is told that it is whole must find it so; more than whole it does not become.
            if !painter.is_whole.replace(true) {
                painter.show();
            }
        } else {
            painter.is_whole.set(false);
            painter.show_soon();
        }
    }));
    root
}

struct Painter {
    owner: Owner,
    root: Element,
    drawing: RefCell<Drawing<Page>>,
    /// How many blocks from the start rest.
    resting: Cell<u32>,
    prose: Prose,
    /// Whether all of it was shown.
    is_whole: Cell<bool>,
    /// Whether the next frame is asked for.
    is_asked: Cell<bool>,
    /// Whether the owner has ended: a frame that was asked for may come after it.
    is_over: Cell<bool>,
}

impl Painter {
    /// However many pieces come until then, they are drawn together.
    fn show_soon(self: &Rc<Self>) {
        if self.is_asked.replace(true) {
            return;
        }
        let painter = Rc::clone(self);
        request_animation_frame(move || {
            painter.is_asked.set(false);
            if !painter.is_over.get() {
                painter.show();
            }
        });
    }

    fn show(&self) {
        self.draw();
        (self.prose.drawn)();
        self.rest();
    }

    /// Lets blocks rest that do not grow any more: out of sight they cost nothing, and keep their place by
    /// the height that they have now.
    fn rest(&self) {
        let blocks = self.root.0.children();
        let (from, to) = (self.resting.get(), blocks.length().saturating_sub(AWAKE));
        if to < from + AT_ONCE {
            return;
        }
        let resting = (from..to).filter_map(|at| blocks.item(at));
        // All are measured before the first is changed.
        let measured: Vec<_> = resting
            .map(|block| (block.get_bounding_client_rect().height(), Element(block)))
            .collect();
        for (height, block) in measured {
            let height = format!("auto {height}px");
            drop(
                block
                    .attr("data-rests", "")
                    .css("contain-intrinsic-block-size", &height),
            );
        }
        self.resting.set(to);
    }

    fn draw(&self) {
        let root: &Node = &self.root.0;
        let mut page = Page {
            code_tools: self.prose.code_tools,
        };
        let mut drawing = self.drawing.borrow_mut();
        let mut draw = |text: &str, is_whole: bool| {
            if is_whole {
                drawing.finish(&mut page, root, text);
            } else {
                drawing.draw(&mut page, root, text);
            }
        };
        self.owner.with(|| untrack(|| (self.prose.read)(&mut draw)));
    }
}

/// The document as a canvas.
#[derive(Clone, Copy)]
struct Page {
    code_tools: fn(&Element) -> Element,
}

impl Page {
    /// Code in a frame with its tools.
    fn code_block(self) -> Placed<Node> {
        let code = el("code");
        let frame = el("div")
            .class("code")
            .child((self.code_tools)(&code))
            .child(el("pre").attr("tabindex", "0").child(code.clone()));
        placed(frame, code)
    }
}

fn placed(outer: Element, inner: Element) -> Placed<Node> {
    Placed {
        outer: outer.0.into(),
        inner: inner.0.into(),
    }
}

impl Canvas for Page {
    type Node = Node;

    fn element(&mut self, part: &Part) -> Placed<Node> {
        let element = match part {
            Part::CodeBlock { .. } => return self.code_block(),
            Part::Table { columns } => {
                // What a cell holds must not move the others while it comes.
                let table = el("table").css("--columns", &columns.to_string());
                let frame = el("div").class("scroll-x").attr("tabindex", "0");
                return placed(frame.child(table.clone()), table);
            }
            Part::Paragraph => el("p"),
            Part::Heading(1 | 2) => el("h3"),
            Part::Heading(3) => el("h4"),
            Part::Heading(_) => el("h5"),
            Part::BulletList => el("ul"),
            Part::OrderedList { start } => el("ol").attr("start", &start.to_string()),
            Part::Item { is_apart: false } => el("li"),
            Part::Item { is_apart: true } => el("li").class("apart"),
            Part::Quote => el("blockquote"),
            Part::TableHead => el("thead"),
            Part::TableBody => el("tbody"),
            Part::Row => el("tr"),
            Part::HeadCell => el("th").attr("scope", "col"),
            // On a narrow screen rows become lists that name their columns.
            Part::Cell { column } => el("td").attr("data-th", column),
            Part::Rule => el("hr"),
            Part::Strong => el("strong"),
            Part::Emphasis => el("em"),
            Part::Strike => el("del"),
            Part::Code => el("code"),
            Part::Formula { is_display: false } => el("span").class("formula"),
            Part::Formula { is_display: true } => el("span").class("formula display"),
            Part::Link => el("span").class("link"),
            Part::LinkAddress => el("span").class("link-url"),
            Part::Break => el("br"),
        };
        placed(element.clone(), element)
    }

    fn text(&mut self, text: &str) -> Node {
        document().create_text_node(&without_piles(text)).into()
    }

    fn append(&mut self, parent: &Node, child: &Node) {
        attach(parent, child);
    }

    fn append_text(&mut self, text: &Node, more: &str) {
        if let Some(text) = text.dyn_ref::<CharacterData>() {
            // Fails only for a text longer than any browser takes.
            text.append_data(&without_piles(more)).ok();
        }
    }

    fn remove(&mut self, parent: &Node, child: &Node) {
        parent.remove_child(child).ok();
    }

    fn clear(&mut self, parent: &Node) {
        parent.set_text_content(None);
    }
}
