//! Which module may name which, inside the page and inside the server.
//!
//! Owns the rules that crates cannot express: who touches the browser, who sees stores, where
//! SQL and HTTP extractors may stand. Invariant: it judges code only, never comments.

use super::Finding;
use super::rust_text::{Kind, Token, tokens};
use crate::project::SourceFile;

/// Crates that are the browser itself.
const BROWSER_CRATES: [&str; 4] = ["web_sys", "js_sys", "wasm_bindgen", "wasm_bindgen_futures"];
/// Programs of their own beside the page, which are nothing but such an adapter.
const WORKERS: [&str; 1] = ["bin/guide_worker.rs"];
/// A module of the page, and the modules it must not name.
const UNSEEN: [(&str, &[&str]); 6] = [
    ("bin", &["visitor"]),
    (
        "dom",
        &[
            "browser",
            "components",
            "stores",
            "visitor",
            "console",
            "i18n",
        ],
    ),
    ("components", &["browser", "stores"]),
    ("stores", &["browser"]),
    ("visitor", &["browser", "console"]),
    ("console", &["browser", "visitor"]),
];
const SQL_STARTS: [&str; 9] = [
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE ",
    "ALTER ",
    "DROP ",
    "PRAGMA ",
    "WITH ",
];

/// Checks one Rust file.
pub(super) fn check(file: &SourceFile) -> Vec<Finding> {
    let advice = if let Some(inside) = file.path.strip_prefix("src/") {
        page(inside, &file.text)
    } else if let Some(inside) = file.path.strip_prefix("crates/server/src/") {
        server(inside, &file.text)
    } else {
        Vec::new()
    };
    advice
        .into_iter()
        .map(|(line, advice)| Finding::failure(&file.path, line, advice))
        .collect()
}

type Advice = Vec<(usize, String)>;

/// `components/button.rs` and `components.rs` belong to `components`.
fn module_of(inside: &str) -> &str {
    let first = inside.split('/').next().unwrap_or(inside);
    first.trim_end_matches(".rs")
}

fn page(inside: &str, text: &str) -> Advice {
    let module = module_of(inside);
    if module == "browser" || WORKERS.contains(&inside) {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut advice = Vec::new();
    // What screens are made of is the browser's own.
    let is_free = module == "dom";
    for token in tokens.iter().filter(|token| !is_free && is_browser(token)) {
        advice.push((
            token.line,
            format!(
                "`{}` is named outside `browser/` and `dom/`: put a port in core and its adapter in `browser/`",
                token.text
            ),
        ));
    }
    let Some((_, unseen)) = UNSEEN.iter().find(|(name, _)| *name == module) else {
        return advice;
    };
    for (line, named) in named_modules(inside, &tokens) {
        if unseen.contains(&named) {
            advice.push((
                line,
                format!("`{module}` must not see `{named}`: pass what it needs from above"),
            ));
        }
    }
    advice
}

fn is_browser(token: &Token<'_>) -> bool {
    token.kind == Kind::Identifier
        && (BROWSER_CRATES.contains(&token.text) || token.text.starts_with("gloo"))
}

/// The page's top modules that a file names by `crate::`, `kiosk::` or `super::`.
fn named_modules<'text>(inside: &str, tokens: &[Token<'text>]) -> Vec<(usize, &'text str)> {
    let depth = inside.trim_end_matches(".rs").split('/').count();
    let mut named = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let supers = count_supers(&tokens[at..]);
        let rooted = matches!(tokens[at].text, "crate" | "kiosk") && is_path(&tokens[at + 1..]);
        if rooted {
            at += 3;
        } else if supers > 0 {
            at += 3 * supers;
        } else {
            at += 1;
            continue;
        }
        if rooted || supers == depth {
            named.extend(heads(&tokens[at.min(tokens.len())..]));
        }
    }
    named
}

fn count_supers(mut tokens: &[Token<'_>]) -> usize {
    let mut count = 0;
    while tokens.first().is_some_and(|token| token.text == "super") && is_path(&tokens[1..]) {
        count += 1;
        tokens = &tokens[3..];
    }
    count
}

fn is_path(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [one, two, ..] if one.text == ":" && two.text == ":")
}

/// The first names after `crate::`, also of a group in braces.
fn heads<'text>(tokens: &[Token<'text>]) -> Vec<(usize, &'text str)> {
    let Some(first) = tokens.first() else {
        return Vec::new();
    };
    if first.text != "{" {
        return vec![(first.line, first.text)];
    }
    let mut depth = 0_u32;
    let mut expected = true;
    let mut heads = Vec::new();
    for token in tokens {
        match token.text {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," if depth == 1 => expected = true,
            _ if depth == 1 && expected => {
                heads.push((token.line, token.text));
                expected = false;
            }
            _ => {}
        }
    }
    heads
}

fn server(inside: &str, text: &str) -> Advice {
    let tokens = tokens(text);
    match module_of(inside) {
        "routes" => routes(&tokens),
        "storage" | "llm" => without_extractors(&tokens),
        _ => Vec::new(),
    }
}

fn routes(tokens: &[Token<'_>]) -> Advice {
    tokens
        .iter()
        .filter(|token| match token.kind {
            Kind::Identifier => token.text == "rusqlite",
            Kind::Literal => is_sql(token.text),
            Kind::Punctuation => false,
        })
        .map(|token| {
            let advice = "routes hold no SQL: add a method to the storage trait";
            (token.line, advice.to_owned())
        })
        .collect()
}

fn is_sql(literal: &str) -> bool {
    let literal =
        literal.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\\');
    SQL_STARTS.iter().any(|start| literal.starts_with(start))
}

fn without_extractors(tokens: &[Token<'_>]) -> Advice {
    let mut advice = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.text != "axum" || !is_path(&tokens[at + 1..]) {
            continue;
        }
        for (line, name) in heads(&tokens[at + 3..]) {
            if name == "extract" {
                let said = "extractors belong to routes: take plain values here";
                advice.push((line, said.to_owned()));
            }
        }
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check(&file).iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn only_the_browser_module_names_the_browser() {
        let text = "use web_sys::Window;\n// js_sys\nuse gloo_net::http;";
        assert_eq!(found("src/visitor/team.rs", text), [1, 3]);
        assert_eq!(found("src/app.rs", text), [1, 3]);
        assert_eq!(found("src/bin/console.rs", text), [1, 3]);
        assert!(found("src/browser/http.rs", text).is_empty());
        assert!(found("src/bin/guide_worker.rs", text).is_empty());
        assert!(found("tests/web/outbox.rs", text).is_empty());
    }

    #[test]
    fn components_see_no_stores_however_they_are_named() {
        for text in [
            "use crate::stores::ChatStore;",
            "use crate::{i18n, stores::ChatStore};",
            "use super::super::stores::ChatStore;",
            "fn f() { crate::stores::x(); }",
            "use kiosk::stores::ChatStore;",
        ] {
            assert_eq!(found("src/components/button.rs", text), [1], "{text}");
        }
        assert_eq!(found("src/components.rs", "use super::stores::A;"), [1]);
    }

    #[test]
    fn neighbours_of_one_name_are_no_offence() {
        for text in [
            "use super::stores::Shelf;",
            "use crate::components::stores::Shelf;",
            "use crate::i18n::{stores, browser};",
            "let stores = 1;",
        ] {
            assert!(found("src/components/button.rs", text).is_empty(), "{text}");
        }
        assert!(found("src/app.rs", "use crate::{browser, stores};").is_empty());
        assert!(found("src/visitor/chat.rs", "use crate::stores::ChatStore;").is_empty());
    }

    #[test]
    fn visitor_and_console_do_not_meet() {
        assert_eq!(
            found("src/visitor/team.rs", "use crate::console::Row;"),
            [1]
        );
        assert_eq!(found("src/console/fleet.rs", "use crate::visitor::X;"), [1]);
        assert_eq!(
            found("src/stores/chat.rs", "use crate::browser::Http;"),
            [1]
        );
    }

    #[test]
    fn the_consoles_binary_puts_it_together() {
        let text = "use kiosk::browser::page::Page;\nuse kiosk::console::start;\nuse kiosk::visitor::X;\nuse web_sys::Window;";
        assert_eq!(found("src/bin/console.rs", text), [4, 3]);
    }

    #[test]
    fn routes_hold_no_sql() {
        let text = "use rusqlite::Row;\nlet a = \"SELECT 1\";\nlet b = r\"\n  INSERT INTO x\";\nlet c = \"Selected\";";
        assert_eq!(
            found("crates/server/src/routes/feedback.rs", text),
            [1, 2, 3]
        );
        assert!(found("crates/server/src/storage/sqlite.rs", text).is_empty());
    }

    #[test]
    fn storage_and_llm_know_no_extractors() {
        let text = "use axum::extract::State;\nuse axum::{Json, extract::Path};\nuse axum::http::StatusCode;";
        assert_eq!(found("crates/server/src/llm/openai.rs", text), [1, 2]);
        assert_eq!(found("crates/server/src/storage.rs", text), [1, 2]);
        assert!(found("crates/server/src/routes/chat.rs", text).is_empty());
    }

    #[test]
    fn a_file_that_ends_in_a_path_is_no_trap() {
        assert!(found("src/stores/a.rs", "use crate::").is_empty());
        assert!(found("crates/server/src/llm/a.rs", "use axum::").is_empty());
    }
}
