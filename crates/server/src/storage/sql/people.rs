//! People who were given access.

use super::{Database, audit, value::values};
use crate::storage::{AuditRecord, Person, Realm, StorageError};

pub(super) fn list(database: &dyn Database) -> Result<Vec<Person>, StorageError> {
    let rows = database.query(
        "SELECT realm, name, role, secret_hash FROM people ORDER BY name, realm",
        &[],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Person {
                realm: parse(&row.text(0)?)?,
                name: row.text(1)?,
                role: row.text(2)?,
                secret_hash: row.text(3)?,
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
    database: &dyn Database,
    person: &Person,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    let added = database.execute(
        "INSERT INTO people (realm, name, role, secret_hash)
             SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM people WHERE name = ?2)",
        values![
            person.realm.code(),
            person.name,
            person.role,
            person.secret_hash
        ],
    )?;
    if added > 0 {
        audit::add(database, audit)?;
    }
    Ok(added > 0)
}

pub(super) fn remove(
    database: &dyn Database,
    name: &str,
    audit: &AuditRecord,
) -> Result<bool, StorageError> {
    database.execute("DELETE FROM sessions WHERE name = ?1", values![name])?;
    let removed = database.execute("DELETE FROM people WHERE name = ?1", values![name])?;
    if removed > 0 {
        audit::add(database, audit)?;
    }
    Ok(removed > 0)
}
