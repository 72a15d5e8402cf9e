//! Settings, people, sign-ins, token budgets.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{audit, row};
use crate::storage::{AuditRecord, Person, Realm, SessionRecord, StorageError};

const PANEL_VERIFIER: &str = "panel_verifier";

pub(super) fn touch(connection: &Connection) -> Result<(), StorageError> {
    put_setting(connection, "writable", "yes")
}

pub(super) fn setting(connection: &Connection, key: &str) -> Result<Option<String>, StorageError> {
    Ok(connection
        .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

pub(super) fn put_setting(
    connection: &Connection,
    key: &str,
    value: &str,
) -> Result<(), StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO settings (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![key, value])?;
    Ok(())
}

pub(super) fn put(
    connection: &Connection,
    people: &[Person],
    panel_verifier: Option<&str>,
) -> Result<(), StorageError> {
    if let Some(verifier) = panel_verifier {
        put_setting(connection, PANEL_VERIFIER, verifier)?;
    }
    // A secret or role that changed ends the sign-ins that were made with the old one.
    let mut end = connection.prepare_cached(
        "DELETE FROM sessions WHERE EXISTS (
             SELECT 1 FROM people
             WHERE realm = ?1 AND people.name = ?2 AND sessions.name = ?2
                 AND sessions.role = people.role
                 AND (people.role <> ?3 OR people.secret_hash <> ?4)
         )",
    )?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO people (realm, name, role, secret_hash) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (realm, name)
         DO UPDATE SET role = excluded.role, secret_hash = excluded.secret_hash",
    )?;
    for person in people {
        let row = params![
            person.realm.code(),
            person.name,
            person.role,
            person.secret_hash
        ];
        end.execute(row)?;
        insert.execute(row)?;
    }
    Ok(())
}

pub(super) fn panel_verifier(connection: &Connection) -> Result<Option<String>, StorageError> {
    setting(connection, PANEL_VERIFIER)
}

pub(super) fn person(
    connection: &Connection,
    realm: Realm,
    name: &str,
) -> Result<Option<Person>, StorageError> {
    Ok(connection
        .prepare_cached("SELECT role, secret_hash FROM people WHERE realm = ?1 AND name = ?2")?
        .query_row(params![realm.code(), name], |row| {
            Ok(Person {
                realm,
                name: name.to_owned(),
                role: row.get(0)?,
                secret_hash: row.get(1)?,
            })
        })
        .optional()?)
}

pub(super) fn start_session(
    connection: &Connection,
    session: &SessionRecord,
    now: Timestamp,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    connection
        .prepare_cached("DELETE FROM sessions WHERE expires_ms <= ?1")?
        .execute([now.as_millisecond()])?;
    // Whoever was removed while the secret was being checked stays outside.
    let started = connection
        .prepare_cached(
            "INSERT INTO sessions (hash, name, role, expires_ms) SELECT ?1, ?2, ?3, ?4
             WHERE EXISTS (SELECT 1 FROM people WHERE name = ?2 AND role = ?3)",
        )?
        .execute(params![
            session.token_hash,
            session.name,
            session.role,
            session.expires_at.as_millisecond()
        ])?;
    if started > 0 {
        audit::add(connection, audit)?;
    }
    Ok(started > 0)
}

pub(super) fn session(
    connection: &Connection,
    hash: &str,
    now: Timestamp,
) -> Result<Option<SessionRecord>, StorageError> {
    let found: Option<(String, String, i64)> = connection
        .prepare_cached(
            "SELECT name, role, expires_ms FROM sessions WHERE hash = ?1 AND expires_ms > ?2",
        )?
        .query_row(params![hash, now.as_millisecond()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((name, role, expires_ms)) = found else {
        return Ok(None);
    };
    Ok(Some(SessionRecord {
        token_hash: hash.to_owned(),
        name,
        role,
        expires_at: row::time(expires_ms)?,
    }))
}

pub(super) fn end_session(connection: &Connection, hash: &str) -> Result<(), StorageError> {
    connection
        .prepare_cached("DELETE FROM sessions WHERE hash = ?1")?
        .execute([hash])?;
    Ok(())
}

pub(super) fn tokens_used(
    connection: &Connection,
    team: &str,
    day: &str,
) -> Result<u64, StorageError> {
    let used: Option<i64> = connection
        .prepare_cached("SELECT tokens FROM token_usage WHERE team = ?1 AND day = ?2")?
        .query_row([team, day], |row| row.get(0))
        .optional()?;
    row::count(used.unwrap_or(0))
}

pub(super) fn add_tokens(
    connection: &Connection,
    team: &str,
    day: &str,
    tokens: u64,
) -> Result<(), StorageError> {
    connection
        .prepare_cached(
            "INSERT INTO token_usage (team, day, tokens) VALUES (?1, ?2, ?3)
             ON CONFLICT (team, day) DO UPDATE SET tokens = tokens + excluded.tokens",
        )?
        .execute(params![team, day, row::stored(tokens)])?;
    Ok(())
}
