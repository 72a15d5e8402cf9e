//! From lines to blocks, one line at a time.
//!
//! Owns: which line opens, continues or ends what.
//! Must not own: what stands inside a line; pieces of lines that are not whole yet.
//! Invariant: what was put out never changes. Only the last paragraph waits in here, because the
//! line after it may make it a heading or a table, and the blocks that are open around it.

mod table;

use std::rc::Rc;

use super::inline::push_inlines;
use super::line::{
    Fence, Marker, heading, indent, is_rule, quoted, underline, without_indent, without_tabs,
};
use super::{Element, Part, Piece, work};

/// Containers beyond this depth are text; models never mean them, and a page must not nest freely.
const MAX_DEPTH: usize = 16;

/// A block that holds blocks.
#[derive(Debug, Clone, Copy)]
enum Container {
    Quote,
    List {
        mark: char,
    },
    Item {
        /// How far the lines of the item are indented.
        width: usize,
        /// Whether it holds nothing yet.
        is_empty: bool,
    },
}

/// A block that holds text, as long as it is open.
#[derive(Debug, Clone, Default)]
enum Leaf {
    #[default]
    None,
    Paragraph {
        text: String,
        /// Whether it is the first block of an item.
        is_first: bool,
        /// What ends the formula that began a line of it.
        formula_end: Option<&'static str>,
    },
    Fenced {
        fence: Fence,
        has_line: bool,
    },
    Indented {
        /// Blank lines, which belong to the code only if more code follows.
        blank: String,
    },
    Table {
        columns: Rc<[String]>,
        has_body: bool,
    },
}

/// The blocks that are open after the last line.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    open: Vec<Container>,
    leaf: Leaf,
    is_after_blank: bool,
    /// Whether the line being read may go on, so that its last words are not final.
    pub(super) is_growing: bool,
}

impl Blocks {
    /// Reads one line without its end.
    pub(super) fn line(&mut self, line: &str, out: &mut Vec<Piece>) {
        work::add(line.len() + 1);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let is_code = matches!(self.leaf, Leaf::Fenced { .. }) && self.open.is_empty();
        let spaced = if is_code {
            line.into()
        } else {
            without_tabs(line)
        };
        let (matched, rest) = self.matching(&spaced);
        if matched == self.open.len() && self.take_raw(rest, out) {
            return;
        }
        let is_blank = rest.trim_ascii().is_empty();
        if is_blank {
            self.close(matched, out);
        } else if let Some((depth, rest)) = self.begin_blocks(matched, rest, out) {
            self.text(depth, rest, out);
        }
        self.is_after_blank = is_blank;
    }

    /// How many open containers go on in this line, and the line without their marks.
    fn matching<'a>(&mut self, line: &'a str) -> (usize, &'a str) {
        let mut rest = line;
        for (at, container) in self.open.iter().enumerate() {
            let inner = match *container {
                Container::List { .. } => Some(rest),
                Container::Quote if indent(rest) < 4 => quoted(rest.trim_start_matches(' ')),
                Container::Quote => None,
                Container::Item { width, .. } if indent(rest) >= width => Some(&rest[width..]),
                // An item that begins with a blank line ends with a second one.
                Container::Item { is_empty, .. } => {
                    (rest.trim_ascii().is_empty() && !is_empty).then_some("")
                }
            };
            match inner {
                Some(inner) => rest = inner,
                None => return (at, rest),
            }
        }
        (self.open.len(), rest)
    }

    /// Gives the line to an open leaf that takes any line: code, or a formula over several lines.
    fn take_raw(&mut self, line: &str, out: &mut Vec<Piece>) -> bool {
        let depth = self.open.len() + 1;
        let is_blank = line.trim_ascii().is_empty();
        match &mut self.leaf {
            Leaf::Fenced { fence, has_line } => {
                if fence.closes(line) {
                    self.leaf = Leaf::None;
                } else {
                    let start = if *has_line { "\n" } else { "" };
                    *has_line = true;
                    push_text(depth, &[start, without_indent(line, fence.indent)], out);
                }
            }
            Leaf::Indented { blank } => {
                if is_blank {
                    blank.push('\n');
                    blank.push_str(without_indent(line, 4));
                } else if indent(line) >= 4 {
                    push_text(depth, &[&*std::mem::take(blank), "\n", &line[4..]], out);
                } else {
                    return false;
                }
            }
            Leaf::Paragraph {
                text,
                formula_end: formula_end @ Some(_),
                ..
            } if !is_blank => append_line(text, formula_end, line),
            _ => return false,
        }
        self.is_after_blank = is_blank;
        true
    }

    /// Opens the blocks that begin in this line. Returns how deep the text after their marks lies,
    /// and the text, unless the line is used up.
    fn begin_blocks<'a>(
        &mut self,
        matched: usize,
        line: &'a str,
        out: &mut Vec<Piece>,
    ) -> Option<(usize, &'a str)> {
        let mut depth = matched;
        let mut rest = line;
        loop {
            let is_paragraph = matches!(self.leaf, Leaf::Paragraph { .. });
            let spaces = indent(rest);
            let text = &rest[spaces..];
            if text.is_empty() {
                return None;
            }
            if spaces >= 4 {
                if is_paragraph {
                    return Some((depth, rest));
                }
                self.begin(depth, out);
                self.element(
                    Element::CodeBlock {
                        language: String::new(),
                    },
                    out,
                );
                push_text(self.open.len() + 1, &[&rest[4..]], out);
                self.leaf = Leaf::Indented {
                    blank: String::new(),
                };
                return None;
            }
            // Whether the line stands directly below a paragraph that is open.
            let is_below = is_paragraph && depth == self.open.len();
            if let Some(inner) = quoted(text).filter(|_| depth < MAX_DEPTH) {
                self.begin(depth, out);
                self.element(Element::Quote, out);
                self.open.push(Container::Quote);
                rest = inner;
            } else if let Some((level, words)) = heading(text) {
                self.begin(depth, out);
                self.heading(level, words, self.is_growing, out);
                return None;
            } else if let Some((fence, info)) = Fence::open(text, spaces) {
                self.begin(depth, out);
                let language = info.split_ascii_whitespace().next().unwrap_or_default();
                let language = super::escape::unescape(language);
                self.element(Element::CodeBlock { language }, out);
                self.leaf = Leaf::Fenced {
                    fence,
                    has_line: false,
                };
                return None;
            } else if let Some(level) = underline(text).filter(|_| is_below) {
                if let Leaf::Paragraph { text, .. } = std::mem::take(&mut self.leaf) {
                    self.heading(level, &text, false, out);
                }
                return None;
            } else if is_rule(text) {
                self.begin(depth, out);
                self.element(Element::Rule, out);
                return None;
            } else if let Some(marker) = Marker::read(text)
                .filter(|marker| depth + 2 <= MAX_DEPTH && (!is_below || marker.can_interrupt()))
            {
                self.item(depth, &marker, spaces, out);
                rest = marker.text(text);
            } else {
                return Some((depth, rest));
            }
            depth = self.open.len();
        }
    }

    fn item(&mut self, depth: usize, marker: &Marker, spaces: usize, out: &mut Vec<Piece>) {
        self.close(depth, out);
        let is_next =
            matches!(self.open.last(), Some(Container::List { mark }) if *mark == marker.mark);
        if !is_next {
            self.begin(depth, out);
            let list = match marker.number {
                Some(start) => Element::OrderedList { start },
                None => Element::BulletList,
            };
            self.element(list, out);
            self.open.push(Container::List { mark: marker.mark });
        }
        let is_apart = is_next && self.is_after_blank;
        self.element(Element::Item { is_apart }, out);
        self.open.push(Container::Item {
            width: spaces + marker.width,
            is_empty: true,
        });
    }

    /// Text that begins no block: of a table, of a paragraph, or a new paragraph.
    fn text(&mut self, depth: usize, line: &str, out: &mut Vec<Piece>) {
        let is_whole = depth == self.open.len();
        if let Leaf::Paragraph {
            text, formula_end, ..
        } = &mut self.leaf
        {
            // A paragraph goes on without the marks of its containers, too.
            if !is_whole {
                append_line(text, formula_end, line);
                return;
            }
            if !self.table(line, out)
                && let Leaf::Paragraph {
                    text, formula_end, ..
                } = &mut self.leaf
            {
                append_line(text, formula_end, line);
            }
            return;
        }
        if is_whole && self.row(line, out) {
            return;
        }
        let is_first = self.begin(depth, out);
        let mut text = String::new();
        let mut formula_end = None;
        append_line(&mut text, &mut formula_end, line);
        self.leaf = Leaf::Paragraph {
            text,
            is_first,
            formula_end,
        };
    }

    fn heading(&self, level: u8, words: &str, is_open: bool, out: &mut Vec<Piece>) {
        self.element(Element::Heading(level), out);
        push_inlines(words.trim_ascii_end(), self.open.len() + 1, is_open, out);
    }

    fn element(&self, element: Element, out: &mut Vec<Piece>) {
        push(self.open.len(), element, out);
    }

    /// Makes room for a block at a depth. Returns whether it is the first one of an item.
    fn begin(&mut self, depth: usize, out: &mut Vec<Piece>) -> bool {
        self.close(depth, out);
        if matches!(self.open.last(), Some(Container::List { .. })) {
            self.open.pop();
        }
        match self.open.last_mut() {
            Some(Container::Item { is_empty, .. }) => std::mem::replace(is_empty, false),
            _ => false,
        }
    }

    /// Ends the open leaf and the containers below a depth.
    pub(super) fn close(&mut self, depth: usize, out: &mut Vec<Piece>) {
        self.push_paragraph(false, out);
        self.leaf = Leaf::None;
        self.open.truncate(depth);
    }

    /// The open paragraph as it looks now.
    pub(super) fn push_paragraph(&self, is_open: bool, out: &mut Vec<Piece>) {
        let Leaf::Paragraph { text, is_first, .. } = &self.leaf else {
            return;
        };
        // A line that begins with a bar waits for the next one: it may be a table's head.
        let last = text.rfind('\n').map_or(0, |at| at + 1);
        let text = if is_open && text[last..].starts_with('|') {
            &text[..last]
        } else {
            text
        };
        let start = out.len();
        let mut depth = self.open.len();
        if !is_first {
            self.element(Element::Paragraph, out);
            depth += 1;
        }
        let empty = out.len();
        push_inlines(text.trim_ascii_end(), depth, is_open, out);
        if out.len() == empty {
            out.truncate(start);
        }
    }

    /// Whether a fence was opened and no line of code came yet.
    pub(super) fn is_at_fence(&self) -> bool {
        matches!(
            self.leaf,
            Leaf::Fenced {
                has_line: false,
                ..
            }
        )
    }

    /// Whether the start of a line does not show yet what the line is.
    pub(super) fn is_undecided(&self, line: &str) -> bool {
        let line = line.trim_ascii();
        match &self.leaf {
            Leaf::Fenced { fence, .. } => line.trim_start_matches(fence.mark).is_empty(),
            Leaf::Table { .. } if line.starts_with('|') => false,
            _ => line
                .chars()
                .all(|c| c.is_ascii_digit() || "-*+_=#`~>|:.)[$\\ •".contains(c)),
        }
    }
}

fn push(depth: usize, element: Element, out: &mut Vec<Piece>) {
    out.push(Piece {
        depth,
        part: Part::Element(element),
    });
}

fn push_text(depth: usize, texts: &[&str], out: &mut Vec<Piece>) {
    let text = texts.concat();
    if !text.is_empty() {
        out.push(Piece {
            depth,
            part: Part::Text(text),
        });
    }
}

/// Adds a line to a paragraph, and notes whether a formula begins or ends in it.
fn append_line(text: &mut String, formula_end: &mut Option<&'static str>, line: &str) {
    let line = line.trim_ascii_start();
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
    *formula_end = match *formula_end {
        Some(end) => Some(end).filter(|end| !line.contains(end)),
        None => [("$$", "$$"), ("\\[", "\\]")]
            .into_iter()
            .find(|(start, end)| {
                line.strip_prefix(start)
                    .is_some_and(|rest| !rest.contains(end))
            })
            .map(|(_, end)| end),
    };
}
