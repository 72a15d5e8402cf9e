//! Emphasis, code, links and formulas inside a block.
//!
//! Must not own: which runs are emphasis (`emphasis`), what a formula says (`formula`).
//! Invariant: of a text that is still growing, what is shown stays as long as it can. Marks at its
//! end wait for what follows, and bold, code and addresses count before they are closed.

use super::characters::is_cjk;
use super::emphasis::{Run, open_ended, pair};
use super::escape::character;
use super::formula::readable;
use super::nesting::{Token, nest};
use super::target::Target;
use super::{Piece, work};

/// Longer runs of backticks are text.
const MAX_TICKS: usize = 32;

/// Adds the pieces of a text at a depth. `is_open` says that the text may still grow.
pub(super) fn push_inlines(text: &str, depth: usize, is_open: bool, out: &mut Vec<Piece>) {
    work::add(text.len());
    let text = if is_open {
        // What these mean depends on what follows.
        text.trim_end_matches(['*', '_', '~', '`', '[', '<', '$', '\\', ' ', '\n'])
    } else {
        text
    };
    let mut reader = Reader {
        text,
        is_open,
        ..Reader::default()
    };
    reader.read();
    let order = std::mem::take(&mut reader.order);
    let openers = pair(&mut reader.runs, &order);
    if is_open {
        open_ended(&mut reader.runs, &openers);
    }
    nest(reader.tokens, &reader.runs, depth, out);
}

/// A bracket that may begin a link or an image.
struct Bracket {
    token: usize,
    is_image: bool,
    /// How many runs came before it.
    runs: usize,
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    is_open: bool,
    tokens: Vec<Token>,
    runs: Vec<Run>,
    /// The runs that are not paired yet.
    order: Vec<usize>,
    brackets: Vec<Bracket>,
    /// Brackets of links before this one lie around a link, so they are text.
    first_link: usize,
    /// The ends of formulas that do not come any more.
    missing: [bool; 4],
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let rest = &self.text[at..];
            let plain = rest
                .bytes()
                .position(|byte| b"\n\\`*_~[]!<&$".contains(&byte))
                .unwrap_or(rest.len());
            if plain > 0 {
                self.push_text(&rest[..plain]);
                at += plain;
                continue;
            }
            at = self.special(at).unwrap_or_else(|| {
                self.push_text(&rest[..1]);
                at + 1
            });
        }
    }

    /// Reads what begins at a place, if it is more than text, and returns where it ends.
    fn special(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        match rest.as_bytes()[0] {
            b'\n' => {
                if let Some(Token::Text(text)) = self.tokens.last_mut() {
                    text.truncate(text.trim_end_matches(' ').len());
                }
                self.tokens.push(Token::Break);
                Some(at + 1)
            }
            // Every line break is one in a chat; this mark of a break is not shown.
            b'\\' if rest[1..].starts_with('\n') => Some(at + 1),
            b'\\' => self.formula(at).or_else(|| self.character(at)),
            b'&' => self.character(at),
            b'$' => self.formula(at),
            b'`' => Some(self.code(at)),
            b'<' => self.angle(at),
            b'!' if rest[1..].starts_with('[') => Some(self.open_bracket(at, "![")),
            b'[' => Some(self.open_bracket(at, "[")),
            b']' => self.close_bracket(at),
            mark @ (b'*' | b'_' | b'~') => Some(self.run(at, char::from(mark))),
            _ => None,
        }
    }

    fn push_text(&mut self, more: &str) {
        if let Some(Token::Text(text)) = self.tokens.last_mut() {
            text.push_str(more);
        } else {
            self.tokens.push(Token::Text(more.to_owned()));
        }
    }

    fn character(&mut self, at: usize) -> Option<usize> {
        let (c, used) = character(&self.text[at..])?;
        self.push_text(c.encode_utf8(&mut [0; 4]));
        Some(at + used)
    }

    fn run(&mut self, at: usize, mark: char) -> usize {
        let rest = &self.text[at..];
        let length = rest.len() - rest.trim_start_matches(mark).len();
        if let Some(run) = Run::read(self.text, at, mark, length) {
            self.tokens.push(Token::Run(self.runs.len()));
            self.order.push(self.runs.len());
            self.runs.push(run);
        } else {
            self.push_text(&rest[..length]);
        }
        at + length
    }

    fn code(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let inner = rest.trim_start_matches('`');
        let ticks = rest.len() - inner.len();
        if ticks > MAX_TICKS {
            self.push_text(&rest[..ticks]);
            return at + ticks;
        }
        let mut from = 0;
        let end = loop {
            let Some(next) = inner[from..].find('`') else {
                work::add(inner.len());
                if self.is_open {
                    break inner.len();
                }
                self.push_text(&rest[..ticks]);
                return at + ticks;
            };
            let start = from + next;
            from = inner.len() - inner[start..].trim_start_matches('`').len();
            if from - start == ticks {
                work::add(from);
                break start;
            }
        };
        let code = inner[..end].replace('\n', " ");
        // A space on both sides is there to keep backticks apart.
        let padded = code
            .strip_prefix(' ')
            .and_then(|code| code.strip_suffix(' '));
        let is_blank = code.trim_matches(' ').is_empty();
        let code = padded.filter(|_| !is_blank).unwrap_or(&code).to_owned();
        self.tokens.push(Token::Code(code));
        (at + ticks + end + ticks).min(self.text.len())
    }

    fn formula(&mut self, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let (kind, open, close) = [
            (0, "$$", "$$"),
            (1, "\\[", "\\]"),
            (2, "\\(", "\\)"),
            (3, "$", "$"),
        ]
        .into_iter()
        .find(|(_, open, _)| rest.starts_with(open))?;
        if self.missing[kind] {
            return None;
        }
        let body = &rest[open.len()..];
        let Some(length) = formula_end(body, close) else {
            self.missing[kind] = true;
            // A price is shown at once, a formula when it is whole.
            let is_sure = kind != 3 || body.starts_with('\\');
            return (self.is_open && is_sure).then_some(self.text.len());
        };
        let (tex, after) = body.split_at(length);
        let is_formula = if kind == 3 {
            is_inline_formula(&self.text[..at], tex, &after[1..])
        } else {
            tex.contains(is_word)
        };
        if !is_formula {
            return None;
        }
        self.tokens.push(Token::Formula {
            text: readable(tex),
            is_display: kind < 2,
        });
        Some(at + open.len() + length + close.len())
    }

    /// An address or a line break between angle brackets; other markup is text.
    fn angle(&mut self, at: usize) -> Option<usize> {
        let body = &self.text[at + 1..];
        let end = body.find(['>', '<', '\n'])?;
        work::add(end);
        if !body[end..].starts_with('>') {
            return None;
        }
        let inner = &body[..end];
        if inner
            .trim_end_matches('/')
            .trim_ascii_end()
            .eq_ignore_ascii_case("br")
        {
            self.tokens.push(Token::Break);
        } else {
            let (scheme, rest) = inner.split_once(':')?;
            let is_scheme = (2..=32).contains(&scheme.len())
                && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
            if !is_scheme || rest.contains(|c: char| c.is_ascii_control() || c == ' ') {
                return None;
            }
            self.tokens.push(Token::Link);
            self.tokens.push(Token::Text(inner.to_owned()));
            self.tokens.push(Token::LinkEnd {
                url: inner.to_owned(),
                is_whole: true,
            });
        }
        Some(at + end + 2)
    }

    fn open_bracket(&mut self, at: usize, bracket: &'static str) -> usize {
        self.brackets.push(Bracket {
            token: self.tokens.len(),
            is_image: bracket.len() == 2,
            runs: self.order.len(),
        });
        self.tokens.push(Token::Bracket(bracket));
        at + bracket.len()
    }

    fn close_bracket(&mut self, at: usize) -> Option<usize> {
        let bracket = self.brackets.pop()?;
        let is_inside_link = !bracket.is_image && self.brackets.len() < self.first_link;
        self.first_link = self.first_link.min(self.brackets.len());
        if is_inside_link {
            return None;
        }
        let target = Target::read(&self.text[at + 1..], self.is_open)?;
        let inner = self.order.split_off(bracket.runs);
        pair(&mut self.runs, &inner);
        if bracket.is_image {
            // A picture is never loaded: its words remain.
            self.tokens[bracket.token] = Token::Image;
            self.tokens.push(Token::ImageEnd);
        } else {
            self.first_link = self.brackets.len();
            self.tokens[bracket.token] = Token::Link;
            self.tokens.push(Token::LinkEnd {
                url: target.url,
                is_whole: target.is_whole,
            });
        }
        Some(at + 1 + target.length)
    }
}

/// Where the first `close` of a formula is that is not part of a command.
fn formula_end(body: &str, close: &str) -> Option<usize> {
    let mut at = 0;
    while !body[at..].starts_with(close) {
        let mut chars = body[at..].chars();
        let c = chars.next()?;
        at += c.len_utf8();
        if c == '\\' {
            at += chars.next()?.len_utf8();
        }
        work::add(1);
    }
    Some(at)
}

/// Whether a character can be what a formula is about.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii()
}

/// Whether the text between two dollars is a formula and not what lies between two prices.
fn is_inline_formula(before: &str, tex: &str, after: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let is_sum = tex.starts_with(|c: char| c.is_ascii_digit());
    tex.contains(is_word)
        && !tex.starts_with(char::is_whitespace)
        && !tex.ends_with(char::is_whitespace)
        && !before.ends_with(is_latin)
        && !after.starts_with(is_latin)
        && (!tex.contains(' ') || tex.contains(|c| "\\^_=+*/<>|(){}-".contains(c)))
        && !(is_sum && tex.contains(is_cjk))
}
