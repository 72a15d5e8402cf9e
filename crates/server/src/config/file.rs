//! The configuration file: its text, and at which line a key stands.

use std::path::Path;

use toml::{
    Table,
    de::{DeTable, DeValue},
};

use super::{Config, ConfigError};

/// The file a configuration came from, kept to name lines in errors.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    name: String,
    text: String,
}

impl Source {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => Err(ConfigError::Unreadable {
                file: name,
                reason: error.to_string(),
            }),
        }
    }

    /// The file as a table, once every key in it is known and of its type.
    pub(super) fn table(&self) -> Result<Table, ConfigError> {
        let checked =
            toml::from_str::<Config>(&self.text).and_then(|_| toml::from_str::<Table>(&self.text));
        checked.map_err(|error| ConfigError::Wrong {
            place: self.at(error.span().map_or(0, |span| span.start)),
            problem: one_line(error.message()),
        })
    }

    /// File and line of a key; the variable's name if the key is not in the file.
    pub(super) fn place<S: AsRef<str>>(&self, path: &[S]) -> String {
        match self.offset(path) {
            Some(offset) => self.at(offset),
            None => super::overrides::variable(path),
        }
    }

    fn at(&self, offset: usize) -> String {
        let before = self.text.get(..offset).unwrap_or_default();
        format!("{}, line {}", self.name, before.matches('\n').count() + 1)
    }

    fn offset<S: AsRef<str>>(&self, path: &[S]) -> Option<usize> {
        let root = DeTable::parse(&self.text).ok()?;
        let mut table = root.get_ref();
        let (last, parents) = path.split_last()?;
        for part in parents {
            match table.get(part.as_ref())?.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => return None,
            }
        }
        let (key, _) = table.get_key_value(last.as_ref())?;
        Some(key.span().start)
    }
}

/// Messages of the parser may span lines; errors are one sentence.
pub(super) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
