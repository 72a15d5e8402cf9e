//! Connections to the file, as the statements want them.

use std::sync::Arc;

use rusqlite::{
    Connection, Statement, ToSql, params_from_iter,
    types::{ToSqlOutput, ValueRef},
};

use super::{files::OpenFiles, log::Log};
use crate::storage::{
    StorageError,
    sql::{Database, Dialect, Row, Value},
};

static DIALECT: Dialect = Dialect {
    place_of: "instr",
    tags: "SELECT DISTINCT tag.value FROM entries, json_each(entries.item, '$.tags') AS tag
         WHERE tag.type = 'text'",
    answers:
        "SELECT DISTINCT answer.key FROM entries, json_each(entries.item, '$.answers') AS answer
         WHERE answer.key IS NOT NULL",
};

/// One that only reads.
pub(super) struct Reading(pub(super) Connection);

/// The one that writes, with what has to be seen to after a commit.
pub(super) struct Writing {
    connection: Reading,
    files: OpenFiles,
    log: Arc<Log>,
}

impl Writing {
    pub(super) fn new(connection: Connection, files: OpenFiles, log: Arc<Log>) -> Self {
        let connection = Reading(connection);
        Self {
            connection,
            files,
            log,
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Number(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

fn row(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let values = (0..columns).map(|column| {
        Ok(match row.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Text(_) => Value::Text(row.get::<_, String>(column)?.into()),
            _ => Value::Number(row.get(column)?),
        })
    });
    values.collect::<rusqlite::Result<_>>().map(Row)
}

fn rows(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<Vec<Row>> {
    let columns = statement.column_count();
    statement
        .query_map(params_from_iter(values), |found| row(found, columns))?
        .collect()
}

impl Database for Reading {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn prepare(&self) -> Result<(), StorageError> {
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StorageError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let changed = statement.execute(params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(rows(&mut statement, values)?)
    }

    fn begin(&self) -> Result<(), StorageError> {
        self.run("BEGIN IMMEDIATE")
    }

    fn is_in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    fn commit(&self) -> Result<(), StorageError> {
        let committed = self.run("COMMIT");
        if committed.is_err() && self.is_in_transaction() {
            self.run("ROLLBACK")?;
        }
        committed
    }

    fn run(&self, sql: &'static str) -> Result<(), StorageError> {
        Ok(self.0.execute_batch(sql)?)
    }
}

impl Database for Writing {
    fn dialect(&self) -> &'static Dialect {
        self.connection.dialect()
    }

    fn prepare(&self) -> Result<(), StorageError> {
        self.connection.prepare()
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StorageError> {
        self.connection.execute(sql, values)
    }

    fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        self.connection.query(sql, values)
    }

    fn begin(&self) -> Result<(), StorageError> {
        self.connection.begin()
    }

    fn is_in_transaction(&self) -> bool {
        self.connection.is_in_transaction()
    }

    fn commit(&self) -> Result<(), StorageError> {
        self.connection.commit()
    }

    fn run(&self, sql: &'static str) -> Result<(), StorageError> {
        self.connection.run(sql)
    }

    fn must_leave_no_trace(&self) {
        self.log.must_be_emptied();
    }

    fn settle(&self) -> Result<(), StorageError> {
        self.log.empty_if_due(&self.connection.0);
        self.files.check().map_err(|error| {
            StorageError::Unavailable(format!(
                "the database is gone ({error}); restart the server"
            ))
        })
    }
}
