//! People who were given access.

use rusqlite::{Connection, params};

use super::audit;
use crate::storage::{AuditRecord, Person, Realm, StorageError};

pub(super) fn list(connection: &Connection) -> Result<Vec<Person>, StorageError> {
    let mut statement = connection
        .prepare_cached("SELECT realm, name, role, secret_hash FROM people ORDER BY name, realm")?;
    let rows = statement
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
            ))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    rows.into_iter()
        .map(|(realm, name, role, secret_hash)| {
            Ok(Person {
                realm: parse(&realm)?,
                name,
                role,
                secret_hash,
            })
        })
        .collect()
}

fn parse(code: &str) -> Result<Realm, StorageError> {
    [Realm::Staff, Realm::Organiser, Realm::Team]
        .into_iter()
        .find(|realm| realm.code() == code)
        .ok_or_else(|| StorageError::Unreadable("a realm".to_owned()))
}

pub(super) fn add(
    connection: &Connection,
    person: &Person,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    let added = connection
        .prepare_cached(
            "INSERT INTO people (realm, name, role, secret_hash)
             SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM people WHERE name = ?2)",
        )?
        .execute(params![
            person.realm.code(),
            person.name,
            person.role,
            person.secret_hash
        ])?;
    if added > 0 {
        audit::add(connection, audit)?;
    }
    Ok(added > 0)
}

pub(super) fn remove(
    connection: &Connection,
    name: &str,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    connection
        .prepare_cached("DELETE FROM sessions WHERE name = ?1")?
        .execute([name])?;
    let removed = connection
        .prepare_cached("DELETE FROM people WHERE name = ?1")?
        .execute([name])?;
    if removed > 0 {
        audit::add(connection, audit)?;
    }
    Ok(removed > 0)
}
