//! `BOOTH_SECTION__KEY`: the environment overrides the file, key by key.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{Config, ConfigError, file::one_line};

const PREFIX: &str = "BOOTH_";
const SEPARATOR: &str = "__";

/// The table with every override applied, as a configuration.
/// Variables without `__` after the prefix are none of ours: a secret may be called like that.
pub(super) fn apply(
    mut table: Table,
    environment: &BTreeMap<String, String>,
) -> Result<Config, ConfigError> {
    let mut config = parse(&table).map_err(|problem| ConfigError::Refused(problem.clone()))?;
    for (variable, written) in environment {
        let Some(path) = path(variable) else { continue };
        let wrong = |problem| ConfigError::Wrong {
            place: variable.clone(),
            problem,
        };
        let (changed, parsed) = with_value(&table, &path, written).map_err(wrong)?;
        table = changed;
        config = parsed;
    }
    Ok(config)
}

/// The variable that overrides this key.
pub(super) fn variable<S: AsRef<str>>(path: &[S]) -> String {
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.as_ref().to_uppercase().replace('-', "_"))
        .collect();
    format!("{PREFIX}{}", parts.join(SEPARATOR))
}

fn path(variable: &str) -> Option<Vec<String>> {
    let rest = variable.strip_prefix(PREFIX)?;
    if !rest.contains(SEPARATOR) {
        return None;
    }
    let mut path: Vec<String> = rest.split(SEPARATOR).map(str::to_lowercase).collect();
    if path.first().is_some_and(|section| section == "teams")
        && let Some(team) = path.get_mut(1)
    {
        *team = team.replace('_', "-");
    }
    Some(path)
}

/// A variable has no type: what is written is a string where a string is wanted, else a TOML value.
fn with_value(table: &Table, path: &[String], written: &str) -> Result<(Table, Config), String> {
    let mut candidates = vec![Value::String(written.to_owned())];
    if let Ok(Some(value)) =
        toml::from_str::<Table>(&format!("value = {written}")).map(|mut t| t.remove("value"))
    {
        candidates.push(value);
    }
    let mut problem = String::new();
    for value in candidates {
        let mut changed = table.clone();
        insert(&mut changed, path, value)
            .ok_or_else(|| "this is a table's name, not a key's".to_owned())?;
        match parse(&changed) {
            Ok(config) => return Ok((changed, config)),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

fn insert(table: &mut Table, path: &[String], value: Value) -> Option<()> {
    let (last, parents) = path.split_last()?;
    let mut table = table;
    for part in parents {
        table = table
            .entry(part.clone())
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()?;
    }
    table.insert(last.clone(), value);
    Some(())
}

fn parse(table: &Table) -> Result<Config, String> {
    Value::Table(table.clone())
        .try_into::<Config>()
        .map_err(|error| one_line(error.message()))
}
