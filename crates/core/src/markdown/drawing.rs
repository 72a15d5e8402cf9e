//! A growing text on a page, with as few changes of the page as it takes.
//!
//! Must not own: what an element looks like; that is the canvas's.
//! Invariant: what is settled is drawn once and never touched again.

use super::document::{Document, Growth};
use super::{Element, Part, Piece};

/// What a text is drawn on: a page, or a test.
pub trait Canvas {
    /// A place on it; copies mean the same place.
    type Node: Clone;
    /// Makes an element that is nowhere yet.
    fn element(&mut self, element: &Element) -> Placed<Self::Node>;
    /// Makes a text that is nowhere yet.
    fn text(&mut self, text: &str) -> Self::Node;
    /// Puts a node at the end of another.
    fn append(&mut self, parent: &Self::Node, child: &Self::Node);
    /// Adds to the end of a text.
    fn append_text(&mut self, text: &Self::Node, more: &str);
    /// Takes a node, and what is in it, out of its parent.
    fn remove(&mut self, parent: &Self::Node, child: &Self::Node);
    /// Takes everything out of a node.
    fn clear(&mut self, parent: &Self::Node);
}

/// An element on a canvas. Mostly both nodes are the same; code in a frame with a button has two.
#[derive(Debug, Clone)]
pub struct Placed<N> {
    /// What is put into the parent.
    pub outer: N,
    /// What takes the children.
    pub inner: N,
}

/// Draws one text, piece by piece.
#[derive(Debug)]
pub struct Drawing<C: Canvas> {
    document: Document,
    /// The nodes around the first open piece, from the root on.
    path: Vec<C::Node>,
    /// The pieces that may still change, and their nodes.
    open: Vec<(Piece, Placed<C::Node>)>,
}

impl<C: Canvas> Default for Drawing<C> {
    fn default() -> Self {
        Self {
            document: Document::default(),
            path: Vec::new(),
            open: Vec::new(),
        }
    }
}

impl<C: Canvas> Drawing<C> {
    /// Draws the text so far into `root`, which belongs to this drawing alone; see
    /// [`Document::grow`].
    pub fn draw(&mut self, canvas: &mut C, root: &C::Node, text: &str) {
        let growth = self.document.grow(text);
        self.show(canvas, root, growth);
    }

    /// Draws the text like [`Drawing::draw`], as one that is whole: half-written syntax is shown
    /// as it is. An answer that ends, or is stopped, needs this once.
    pub fn finish(&mut self, canvas: &mut C, root: &C::Node, text: &str) {
        let growth = self.document.finish(text);
        self.show(canvas, root, growth);
    }

    fn show(&mut self, canvas: &mut C, root: &C::Node, growth: Growth) {
        if growth.is_new {
            canvas.clear(root);
            self.open.clear();
            self.path.clear();
        }
        if self.path.is_empty() {
            self.path.push(root.clone());
        }
        let settled = growth.settled.len();
        let before = std::mem::take(&mut self.open);
        let mut pieces = growth.settled.into_iter().chain(growth.open).peekable();
        let mut path = self.path.clone();
        // What is the same stays; a text may also be the start of what it is now.
        let mut before = before.into_iter().peekable();
        while let (Some((old, placed)), Some(new)) = (before.peek(), pieces.peek()) {
            let Some(more) = continuation(old, new) else {
                break;
            };
            if !more.is_empty() {
                canvas.append_text(&placed.outer, more);
            }
            if let (Some((old, placed)), Some(new)) = (before.next(), pieces.next()) {
                path.truncate(old.depth + 1);
                path.push(placed.inner.clone());
                self.open.push((new, placed));
            }
        }
        // The rest is taken away, from the outside, and made anew.
        let mut top = usize::MAX;
        for (old, placed) in before {
            if old.depth <= top {
                top = old.depth;
                if let Some(parent) = path.get(top) {
                    canvas.remove(parent, &placed.outer);
                }
            }
        }
        for piece in pieces {
            path.truncate(piece.depth + 1);
            let placed = match &piece.part {
                Part::Element(element) => canvas.element(element),
                Part::Text(text) => {
                    let node = canvas.text(text);
                    Placed {
                        outer: node.clone(),
                        inner: node,
                    }
                }
            };
            if let Some(parent) = path.last() {
                canvas.append(parent, &placed.outer);
            }
            path.push(placed.inner.clone());
            self.open.push((piece, placed));
        }
        for (piece, placed) in self.open.drain(..settled) {
            self.path.truncate(piece.depth + 1);
            self.path.push(placed.inner);
        }
    }
}

/// What a text grew by, if the new piece is the old one or a longer text.
fn continuation<'a>(old: &Piece, new: &'a Piece) -> Option<&'a str> {
    match (&old.part, &new.part) {
        (Part::Text(old_text), Part::Text(text)) if old.depth == new.depth => {
            text.strip_prefix(&**old_text)
        }
        _ => (old == new).then_some(""),
    }
}
