//! A Rust file's code without its comments and literals, word by word.
//!
//! Owns the small lexer the conventions need: identifiers, punctuation and string literals
//! with their lines. It is no parser. Invariant: text inside comments is never taken for code.

/// A word of the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'text> {
    pub(super) kind: Kind,
    pub(super) text: &'text str,
    pub(super) line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Identifier,
    /// `text` is what stands between the quotes.
    Literal,
    Punctuation,
}

/// Reads the words of a file.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer {
        text,
        at: 0,
        line: 1,
        tokens: Vec::new(),
    };
    while lexer.at < text.len() {
        lexer.next();
    }
    lexer.tokens
}

struct Lexer<'text> {
    text: &'text str,
    at: usize,
    line: usize,
    tokens: Vec<Token<'text>>,
}

impl<'text> Lexer<'text> {
    fn next(&mut self) {
        let rest = self.rest();
        if rest.starts_with("//") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(block_comment(rest));
        } else if let Some((prefix, hashes)) = raw_string(rest) {
            self.raw_string(prefix, hashes);
        } else if rest.starts_with("b\"") || rest.starts_with("c\"") {
            self.skip(1);
        } else if rest.starts_with('"') {
            self.string();
        } else if rest.starts_with('\'') {
            self.skip(character(rest));
        } else {
            self.word();
        }
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = rest
            .find(|letter: char| !is_word(letter))
            .unwrap_or(rest.len());
        if length > 0 {
            self.push(Kind::Identifier, 0, length);
            self.skip(length);
            return;
        }
        let letter = rest.chars().next().map_or(1, char::len_utf8);
        if !rest.starts_with(char::is_whitespace) {
            self.push(Kind::Punctuation, 0, letter);
        }
        self.skip(letter);
    }

    fn string(&mut self) {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest[1..]
            .find(|letter| {
                let closes = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                closes
            })
            .map_or(rest.len(), |end| end + 1);
        self.push(Kind::Literal, 1, end);
        self.skip((end + 1).min(rest.len()));
    }

    fn raw_string(&mut self, prefix: usize, hashes: usize) {
        let rest = self.rest();
        let closing = format!("\"{}", "#".repeat(hashes));
        let start = prefix + hashes + 1;
        let end = rest[start..]
            .find(&closing)
            .map_or(rest.len(), |end| start + end);
        self.push(Kind::Literal, start, end);
        self.skip((end + closing.len()).min(rest.len()));
    }

    fn rest(&self) -> &'text str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, from: usize, to: usize) {
        self.tokens.push(Token {
            kind,
            text: &self.rest()[from..to],
            line: self.line,
        });
    }

    fn skip(&mut self, bytes: usize) {
        self.line += self.rest()[..bytes].matches('\n').count();
        self.at += bytes;
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Length of the prefix (`r`, `br`, `cr`) and number of hashes of a raw string that starts here.
fn raw_string(rest: &str) -> Option<(usize, usize)> {
    let prefix = ["r", "br", "cr"]
        .into_iter()
        .find(|prefix| rest.strip_prefix(prefix).is_some_and(starts_raw))?;
    let hashes = rest[prefix.len()..]
        .find(|letter| letter != '#')
        .unwrap_or(0);
    Some((prefix.len(), hashes))
}

fn starts_raw(after_prefix: &str) -> bool {
    after_prefix.trim_start_matches('#').starts_with('"')
}

/// Length of a block comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_u32;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Length of a character literal, or 1 for the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    let Some((_, first)) = letters.next() else {
        return 1;
    };
    if first == '\\' {
        letters.next();
        return letters
            .find(|(_, letter)| *letter == '\'')
            .map_or(1, |(at, _)| at + 1);
    }
    match letters.next() {
        Some((at, '\'')) => at + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let identifiers = |token: &Token<'_>| token.kind == Kind::Identifier;
        let tokens = tokens(text);
        tokens
            .into_iter()
            .filter(identifiers)
            .map(|token| token.text)
            .collect()
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        let text = "// web_sys\n/* js_sys /* deep */ still */ let a = \"rusqlite \\\" b\"; c";
        assert_eq!(words(text), ["let", "a", "c"]);
    }

    #[test]
    fn raw_strings_end_at_their_own_mark() {
        let text = "let r = r#\"a \" b\"#; br\"x\"; end";
        assert_eq!(words(text), ["let", "r", "end"]);
    }

    #[test]
    fn lifetimes_are_no_characters() {
        let text = "fn f<'a>(x: &'a str) -> char { '\\'' ; '\"' ; 'ㄱ' ; g }";
        assert_eq!(words(text), ["fn", "f", "a", "x", "a", "str", "char", "g"]);
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let text = "/* a\n */ \"x\ny\"\nr\"\n\" last";
        assert_eq!(tokens(text).last().map(|token| token.line), Some(5));
    }

    #[test]
    fn an_unclosed_literal_ends_with_the_file() {
        assert_eq!(words("a \"b"), ["a"]);
        assert_eq!(words("a r#\"b"), ["a"]);
        assert_eq!(words("a /* b"), ["a"]);
    }
}
