//! The part of Markdown that models write, as blocks; for text that is still growing too.
//!
//! Owns: paragraphs, headings, lists, code, quotes, tables, rules.
//! Must not own: markup or links that can be followed; raw HTML stays text, pictures become words.
//! Invariant: any text gives blocks, quickly, and no block depends on the blocks after it,
//! so all but the last few of a growing answer stay as they are.

pub mod inline;

use inline::{Inline, parse_inlines};

/// A block of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        text: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of a numbered list; `None` for bullets.
        start: Option<u32>,
        /// The items, each with its blocks.
        items: Vec<Vec<Block>>,
    },
    /// A block of code.
    Code {
        /// The language named after the fence; may be empty.
        language: String,
        /// The code.
        text: String,
    },
    /// Something quoted.
    Quote(Vec<Block>),
    /// A table.
    Table {
        /// The head row.
        head: Vec<Vec<Inline>>,
        /// The other rows, each as wide as the head.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A rule.
    Rule,
}

/// Nesting beyond this is read as text; models never mean it.
const MAX_DEPTH: usize = 6;

/// The blocks of a text.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    parse_lines(&lines, 0)
}

fn parse_lines(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        if line.trim().is_empty() {
            rest = after;
            continue;
        }
        let (block, used) = parse_block(rest, depth);
        blocks.push(block);
        // Every block takes at least its first line, so this always ends.
        rest = rest.get(used.max(1)..).unwrap_or_default();
    }
    blocks
}

fn parse_block(lines: &[&str], depth: usize) -> (Block, usize) {
    let line = lines[0];
    if let Some(fence) = Fence::open(line) {
        return fence.block(lines);
    }
    if let Some(heading) = heading(line) {
        return (heading, 1);
    }
    if is_rule(line) {
        return (Block::Rule, 1);
    }
    if depth < MAX_DEPTH {
        if quoted(line).is_some() {
            return quote(lines, depth);
        }
        if let Some(marker) = Marker::read(line) {
            return list(lines, &marker, depth);
        }
    }
    if let Some(found) = table(lines) {
        return found;
    }
    paragraph(lines)
}

fn paragraph(lines: &[&str]) -> (Block, usize) {
    let end = (1..lines.len())
        .find(|&at| ends_paragraph(&lines[at..]))
        .unwrap_or(lines.len());
    let text: Vec<&str> = lines[..end].iter().map(|line| line.trim_start()).collect();
    (
        Block::Paragraph(parse_inlines(text.join("\n").trim_end())),
        end,
    )
}

fn ends_paragraph(lines: &[&str]) -> bool {
    let line = lines[0];
    line.trim().is_empty()
        || Fence::open(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || quoted(line).is_some()
        || Marker::read(line).is_some_and(|marker| marker.can_interrupt())
        || table(lines).is_some()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

struct Fence {
    mark: char,
    length: usize,
    indent: usize,
    language: String,
}

impl Fence {
    fn open(line: &str) -> Option<Self> {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = trimmed.trim_start_matches(mark);
        let length = trimmed.len() - info.len();
        if length < 3 || (mark == '`' && info.contains('`')) {
            return None;
        }
        let language = info
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned();
        Some(Self {
            mark,
            length,
            indent: indent(line),
            language,
        })
    }

    fn closes(&self, line: &str) -> bool {
        let trimmed = line.trim();
        trimmed.len() >= self.length && trimmed.chars().all(|c| c == self.mark)
    }

    fn block(self, lines: &[&str]) -> (Block, usize) {
        let close = lines
            .iter()
            .skip(1)
            .position(|line| self.closes(line))
            .map(|at| at + 1);
        let end = close.unwrap_or(lines.len());
        let code: Vec<&str> = lines[1..end]
            .iter()
            .map(|line| line.get(self.indent.min(indent(line))..).unwrap_or(line))
            .collect();
        let used = close.map_or(end, |at| at + 1);
        (
            Block::Code {
                language: self.language,
                text: code.join("\n"),
            },
            used,
        )
    }
}

fn heading(line: &str) -> Option<Block> {
    let trimmed = line.trim_start();
    let text = trimmed.trim_start_matches('#');
    let level = u8::try_from(trimmed.len() - text.len())
        .ok()
        .filter(|l| (1..=6).contains(l))?;
    if !text.is_empty() && !text.starts_with(' ') {
        return None;
    }
    let text = text.trim().trim_end_matches('#').trim_end();
    Some(Block::Heading {
        level,
        text: parse_inlines(text),
    })
}

fn is_rule(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() >= 3
        && matches!(marks[0], '-' | '*' | '_')
        && marks.iter().all(|mark| *mark == marks[0])
}

fn quoted(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

fn quote(lines: &[&str], depth: usize) -> (Block, usize) {
    let inner: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
    let used = inner.len();
    (Block::Quote(parse_lines(&inner, depth + 1)), used)
}

/// The marker of a list item.
struct Marker {
    indent: usize,
    /// Where the item's text begins.
    content: usize,
    number: Option<u32>,
    is_empty: bool,
}

impl Marker {
    fn read(line: &str) -> Option<Self> {
        let indent = indent(line);
        let rest = &line[indent..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, width) = match digits {
            0 => (None, usize::from(rest.starts_with(['-', '*', '+', '•']))),
            1..=9 if rest[digits..].starts_with(['.', ')']) => {
                (rest[..digits].parse().ok(), digits + 1)
            }
            _ => return None,
        };
        let width = if rest.starts_with('•') {
            '•'.len_utf8()
        } else {
            width
        };
        if width == 0 {
            return None;
        }
        let text = &rest[width..];
        if !text.is_empty() && !text.starts_with(' ') {
            return None;
        }
        let spaces = text.len() - text.trim_start_matches(' ').len();
        Some(Self {
            indent,
            content: indent + width + spaces.clamp(1, 4),
            number,
            is_empty: text.trim().is_empty(),
        })
    }

    /// CommonMark: inside a paragraph only a filled bullet or the number 1 begins a list.
    fn can_interrupt(&self) -> bool {
        !self.is_empty && self.number.is_none_or(|number| number == 1)
    }

    fn continues(&self, other: &Self) -> bool {
        self.number.is_some() == other.number.is_some() && other.indent < self.content
    }
}

fn list(lines: &[&str], first: &Marker, depth: usize) -> (Block, usize) {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let Some(marker) = Marker::read(line).filter(|marker| first.continues(marker)) else {
            break;
        };
        let (inner, used) = item_lines(&lines[at..], &marker);
        items.push(parse_lines(&inner, depth + 1));
        at += used;
    }
    (
        Block::List {
            start: first.number,
            items,
        },
        at,
    )
}

/// The lines of one item, without its indent; and how many lines it takes.
fn item_lines<'a>(lines: &[&'a str], marker: &Marker) -> (Vec<&'a str>, usize) {
    let mut inner = vec![lines[0].get(marker.content..).unwrap_or_default()];
    let mut used = 1;
    let mut is_after_blank = false;
    for line in &lines[1..] {
        if line.trim().is_empty() {
            is_after_blank = true;
            inner.push("");
            used += 1;
            continue;
        }
        let is_inside =
            indent(line) >= marker.content.min(marker.indent + 2) && indent(line) > marker.indent;
        let is_lazy = !is_after_blank && Marker::read(line).is_none() && !is_block_start(line);
        if !is_inside && !is_lazy {
            break;
        }
        let cut = marker.content.min(indent(line));
        inner.push(line.get(cut..).unwrap_or(line));
        used += 1;
        is_after_blank = false;
    }
    (inner, used)
}

fn is_block_start(line: &str) -> bool {
    Fence::open(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || quoted(line).is_some()
}

fn table(lines: &[&str]) -> Option<(Block, usize)> {
    let head_line = lines.first().filter(|line| line.contains('|'))?;
    let rule = lines.get(1)?;
    let columns = cells(rule);
    let is_rule = rule.contains('-')
        && columns.iter().all(|cell| {
            let bar = cell.trim_start_matches(':').trim_end_matches(':');
            !bar.is_empty() && bar.chars().all(|c| c == '-')
        });
    let head = cells(head_line);
    if !is_rule || head.len() != columns.len() {
        return None;
    }
    let width = head.len();
    let body: Vec<&&str> = lines[2..]
        .iter()
        .take_while(|line| line.contains('|') && !line.trim().is_empty())
        .collect();
    let used = body.len() + 2;
    let rows = body
        .into_iter()
        .map(|line| {
            let mut row: Vec<_> = cells(line).iter().map(|cell| parse_inlines(cell)).collect();
            row.resize(width, Vec::new());
            row
        })
        .collect();
    let head = head.iter().map(|cell| parse_inlines(cell)).collect();
    Some((Block::Table { head, rows }, used))
}

/// The cells of a table row; `\|` is a bar inside a cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                chars.next();
                push(&mut cells, '|');
            }
            '|' => cells.push(String::new()),
            c => push(&mut cells, c),
        }
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn push(cells: &mut [String], c: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(c);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    fn paragraph_of(words: &str) -> Block {
        Block::Paragraph(text(words))
    }

    #[test]
    fn headings_rules_and_paragraphs() {
        assert_eq!(
            parse("# 제목 #\n글\n이어짐\n\n---\n#아님"),
            [
                Block::Heading {
                    level: 1,
                    text: text("제목")
                },
                Block::Paragraph(vec![
                    Inline::Text("글".to_owned()),
                    Inline::Break,
                    Inline::Text("이어짐".to_owned())
                ]),
                Block::Rule,
                paragraph_of("#아님"),
            ]
        );
    }

    #[test]
    fn lists_nest_and_keep_their_first_number() {
        assert_eq!(
            parse("3. 셋\n   - 안\n4. 넷\n\n* 점"),
            [
                Block::List {
                    start: Some(3),
                    items: vec![
                        vec![
                            paragraph_of("셋"),
                            Block::List {
                                start: None,
                                items: vec![vec![paragraph_of("안")]]
                            }
                        ],
                        vec![paragraph_of("넷")],
                    ]
                },
                Block::List {
                    start: None,
                    items: vec![vec![paragraph_of("점")]]
                },
            ]
        );
    }

    #[test]
    fn a_year_at_the_start_of_a_line_is_no_list() {
        assert_eq!(
            parse("2025.12.30에 열렸어요"),
            [paragraph_of("2025.12.30에 열렸어요")]
        );
        assert_eq!(parse("-5도예요"), [paragraph_of("-5도예요")]);
    }

    #[test]
    fn code_is_kept_as_it_is_even_when_the_fence_is_still_open() {
        let code = |text: &str| Block::Code {
            language: "rust".to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(
            parse("```rust\nlet a = **1**;\n\n# b\n```\n"),
            [code("let a = **1**;\n\n# b")]
        );
        assert_eq!(parse("```rust\nlet a"), [code("let a")]);
    }

    #[test]
    fn tables_have_even_rows() {
        assert_eq!(
            parse("| 요일 | 저녁 |\n|---|:-:|\n| 월 |\n| 화 | 국 \\| 밥 | 더 |\n끝"),
            [
                Block::Table {
                    head: vec![text("요일"), text("저녁")],
                    rows: vec![vec![text("월"), vec![]], vec![text("화"), text("국 | 밥")],]
                },
                paragraph_of("끝"),
            ]
        );
    }

    #[test]
    fn quotes_hold_blocks() {
        assert_eq!(
            parse("> 인용\n> - 점"),
            [Block::Quote(vec![
                paragraph_of("인용"),
                Block::List {
                    start: None,
                    items: vec![vec![paragraph_of("점")]]
                }
            ])]
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_blocks(text in "[\\-*#>|`~ 가a1.\\n\\\\\\[\\]()!_<•]{0,200}") {
            drop(parse(&text));
        }

        #[test]
        fn nothing_but_the_end_changes_while_a_text_grows(
            lines in prop::collection::vec("(가나 다|- 하나|1\\. 둘|# 셋|\\| a \\| b \\||\\|---\\|---\\||> 넷|)", 1..20),
        ) {
            let whole = lines.join("\n\n");
            let before = parse(&lines[..lines.len() - 1].join("\n\n"));
            let after = parse(&whole);
            let frozen = before.len().saturating_sub(1);
            prop_assert_eq!(&before[..frozen], &after[..frozen]);
        }
    }
}
