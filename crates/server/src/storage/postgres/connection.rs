//! A connection to the database server, as the statements want it. It is made when it is needed, and
//! made anew when it was lost.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    error::Error,
    time::{Duration, Instant},
};

use bytes::BytesMut;
use postgres::{
    Client, Statement,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

use super::address::Address;
use crate::storage::{
    StorageError,
    sql::{Database, Dialect, Row, Value},
};

static DIALECT: Dialect = Dialect {
    place_of: "strpos",
    add_terms: "INSERT INTO entry_terms (rowid, terms)
         SELECT CAST(pair ->> 0 AS BIGINT), string_to_array(pair ->> 1, ' ')
         FROM json_array_elements(CAST(CAST(?1 AS TEXT) AS JSON)) AS pair",
    drop_terms: "DELETE FROM entry_terms WHERE rowid = ?1 AND terms @> string_to_array(?2, ' ')",
    // By the index, whatever the planner thinks of how many there are.
    found: "(SELECT rowid AS place FROM entry_terms
          WHERE terms @> string_to_array(?terms, ' ') AND terms && string_to_array(?blocks, ' ')
          OFFSET 0) AS found",
    // The index answers all places of a block at once and in no order.
    places_of_block: Some(65_536),
};

/// Whatever the database server is set to: commits are on its disk, and a server that stops in the middle
/// of a transaction holds up the others for a moment only.
const SET_UP: &str = "
    SET synchronous_commit = on;
    SET lock_timeout = '10s';
    SET statement_timeout = '60s';
    SET idle_in_transaction_session_timeout = '10s'";

/// For those who read: what is rare and what is not is found in different ways, so each search is planned
/// for what it looks for.
const SET_UP_TO_READ: &str = "
    SET default_transaction_read_only = on;
    SET plan_cache_mode = force_custom_plan";

/// Of a connection that nobody used for longer it is asked first whether it still leads anywhere.
const TRUSTED: Duration = Duration::from_secs(1);
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

impl From<postgres::Error> for StorageError {
    fn from(error: postgres::Error) -> Self {
        // Without the detail, which may hold values.
        let said = match error.as_db_error() {
            Some(said) => format!("{} ({})", said.message(), said.code().code()),
            None => match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            },
        };
        Self::Unavailable(said)
    }
}

pub(super) struct Connection {
    address: Address,
    only_reads: bool,
    open: RefCell<Option<Open>>,
    is_in_transaction: Cell<bool>,
}

struct Open {
    client: Client,
    statements: HashMap<String, Statement>,
    used: Instant,
}

impl Open {
    fn statement(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Connection {
    /// One that only reads.
    pub(super) fn reading(address: Address) -> Self {
        Self::new(address, true)
    }

    /// One that also writes.
    pub(super) fn writing(address: Address) -> Self {
        Self::new(address, false)
    }

    fn new(address: Address, only_reads: bool) -> Self {
        Self {
            address,
            only_reads,
            open: RefCell::default(),
            is_in_transaction: Cell::new(false),
        }
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Open) -> Result<T, postgres::Error>,
    ) -> Result<T, StorageError> {
        let mut open = self.open.borrow_mut();
        let open = open.as_mut().ok_or_else(lost)?;
        Ok(work(open)?)
    }

    /// Whether it can be used, as far as is known.
    fn is_sound(&self) -> bool {
        let mut open = self.open.borrow_mut();
        open.as_mut().is_some_and(|open| {
            let is_fresh = open.used.elapsed() < TRUSTED;
            open.used = Instant::now();
            is_fresh || open.client.is_valid(ANSWERS_WITHIN).is_ok()
        })
    }

    fn is_open(&self) -> bool {
        let open = self.open.borrow();
        open.as_ref().is_some_and(|open| !open.client.is_closed())
    }

    /// What cannot be ended in order is ended with its connection.
    fn roll_back(&self) {
        self.is_in_transaction.set(false);
        if self.run("ROLLBACK").is_err() {
            self.open.take();
        }
    }
}

fn lost() -> StorageError {
    StorageError::Unavailable("the connection was lost".to_owned())
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The client waits for the server to hear of it, which an async thread must not do.
        if let Some(open) = self.open.take() {
            std::thread::spawn(move || drop(open));
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        column: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Number(number) if *column == Type::INT4 => {
                i32::try_from(*number)?.to_sql(column, out)
            }
            Self::Number(number) => number.to_sql(column, out),
            // The one character that PostgreSQL takes into no text. In JSON it is escaped.
            Self::Text(text) if text.contains('\0') => {
                text.replace('\0', "\u{fffd}").to_sql(column, out)
            }
            Self::Text(text) => text.to_sql(column, out),
        }
    }

    fn accepts(column: &Type) -> bool {
        matches!(
            *column,
            Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR
        )
    }

    to_sql_checked!();
}

fn values(row: &postgres::Row) -> Result<Row, postgres::Error> {
    let columns = row.columns().iter().enumerate();
    let values = columns.map(|(at, column)| {
        Ok(match *column.type_() {
            Type::INT4 => row
                .try_get::<_, Option<i32>>(at)?
                .map_or(Value::Null, |n| Value::Number(n.into())),
            Type::INT8 => row
                .try_get::<_, Option<i64>>(at)?
                .map_or(Value::Null, Value::Number),
            _ => row
                .try_get::<_, Option<String>>(at)?
                .map_or(Value::Null, |text| Value::Text(text.into())),
        })
    });
    values.collect::<Result<_, _>>().map(Row)
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

impl Database for Connection {
    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn prepare(&self) -> Result<(), StorageError> {
        if self.is_open() && self.is_sound() {
            return Ok(());
        }
        self.is_in_transaction.set(false);
        self.open.take();
        let mut client = self.address.connect()?;
        client.batch_execute(SET_UP)?;
        if self.only_reads {
            client.batch_execute(SET_UP_TO_READ)?;
        }
        self.open.replace(Some(Open {
            client,
            statements: HashMap::new(),
            used: Instant::now(),
        }));
        Ok(())
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StorageError> {
        self.with(|open| {
            let statement = open.statement(sql)?;
            open.client.execute(&statement, &parameters(values))
        })
    }

    fn query(&self, sql: &str, given: &[Value<'_>]) -> Result<Vec<Row>, StorageError> {
        self.with(|open| {
            let statement = open.statement(sql)?;
            let rows = open.client.query(&statement, &parameters(given))?;
            rows.iter().map(values).collect()
        })
    }

    fn begin(&self) -> Result<(), StorageError> {
        self.prepare()?;
        // Each statement must see what was committed before the lock was had.
        let begun = self.run(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT one FROM writer_lock FOR UPDATE",
        );
        match begun {
            Ok(()) => self.is_in_transaction.set(true),
            Err(_) => self.roll_back(),
        }
        begun
    }

    fn is_in_transaction(&self) -> bool {
        self.is_in_transaction.get() && self.is_open()
    }

    fn commit(&self) -> Result<(), StorageError> {
        // A transaction in which something failed is undone by `COMMIT`, which does not say so. A
        // statement does.
        let committed = self.run("SELECT one FROM writer_lock; COMMIT");
        match committed {
            Ok(()) => self.is_in_transaction.set(false),
            Err(_) => self.roll_back(),
        }
        committed
    }

    fn run(&self, sql: &'static str) -> Result<(), StorageError> {
        self.with(|open| open.client.batch_execute(sql))
    }
}
