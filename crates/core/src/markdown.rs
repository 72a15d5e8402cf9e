//! The part of Markdown that models write, for text that is still growing.
//!
//! Owns: paragraphs, headings, lists, code, quotes, tables, rules, emphasis, links, formulas.
//! Must not own: markup or links that can be followed; raw HTML stays text, pictures become words.
//! Invariant: any text gives blocks, in a time that grows with its length alone, and no block
//! depends on the blocks after it, so all but the end of a growing answer stays as it is.
//!
//! A text becomes [`Piece`]s in the order of reading, each with its depth. [`Document`] says which
//! of them are final, [`Drawing`] brings them onto a [`Canvas`].

mod blocks;
mod characters;
mod document;
mod drawing;
mod emphasis;
mod escape;
mod formula;
mod inline;
mod line;
mod nesting;
mod piles;
mod target;
mod work;

#[cfg(test)]
mod tests;

pub use document::{Document, Growth};
pub use drawing::{Canvas, Drawing, Placed};
pub use piles::without_piles;

/// One element or text of a document, in the order of reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How many elements it stands in.
    pub depth: usize,
    /// What it is.
    pub part: Part,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// An element; the pieces after it that are deeper stand in it.
    Element(Element),
    /// A text, never empty.
    Text(String),
}

/// What can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// Running text. The first paragraph of an item has none: its text stands beside the mark.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A list with bullets; holds items.
    BulletList,
    /// A list with numbers; holds items.
    OrderedList {
        /// The number of the first item.
        start: u32,
    },
    /// An item of a list; holds text, then blocks.
    Item {
        /// Whether a blank line stands between it and the item before.
        is_apart: bool,
    },
    /// A block of code; holds texts, one a line, which begin with the line break between them.
    CodeBlock {
        /// The language named after the fence; may be empty.
        language: String,
    },
    /// Something quoted; holds blocks.
    Quote,
    /// A table; holds a head and, if it has rows, a body.
    Table {
        /// How many columns its head has.
        columns: usize,
    },
    /// The head of a table; holds one row.
    TableHead,
    /// The other rows of a table.
    TableBody,
    /// A row; in the body it may have fewer cells than the head, never more.
    Row,
    /// A cell of the head.
    HeadCell,
    /// A cell of the body.
    Cell {
        /// The words of the column's head, at most 60 characters, for screens without room for it.
        column: String,
    },
    /// A rule; holds nothing.
    Rule,
    /// Bold.
    Strong,
    /// Italic.
    Emphasis,
    /// Struck through.
    Strike,
    /// Code; holds at most a text.
    Code,
    /// A formula as text that can be read; holds a text.
    Formula {
        /// Whether it stands by itself; its text may have line breaks.
        is_display: bool,
    },
    /// The words of a link, which is never followed.
    Link,
    /// The address after a link's words, if they are not the address; holds ` (address)`.
    LinkAddress,
    /// A line break; holds nothing.
    Break,
}
