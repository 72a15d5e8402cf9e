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
    add_terms: "INSERT INTO entry_terms (rowid, terms)
         SELECT value ->> 0, value ->> 1 FROM json_each(?1)",
    drop_terms: "INSERT INTO entry_terms (entry_terms, rowid, terms) VALUES ('delete', ?1, ?2)",
    found: "(SELECT rowid AS place FROM entry_terms WHERE entry_terms MATCH ?terms) AS found",
    places_of_block: None,
};

/// A connection, and what has to be seen to after a commit on the one that writes.
pub(super) struct FileConnection {
    connection: Connection,
    aftercare: Option<(OpenFiles, Arc<Log>)>,
}

impl FileConnection {
    /// One that only reads.
    pub(super) fn reading(connection: Connection) -> Self {
        Self {
            connection,
            aftercare: None,
        }
    }

    /// The one that writes.
    pub(super) fn writing(connection: Connection, files: OpenFiles, log: Arc<Log>) -> Self {
        Self {
            connection,
            aftercare: Some((files, log)),
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

impl Database for FileConnection {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn prepare(&self) -> Result<(), StorageError> {
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StorageError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let changed = statement.execute(params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(rows(&mut statement, values)?)
    }

    fn begin(&self) -> Result<(), StorageError> {
        self.run("BEGIN IMMEDIATE")
    }

    fn is_in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    fn commit(&self) -> Result<(), StorageError> {
        let committed = self.run("COMMIT");
        if committed.is_err() && self.is_in_transaction() {
            self.run("ROLLBACK")?;
        }
        committed
    }

    fn run(&self, sql: &'static str) -> Result<(), StorageError> {
        // What is run around each job stands alone, and is read once.
        if sql.contains(';') {
            return Ok(self.connection.execute_batch(sql)?);
        }
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn must_leave_no_trace(&self) {
        if let Some((_, log)) = &self.aftercare {
            log.must_be_emptied();
        }
    }

    fn settle(&self) -> Result<(), StorageError> {
        let Some((files, log)) = &self.aftercare else {
            return Ok(());
        };
        log.empty_if_due(&self.connection);
        files.check().map_err(|error| {
            StorageError::Unavailable(format!(
                "the database is gone ({error}); restart the server"
            ))
        })
    }
}
