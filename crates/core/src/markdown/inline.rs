//! Emphasis, code and links inside a block.
//!
//! Emphasis opens before and closes after any character that is not a space: CommonMark's own rule
//! leaves the stars of `**마크다운(Markdown)**을` standing, and Korean models write that all day.

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Bold.
    Strong(Vec<Inline>),
    /// Italic.
    Emphasis(Vec<Inline>),
    /// Struck through.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link: its words; the address is shown, never followed.
    Link {
        /// What is read.
        text: Vec<Inline>,
        /// Where it would lead.
        url: String,
    },
    /// A line break.
    Break,
}

/// Nesting beyond this is text.
const MAX_DEPTH: usize = 8;

/// The pieces of a text.
#[must_use]
pub fn parse_inlines(text: &str) -> Vec<Inline> {
    parse(text, 0)
}

fn parse(text: &str, depth: usize) -> Vec<Inline> {
    let mut pieces = Pieces::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let found = if depth < MAX_DEPTH {
            special(text, at, depth)
        } else {
            None
        };
        if let Some((piece, used)) = found {
            pieces.push(piece);
            at += used;
        } else {
            pieces.push_char(c);
            at += c.len_utf8();
        }
    }
    pieces.end()
}

#[derive(Default)]
struct Pieces {
    done: Vec<Inline>,
    text: String,
}

impl Pieces {
    fn push_char(&mut self, c: char) {
        self.text.push(c);
    }

    fn push(&mut self, piece: Inline) {
        match piece {
            Inline::Text(text) => self.text.push_str(&text),
            Inline::Break => {
                // Two spaces before a line break are markup.
                self.text.truncate(self.text.trim_end_matches(' ').len());
                self.flush();
                self.done.push(Inline::Break);
            }
            piece => {
                self.flush();
                self.done.push(piece);
            }
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Inline::Text(std::mem::take(&mut self.text)));
        }
    }

    fn end(mut self) -> Vec<Inline> {
        self.flush();
        self.done
    }
}

/// The piece that begins here, if it is more than text; and how many bytes it takes.
fn special(text: &str, at: usize, depth: usize) -> Option<(Inline, usize)> {
    let rest = &text[at..];
    match rest.as_bytes()[0] {
        b'\n' => Some((Inline::Break, 1)),
        b'\\' => escaped(rest),
        b'`' => code(rest),
        b'!' if rest.starts_with("![") => {
            // A picture is never loaded: its words remain.
            let (words, _, used) = link_parts(&rest[1..])?;
            Some((Inline::Text(words.to_owned()), used + 1))
        }
        b'[' => {
            let (words, url, used) = link_parts(rest)?;
            Some((
                Inline::Link {
                    text: parse(words, depth + 1),
                    url: url.to_owned(),
                },
                used,
            ))
        }
        b'<' => line_break(rest),
        b'*' | b'_' | b'~' => emphasis(text, at, depth),
        _ => None,
    }
}

fn escaped(rest: &str) -> Option<(Inline, usize)> {
    let c = rest[1..].chars().next()?;
    if c == '\n' {
        return Some((Inline::Break, 2));
    }
    c.is_ascii_punctuation()
        .then(|| (Inline::Text(c.to_string()), 2))
}

fn line_break(rest: &str) -> Option<(Inline, usize)> {
    ["<br>", "<br/>", "<br />"]
        .into_iter()
        .find(|tag| {
            rest.get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        })
        .map(|tag| (Inline::Break, tag.len()))
}

fn code(rest: &str) -> Option<(Inline, usize)> {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let fence = &rest[..ticks];
    let inner = &rest[ticks..];
    let mut from = 0;
    while let Some(found) = inner[from..].find(fence) {
        let start = from + found;
        let run = inner[start..].len() - inner[start..].trim_start_matches('`').len();
        if run == ticks {
            let text = inner[..start].replace('\n', " ");
            let is_padded = text.len() > 1 && text.starts_with(' ') && text.ends_with(' ');
            let text = if is_padded {
                &text[1..text.len() - 1]
            } else {
                &*text
            };
            return Some((Inline::Code(text.to_owned()), ticks + start + run));
        }
        from = start + run;
    }
    None
}

/// Words, address and length of `[words](address)`.
fn link_parts(rest: &str) -> Option<(&str, &str, usize)> {
    let mut depth = 0_usize;
    let close = rest.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let target = rest[close + 1..].strip_prefix('(')?;
    let end = target.find(')')?;
    let url = target[..end].split_whitespace().next().unwrap_or_default();
    Some((&rest[1..close], url, close + 1 + 1 + end + 1))
}

fn emphasis(text: &str, at: usize, depth: usize) -> Option<(Inline, usize)> {
    let rest = &text[at..];
    let mark = char::from(rest.as_bytes()[0]);
    let run = rest.len() - rest.trim_start_matches(mark).len();
    let widths: &[usize] = match (mark, run) {
        ('~', 2) => &[2],
        ('~', _) => &[],
        (_, 1) => &[1],
        (_, 2) => &[2],
        (_, 3) => &[3],
        _ => &[],
    };
    // `snake_case` is no emphasis: an underscore between letters opens nothing.
    let before = text[..at].chars().next_back();
    if mark == '_' && before.is_some_and(char::is_alphanumeric) {
        return None;
    }
    widths.iter().find_map(|&width| {
        let inner = &rest[width..];
        if inner.chars().next().is_none_or(char::is_whitespace) {
            return None;
        }
        let end = closing(inner, mark, width)?;
        let pieces = parse(&inner[..end], depth + 1);
        Some((wrap(mark, width, pieces), width + end + width))
    })
}

fn wrap(mark: char, width: usize, pieces: Vec<Inline>) -> Inline {
    match (mark, width) {
        ('~', _) => Inline::Strike(pieces),
        (_, 1) => Inline::Emphasis(pieces),
        (_, 2) => Inline::Strong(pieces),
        _ => Inline::Strong(vec![Inline::Emphasis(pieces)]),
    }
}

/// Where the run that closes this emphasis begins.
fn closing(inner: &str, mark: char, width: usize) -> Option<usize> {
    let mut at = 0;
    let mut before = ' ';
    while let Some(c) = inner[at..].chars().next() {
        if c == '`'
            && let Some((_, used)) = code(&inner[at..])
        {
            at += used;
            before = '`';
            continue;
        }
        if c == '\\' {
            at += inner[at..]
                .chars()
                .take(2)
                .map(char::len_utf8)
                .sum::<usize>();
            before = '\\';
            continue;
        }
        if c != mark {
            at += c.len_utf8();
            before = c;
            continue;
        }
        let run = inner[at..].len() - inner[at..].trim_start_matches(mark).len();
        let after = inner[at + run..].chars().next();
        let is_inside_word = mark == '_' && after.is_some_and(char::is_alphanumeric);
        let closes = run == width || (run == 3 && width < 3);
        if closes && !before.is_whitespace() && !is_inside_word {
            // Of three marks the inner emphasis takes the first ones.
            return Some(if run == 3 && width == 2 { at + 1 } else { at });
        }
        at += run;
        before = mark;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn strong(words: &str) -> Inline {
        Inline::Strong(vec![text(words)])
    }

    #[test]
    fn korean_emphasis_closes_before_a_particle() {
        assert_eq!(
            parse_inlines("**마크다운(Markdown)**을 *써요*."),
            [
                strong("마크다운(Markdown)"),
                text("을 "),
                Inline::Emphasis(vec![text("써요")]),
                text(".")
            ]
        );
        assert_eq!(
            parse_inlines("**‘독자 AI’**는"),
            [strong("‘독자 AI’"), text("는")]
        );
    }

    #[test]
    fn stars_that_mean_stars_stay() {
        for same in ["2 * 3 * 4", "** 아님 **", "a ** b", "****", "*", "5*"] {
            assert_eq!(parse_inlines(same), [text(same)]);
        }
    }

    #[test]
    fn names_with_underscores_stay() {
        assert_eq!(parse_inlines("max_input_chars"), [text("max_input_chars")]);
        assert_eq!(
            parse_inlines("_기울임_"),
            [Inline::Emphasis(vec![text("기울임")])]
        );
    }

    #[test]
    fn emphasis_nests() {
        assert_eq!(
            parse_inlines("***둘*** ~~취소~~ **가 *나* 다**"),
            [
                Inline::Strong(vec![Inline::Emphasis(vec![text("둘")])]),
                text(" "),
                Inline::Strike(vec![text("취소")]),
                text(" "),
                Inline::Strong(vec![
                    text("가 "),
                    Inline::Emphasis(vec![text("나")]),
                    text(" 다")
                ]),
            ]
        );
    }

    #[test]
    fn code_hides_marks() {
        assert_eq!(
            parse_inlines("`a**b` ``c`d`` `open"),
            [
                Inline::Code("a**b".to_owned()),
                text(" "),
                Inline::Code("c`d".to_owned()),
                text(" `open")
            ]
        );
    }

    #[test]
    fn links_are_words_and_pictures_are_never_loaded() {
        assert_eq!(
            parse_inlines("[여기](https://example.org) ![그림](https://example.org/x.png)"),
            [
                Inline::Link {
                    text: vec![text("여기")],
                    url: "https://example.org".to_owned()
                },
                text(" 그림")
            ]
        );
        assert_eq!(parse_inlines("[x] (y)"), [text("[x] (y)")]);
    }

    #[test]
    fn html_is_text() {
        assert_eq!(parse_inlines("<b>굵게</b>"), [text("<b>굵게</b>")]);
        assert_eq!(
            parse_inlines("가<br>나"),
            [text("가"), Inline::Break, text("나")]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(input in "[*_~`\\\\\\[\\]()!<>br/ 가a\\n]{0,120}") {
            drop(parse_inlines(&input));
        }
    }
}
