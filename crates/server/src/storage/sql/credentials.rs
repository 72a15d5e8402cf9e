//! Settings, people, sign-ins.

use std::str::FromStr;

use jiff::Timestamp;

use super::{
    Database, audit, row,
    value::{Value, first, values},
};
use crate::storage::{AuditRecord, Person, Realm, SessionRecord, StorageError};

/// Tells the key of the hashes from another one, and nothing of it.
const HASH_KEY: &str = "hash_key";
const PANEL_VERIFIER: &str = "panel_verifier";

pub(super) fn touch(database: &dyn Database) -> Result<(), StorageError> {
    put_setting(database, "writable", "yes")
}

pub(super) fn setting(database: &dyn Database, key: &str) -> Result<Option<String>, StorageError> {
    let rows = database.query("SELECT value FROM settings WHERE key = ?1", values![key])?;
    first(rows, |row| row.text(0))
}

/// A setting that is a number; 0 before it was first put.
pub(super) fn number<T: FromStr + Default>(
    database: &dyn Database,
    key: &str,
) -> Result<T, StorageError> {
    let kept = setting(database, key)?;
    kept.map_or_else(
        || Ok(T::default()),
        |kept| {
            let unreadable = |_| StorageError::Unreadable(format!("{key}: {kept}"));
            kept.parse().map_err(unreadable)
        },
    )
}

pub(super) fn agree_on_hash_key(database: &dyn Database, mark: &str) -> Result<bool, StorageError> {
    match setting(database, HASH_KEY)? {
        Some(kept) => Ok(kept == mark),
        None => put_setting(database, HASH_KEY, mark).map(|()| true),
    }
}

pub(super) fn put_setting(
    database: &dyn Database,
    key: &str,
    value: &str,
) -> Result<(), StorageError> {
    database.execute(
        "INSERT INTO settings (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        values![key, value],
    )?;
    Ok(())
}

pub(super) fn put(
    database: &dyn Database,
    people: &[Person],
    panel_verifier: Option<&str>,
) -> Result<(), StorageError> {
    if let Some(verifier) = panel_verifier {
        put_setting(database, PANEL_VERIFIER, verifier)?;
    }
    // A secret or role that changed ends the sign-ins that were made with the old one.
    for person in people {
        let Person {
            realm,
            name,
            role,
            secret_hash,
        } = person;
        let values = [realm.code(), name, role, secret_hash].map(|text| Value::Text(text.into()));
        database.execute(
            "DELETE FROM sessions WHERE EXISTS (
                 SELECT 1 FROM people
                 WHERE realm = ?1 AND people.name = ?2 AND sessions.name = ?2
                     AND sessions.role = people.role
                     AND (people.role <> ?3 OR people.secret_hash <> ?4)
             )",
            &values,
        )?;
        database.execute(
            "INSERT INTO people (realm, name, role, secret_hash) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (realm, name)
             DO UPDATE SET role = excluded.role, secret_hash = excluded.secret_hash",
            &values,
        )?;
    }
    Ok(())
}

pub(super) fn panel_verifier(database: &dyn Database) -> Result<Option<String>, StorageError> {
    setting(database, PANEL_VERIFIER)
}

pub(super) fn person(
    database: &dyn Database,
    realm: Realm,
    name: &str,
) -> Result<Option<Person>, StorageError> {
    let rows = database.query(
        "SELECT role, secret_hash FROM people WHERE realm = ?1 AND name = ?2",
        values![realm.code(), name],
    )?;
    first(rows, |row| {
        Ok(Person {
            realm,
            name: name.to_owned(),
            role: row.text(0)?,
            secret_hash: row.text(1)?,
        })
    })
}

pub(super) fn start_session(
    database: &dyn Database,
    session: &SessionRecord,
    now: Timestamp,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    database.execute(
        "DELETE FROM sessions WHERE expires_ms <= ?1",
        values![now.as_millisecond()],
    )?;
    // Whoever was removed while the secret was being checked stays outside.
    let started = database.execute(
        "INSERT INTO sessions (hash, name, role, expires_ms) SELECT ?1, ?2, ?3, CAST(?4 AS BIGINT)
             WHERE EXISTS (SELECT 1 FROM people WHERE name = ?2 AND role = ?3)",
        values![
            session.token_hash,
            session.name,
            session.role,
            session.expires_at.as_millisecond()
        ],
    )?;
    if started > 0 {
        audit::add(database, audit)?;
    }
    Ok(started > 0)
}

pub(super) fn session(
    database: &dyn Database,
    hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRecord>, StorageError> {
    let rows = database.query(
        "SELECT name, role, expires_ms FROM sessions WHERE hash = ?1 AND expires_ms > ?2",
        values![hash, now.as_millisecond()],
    )?;
    first(rows, |row| {
        Ok(SessionRecord {
            token_hash: hash.to_owned(),
            name: row.text(0)?,
            role: row.text(1)?,
            expires_at: row::time(row.number(2)?)?,
        })
    })
}

pub(super) fn end_session(database: &dyn Database, hash: &str) -> Result<(), StorageError> {
    database.execute("DELETE FROM sessions WHERE hash = ?1", values![hash])?;
    Ok(())
}
