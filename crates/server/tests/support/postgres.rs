//! Databases of one cluster, which lives as long as this test program.

use std::sync::OnceLock;

use cluster::{Cluster, Durability};
use postgres::{Client, NoTls, SimpleQueryMessage};

/// The address of an empty database.
pub(crate) fn fresh_database() -> String {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let cluster = CLUSTER.get_or_init(|| Cluster::start(Durability::Memory).unwrap());
    cluster.fresh_database().unwrap()
}

/// Runs statements on a database.
pub(crate) fn ask_database(address: &str, sql: &str) -> Vec<SimpleQueryMessage> {
    let (address, sql) = (address.to_owned(), sql.to_owned());
    // The client must not be used on an async thread.
    let asked = std::thread::spawn(move || {
        let mut client = Client::connect(&address, NoTls).unwrap();
        client.simple_query(&sql).unwrap()
    });
    asked.join().unwrap()
}
