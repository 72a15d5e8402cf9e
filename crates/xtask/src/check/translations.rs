//! Korean and English say the same things, in each of the two apps.
//!
//! Owns the comparison of an app's two locale files and of their keys with its code. Invariant: a
//! key that only one language has, or that its own app shows nowhere, is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use super::rust_text::{Kind, tokens};
use crate::project::SourceFile;

/// Two locale files of an app, Korean first.
type Files = [&'static str; 2];

const FIRST: Files = ["locales/first.ko.toml", "locales/first.en.toml"];
const VISITOR: Files = ["locales/ko.toml", "locales/en.toml"];
const CONSOLE: Files = ["locales/console.ko.toml", "locales/console.en.toml"];
/// Starts of the paths of the console's own code.
const CONSOLE_CODE: [&str; 2] = ["src/console", "src/bin/console"];

/// A message and the line it starts at.
struct Message {
    text: String,
    line: usize,
}

type Messages = BTreeMap<String, Message>;

/// Checks the locale files against each other and against the code of their app.
pub(super) fn check(locales: &[SourceFile], sources: &[SourceFile]) -> Vec<Finding> {
    let (console, visitor): (Vec<_>, Vec<_>) = sources.iter().partition(|file| {
        CONSOLE_CODE
            .iter()
            .any(|start| file.path.starts_with(start))
    });
    let mut findings = check_app(FIRST, locales, &visitor);
    findings.extend(check_app(VISITOR, locales, &visitor));
    findings.extend(check_app(CONSOLE, locales, &console));
    findings
}

fn check_app(files: Files, locales: &[SourceFile], sources: &[&SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let read = files.map(|path| {
        let file = locales.iter().find(|file| file.path == path);
        match file.map(messages) {
            Some(Ok(messages)) => messages,
            Some(Err(finding)) => {
                findings.push(finding);
                Messages::new()
            }
            None => {
                findings.push(Finding::failure(path, 1, "the file is missing: add it"));
                Messages::new()
            }
        }
    });
    if !findings.is_empty() {
        return findings;
    }
    let [korean, english] = &read;
    findings.extend(compare(files[0], korean, files[1], english));
    findings.extend(compare(files[1], english, files[0], korean));
    findings.extend(unused(files[0], korean, sources));
    findings
}

/// What is wrong in `file`, seen beside the other.
fn compare(file: &str, ours: &Messages, other_file: &str, others: &Messages) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (key, message) in ours {
        if message.text.trim().is_empty() {
            let advice = format!("`{key}` is empty: write the sentence");
            findings.push(Finding::failure(file, message.line, advice));
        }
        let Some(other) = others.get(key) else {
            let advice = format!("`{key}` is missing in {other_file}: translate it");
            findings.push(Finding::failure(file, message.line, advice));
            continue;
        };
        let missing: Vec<_> = placeholders(&message.text)
            .difference(&placeholders(&other.text))
            .map(|name| format!("{{{name}}}"))
            .collect();
        if !missing.is_empty() {
            let advice = format!("`{key}` lacks {} in {other_file}", missing.join(", "));
            findings.push(Finding::failure(file, message.line, advice));
        }
    }
    findings
}

fn unused(path: &str, messages: &Messages, sources: &[&SourceFile]) -> Vec<Finding> {
    let named: BTreeSet<&str> = sources
        .iter()
        .flat_map(|file| tokens(&file.text))
        .filter(|token| token.kind == Kind::Identifier)
        .map(|token| token.text)
        .collect();
    messages
        .iter()
        .filter(|(key, _)| !named.contains(identifier(key).as_str()))
        .map(|(key, message)| {
            let advice = format!("`{key}` is shown nowhere: remove it from both files");
            Finding::failure(path, message.line, advice)
        })
        .collect()
}

/// The name in code: `chat.send` is `chat_send`.
fn identifier(key: &str) -> String {
    key.replace(['.', '-'], "_")
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn messages(file: &SourceFile) -> Result<Messages, Finding> {
    let table: toml::Table = toml::from_str(&file.text).map_err(|error| {
        let before = error.span().map_or("", |span| &file.text[..span.start]);
        let line = before.matches('\n').count() + 1;
        Finding::failure(&file.path, line, error.message())
    })?;
    let mut messages = Messages::new();
    collect(file, "", &table, &mut messages)?;
    Ok(messages)
}

fn collect(
    file: &SourceFile,
    prefix: &str,
    table: &toml::Table,
    messages: &mut Messages,
) -> Result<(), Finding> {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        let line = line_of(&file.text, name);
        match value {
            toml::Value::String(text) => {
                let text = text.clone();
                messages.insert(key, Message { text, line });
            }
            toml::Value::Table(table) => collect(file, &key, table, messages)?,
            _ => {
                let advice = format!("`{key}` is no text: a message is one string");
                return Err(Finding::failure(&file.path, line, advice));
            }
        }
    }
    Ok(())
}

/// The first line that assigns this name; the file's first where it is written otherwise.
fn line_of(text: &str, name: &str) -> usize {
    text.lines()
        .position(|line| {
            line.trim_start()
                .strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        })
        .map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    fn findings(korean: &str, english: &str, code: &str) -> Vec<String> {
        let locales = [file(VISITOR[0], korean), file(VISITOR[1], english)];
        check_app(VISITOR, &locales, &[&file("src/a.rs", code)])
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn equal_files_are_fine() {
        let korean = "start = \"시작\"\nwait = \"{n}명\"";
        let english = "start = \"Start\"\nwait = \"{n} people\"";
        assert!(findings(korean, english, "t.start; t.wait(n)").is_empty());
    }

    #[test]
    fn a_missing_key_is_found_in_either_direction() {
        assert_eq!(
            findings("a = \"가\"\nb = \"나\"", "a = \"x\"", "a b"),
            ["locales/ko.toml:2: `b` is missing in locales/en.toml: translate it"]
        );
        assert_eq!(
            findings("a = \"가\"", "a = \"x\"\nb = \"y\"", "a b").len(),
            1
        );
    }

    #[test]
    fn placeholders_must_be_the_same() {
        let found = findings("a = \"{n}명 {m}\"", "a = \"{n}\"", "a");
        assert_eq!(
            found,
            ["locales/ko.toml:1: `a` lacks {m} in locales/en.toml"]
        );
    }

    #[test]
    fn empty_and_unused_messages_are_found() {
        let found = findings("a = \" \"\nb = \"나\"", "a = \"x\"\nb = \"y\"", "a // b");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("`a` is empty"));
        assert!(found[1].contains("`b` is shown nowhere"));
    }

    #[test]
    fn nested_tables_are_joined() {
        let korean = "[chat]\nsend = \"보내기\"";
        assert!(findings(korean, "[chat]\nsend = \"Send\"", "chat_send").is_empty());
    }

    #[test]
    fn broken_and_missing_files_are_found() {
        let found = findings("a = \"가\"\nb = [", "a = \"x\"", "a");
        assert!(found[0].starts_with("locales/ko.toml:2: "), "{found:?}");
        assert_eq!(check(&[], &[]).len(), 6);
        assert_eq!(findings("a = 1", "a = \"x\"", "a").len(), 1);
    }

    #[test]
    fn each_app_shows_its_own_sentences() {
        let locales = [
            file(FIRST[0], "start = \"시작\""),
            file(FIRST[1], "start = \"Start\""),
            file(VISITOR[0], "ask = \"묻기\""),
            file(VISITOR[1], "ask = \"Ask\""),
            file(CONSOLE[0], "fleet = \"태블릿\""),
            file(CONSOLE[1], "fleet = \"Tablets\""),
        ];
        let visitor = file("src/visitor/attract.rs", "t.start t.ask");
        let console = file("src/console/fleet.rs", "t.fleet");
        assert!(check(&locales, &[visitor.clone(), console]).is_empty());
        let wrong = file("src/bin/console.rs", "t.start");
        let found = check(&locales, &[visitor, wrong]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].path, CONSOLE[0]);
    }
}
