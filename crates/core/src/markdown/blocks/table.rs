//! Tables: a paragraph's last line turns out to be a head, rows follow.

use super::{Blocks, Leaf, push};
use crate::markdown::inline::push_inlines;
use crate::markdown::line::{cells, indent, table_rule};
use crate::markdown::nesting::plain;
use crate::markdown::{Element, Piece};

/// Column names beyond this many characters are cut: every cell repeats its own.
const MAX_NAME: usize = 60;

impl Blocks {
    /// Makes the last line of the open paragraph the head of a table, if this line rules it off.
    pub(super) fn table(&mut self, line: &str, out: &mut Vec<Piece>) -> bool {
        let Leaf::Paragraph { text, .. } = &mut self.leaf else {
            return false;
        };
        let head_start = text.rfind('\n').map_or(0, |at| at + 1);
        let Some(width) = table_rule(line).filter(|_| indent(line) < 4) else {
            return false;
        };
        let head = cells(&text[head_start..]);
        if head.len() != width {
            return false;
        }
        text.truncate(head_start);
        if head_start == 0 {
            self.leaf = Leaf::None;
        }
        self.begin(self.open.len(), out);
        let depth = self.open.len();
        self.element(Element::Table { columns: width }, out);
        push(depth + 1, Element::TableHead, out);
        push(depth + 2, Element::Row, out);
        let mut columns = Vec::new();
        for cell in &head {
            push(depth + 3, Element::HeadCell, out);
            let start = out.len();
            push_inlines(cell, depth + 4, false, out);
            columns.push(plain(&out[start..]).chars().take(MAX_NAME).collect());
        }
        self.leaf = Leaf::Table {
            columns: columns.into(),
            has_body: false,
        };
        true
    }

    /// Makes the line a row of the open table.
    pub(super) fn row(&mut self, line: &str, out: &mut Vec<Piece>) -> bool {
        let depth = self.open.len();
        let Leaf::Table { columns, has_body } = &mut self.leaf else {
            return false;
        };
        // A row without any bar would be the paragraph that models write right after a table.
        if !line.contains('|') {
            return false;
        }
        let row = cells(line);
        if !std::mem::replace(has_body, true) {
            push(depth + 1, Element::TableBody, out);
        }
        push(depth + 2, Element::Row, out);
        let last = row.len();
        for (at, (cell, column)) in (1..).zip(row.iter().zip(columns.iter())) {
            push(
                depth + 3,
                Element::Cell {
                    column: column.clone(),
                },
                out,
            );
            push_inlines(cell, depth + 4, self.is_growing && at == last, out);
        }
        true
    }
}
