//! The database on a `PostgreSQL` server, for several booth servers at once.
//!
//! Owns: how the server is reached, the schema there, and connections to it.
//! Must not own: what is asked of it.
//! Invariant: whoever writes holds the one row of `writer_lock`, so that one transaction writes at a
//! time, as in a file.

mod address;
mod connection;
mod migrate;

use std::sync::Arc;

use super::{
    StorageError,
    sql::{self, Database, Ground, READERS, SqlStorage},
};
use address::Address;
use connection::Connection;

/// Why the database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is none.
    #[error("the database's url is no PostgreSQL address: {0}")]
    Address(String),
    /// A newer server wrote it.
    #[error(
        "the database {place} has schema {found} and this server knows {known}: use the newer server"
    )]
    NewerSchema {
        /// Where it is.
        place: String,
        /// Its schema.
        found: i64,
        /// The newest schema this build knows.
        known: i64,
    },
    /// The server cannot be reached, or refuses.
    #[error("the database {place} cannot be opened: {reason}")]
    Refused {
        /// Where it is.
        place: String,
        /// What went wrong.
        reason: String,
    },
}

/// What lies around the tables is the database server's own business.
struct Elsewhere;

impl Ground for Elsewhere {}

/// Refuses an address that [`open`] would refuse, without asking anybody.
pub fn check_address(url: &str) -> Result<(), OpenError> {
    Address::parse(url).map(drop)
}

/// Refuses a database that [`open`] would refuse, without changing it; answers whether it holds
/// feedback.
pub async fn inspect(url: &str) -> Result<bool, OpenError> {
    let address = Address::parse(url)?;
    aside(move || {
        let place = address.place();
        let connection = Connection::reading(address);
        let refused = |error| refused(&place, error);
        connection.prepare().map_err(refused)?;
        let found = migrate::version(&connection).map_err(refused)?;
        migrate::check(&place, found)?;
        if found == 0 {
            return Ok(false);
        }
        sql::holds_entries(&connection).map_err(refused)
    })
    .await
}

/// Brings the schema up to date and opens connections.
pub async fn open(url: &str) -> Result<SqlStorage, OpenError> {
    let address = Address::parse(url)?;
    aside(move || {
        let place = address.place();
        let refused = |error| refused(&place, error);
        let writer = Connection::writing(address.clone());
        writer.prepare().map_err(refused)?;
        migrate::check(&place, migrate::version(&writer).map_err(refused)?)?;
        migrate::run(&writer).map_err(refused)?;
        // Readers connect when they are asked first.
        let readers = (0..READERS)
            .map(|_| Box::new(Connection::reading(address.clone())) as Box<dyn Database>)
            .collect();
        SqlStorage::new(Box::new(writer), readers, Arc::new(Elsewhere)).map_err(|error| {
            OpenError::Refused {
                place: place.clone(),
                reason: error.to_string(),
            }
        })
    })
    .await
}

fn refused(place: &str, error: StorageError) -> OpenError {
    let (StorageError::Unavailable(reason) | StorageError::Unreadable(reason)) = error;
    OpenError::Refused {
        place: place.to_owned(),
        reason,
    }
}

/// Runs what blocks off the async threads.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| {
            Err(OpenError::Refused {
                place: "server".to_owned(),
                reason: error.to_string(),
            })
        })
}
