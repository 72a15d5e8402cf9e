//! What one line says by itself, without the lines around it.
//!
//! Invariant: a line that comes here has no tabs before its text and no line end.

use std::borrow::Cow;

/// How many spaces begin a line.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The line without up to `width` spaces at its start.
pub(super) fn without_indent(line: &str, width: usize) -> &str {
    &line[indent(line).min(width)..]
}

/// The line with the tabs before its text as spaces: they reach to the next multiple of four.
pub(super) fn without_tabs(line: &str) -> Cow<'_, str> {
    let is_before_text =
        |c: char| c.is_ascii_digit() || matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')');
    let start = line.len() - line.trim_start_matches(is_before_text).len();
    let (before, text) = line.split_at(start);
    if !before.contains('\t') {
        return Cow::Borrowed(line);
    }
    let mut spaced = String::new();
    for c in before.chars() {
        if c == '\t' {
            let width = 4 - spaced.len() % 4;
            spaced.push_str(&"    "[..width]);
        } else {
            spaced.push(c);
        }
    }
    spaced.push_str(text);
    Cow::Owned(spaced)
}

/// What is quoted, if the line is.
pub(super) fn quoted(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// Level and text of a heading with `#`.
pub(super) fn heading(line: &str) -> Option<(u8, &str)> {
    let rest = line.trim_start_matches('#');
    let level = u8::try_from(line.len() - rest.len()).ok()?;
    let is_apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    if !(1..=6).contains(&level) || !is_apart {
        return None;
    }
    let text = rest.trim_ascii();
    let open = text.trim_end_matches('#');
    // Marks at the end close the heading if they stand apart.
    let is_closed = open.is_empty() || open.ends_with([' ', '\t']);
    Some((
        level,
        if is_closed {
            open.trim_ascii_end()
        } else {
            text
        },
    ))
}

/// The level of the heading that a line of `=` or `-` makes of the paragraph above it.
pub(super) fn underline(line: &str) -> Option<u8> {
    let line = line.trim_ascii_end();
    let is_all = |mark| !line.is_empty() && line.bytes().all(|byte| byte == mark);
    match line.as_bytes().first()? {
        b'=' => is_all(b'=').then_some(1),
        _ => is_all(b'-').then_some(2),
    }
}

/// Whether the line is a rule.
pub(super) fn is_rule(line: &str) -> bool {
    let mut marks = line.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(mark) = marks.next().filter(|mark| b"-*_".contains(mark)) else {
        return false;
    };
    let mut count = 1;
    marks.all(|other| {
        count += 1;
        other == mark
    }) && count >= 3
}

/// The fence around code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fence {
    pub(super) mark: char,
    length: usize,
    /// Spaces before the fence, which are no part of the code's lines either.
    pub(super) indent: usize,
}

impl Fence {
    /// The fence that a line opens, and the words after it.
    pub(super) fn open(line: &str, indent: usize) -> Option<(Self, &str)> {
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = line.trim_start_matches(mark);
        let length = line.len() - info.len();
        if length < 3 || (mark == '`' && info.contains('`')) {
            return None;
        }
        let fence = Self {
            mark,
            length,
            indent,
        };
        Some((fence, info.trim_ascii()))
    }

    /// Whether a line ends the code.
    pub(super) fn closes(&self, line: &str) -> bool {
        let marks = line.trim_ascii();
        indent(line) < 4
            && marks.len() >= self.length
            && marks.trim_start_matches(self.mark).is_empty()
    }
}

/// The mark of a list item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marker {
    /// The bullet, or what stands after the number: lists differ by it.
    pub(super) mark: char,
    /// The number, if it is no bullet.
    pub(super) number: Option<u32>,
    /// How many columns it takes with its spaces: lines below belong to the item from there on.
    pub(super) width: usize,
    /// Whether nothing stands after it.
    pub(super) is_empty: bool,
}

impl Marker {
    /// The mark that begins a line.
    pub(super) fn read(line: &str) -> Option<Self> {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = line.len() - rest.len();
        let mark = rest.chars().next()?;
        let is_marker = match digits {
            0 => matches!(mark, '-' | '*' | '+' | '•'),
            1..=9 => matches!(mark, '.' | ')'),
            _ => false,
        };
        let text = &rest[mark.len_utf8()..];
        if !is_marker || !(text.is_empty() || text.starts_with([' ', '\t'])) {
            return None;
        }
        let is_empty = text.trim_ascii().is_empty();
        let spaces = indent(text);
        // With more than four the text is code that begins after the first.
        let is_code = is_empty || spaces > 4;
        Some(Self {
            mark,
            number: line[..digits].parse().ok(),
            width: digits + 1 + if is_code { 1 } else { spaces },
            is_empty,
        })
    }

    /// The item's text in the line that begins with this mark.
    pub(super) fn text<'a>(&self, line: &'a str) -> &'a str {
        line.get(self.width + self.mark.len_utf8() - 1..)
            .unwrap_or_default()
    }

    /// Whether it begins a list in the middle of a paragraph, which may just have a number there.
    pub(super) fn can_interrupt(&self) -> bool {
        !self.is_empty && self.number.is_none_or(|number| number == 1)
    }
}

/// How many columns the line below a table's head rules off.
pub(super) fn table_rule(line: &str) -> Option<usize> {
    let columns = cells(line);
    let is_bar = |cell: &String| {
        let bar = cell.strip_prefix(':').unwrap_or(cell);
        let bar = bar.strip_suffix(':').unwrap_or(bar);
        !bar.is_empty() && bar.bytes().all(|byte| byte == b'-')
    };
    columns.iter().all(is_bar).then_some(columns.len())
}

/// The cells of a table's row; `\|` is a bar inside a cell.
pub(super) fn cells(line: &str) -> Vec<String> {
    let line = line.trim_ascii();
    let mut rest = line.strip_prefix('|').unwrap_or(line).chars();
    let mut cells = Vec::new();
    let mut cell = String::new();
    while let Some(c) = rest.next() {
        match c {
            '|' => cells.push(std::mem::take(&mut cell).trim_ascii().to_owned()),
            '\\' => {
                let next = rest.next();
                if next != Some('|') {
                    cell.push(c);
                }
                cell.extend(next);
            }
            c => cell.push(c),
        }
    }
    if !cell.trim_ascii().is_empty() {
        cells.push(cell.trim_ascii().to_owned());
    }
    cells
}
