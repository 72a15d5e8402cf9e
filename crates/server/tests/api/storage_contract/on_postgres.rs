//! What only a database on a server of its own can go through.

use super::budget::hold;
use super::*;
use crate::on_postgres::{ask_database, fresh_database};
use kiosk_server::storage::BudgetStorage as _;

pub(super) fn make() -> (Arc<dyn Storage>, Option<TempDir>) {
    let opened = std::thread::spawn(|| {
        let address = fresh_database();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(postgres::open(&address)).unwrap()
    });
    (Arc::new(opened.join().unwrap()), None)
}

#[tokio::test]
async fn a_newer_schema_is_refused_untouched() {
    let address = fresh_database();
    ask_database(
        &address,
        "CREATE TABLE schema_version (version BIGINT); INSERT INTO schema_version VALUES (999)",
    );
    for refused in [
        postgres::inspect(&address).await.err(),
        postgres::open(&address).await.err(),
    ] {
        let said = refused.unwrap().to_string();
        assert!(said.contains("999") && said.contains("newer"), "{said}");
    }
    let tables = ask_database(
        &address,
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    );
    // The head, one row and the count of rows.
    assert_eq!(tables.len(), 3);
}

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let address = fresh_database();
    assert!(!postgres::inspect(&address).await.unwrap());
    let storage = postgres::open(&address).await.unwrap();
    register(&storage, "one").await;
    storage.ingest("one", at(1), vec![entry(1)]).await.unwrap();
    storage.close().await;
    assert!(postgres::inspect(&address).await.unwrap());
    let again = postgres::open(&address).await.unwrap();
    assert_eq!(all(&again).await.len(), 1);
}

/// Two servers take the same entries in at once: each is kept once, in the order of its commit.
#[tokio::test]
async fn several_servers_keep_each_entry_once() {
    let address = fresh_database();
    let opened = (0..4).map(|_| postgres::open(&address));
    let servers: Vec<Arc<dyn Storage>> = futures_util::future::join_all(opened)
        .await
        .into_iter()
        .map(|opened| Arc::new(opened.unwrap()) as Arc<dyn Storage>)
        .collect();
    register(servers[0].as_ref(), "one").await;
    let mut sending = tokio::task::JoinSet::new();
    for server in &servers {
        for from in [1, 21, 41, 61] {
            let server = Arc::clone(server);
            let batch: Vec<_> = (from..from + 20).map(entry).collect();
            sending.spawn(async move { server.ingest("one", at(1), batch).await.unwrap() });
        }
    }
    let outcomes: Vec<Ingested> = sending.join_all().await.concat();
    let count = |wanted| {
        outcomes
            .iter()
            .filter(|outcome| **outcome == wanted)
            .count()
    };
    assert_eq!(
        (count(Ingested::Stored), count(Ingested::Duplicate)),
        (80, 240)
    );
    let device = &servers[3].devices().await.unwrap()[0];
    assert_eq!((device.stored, device.duplicates), (80, 240));
    assert!(device.missing.is_empty());
}

/// Two servers ask for the same day's tokens at once: together they get what one would.
#[tokio::test]
async fn several_servers_share_a_day() {
    let address = fresh_database();
    let servers = [
        postgres::open(&address).await.unwrap(),
        postgres::open(&address).await.unwrap(),
    ];
    let ask = async |n: usize| {
        let hold = hold(&n.to_string(), "2025-12-30", 30);
        let server = &servers[n % 2];
        server.hold_tokens(hold, 100, at(0)).await.unwrap()
    };
    let asked = futures_util::future::join_all((0..40).map(ask)).await;
    assert_eq!(asked.into_iter().filter(|held| *held).count(), 4);
}

/// The server is told to end every connection: what was asked for meanwhile fails or is done, and
/// nothing needs a restart.
#[tokio::test]
async fn lost_connections_are_made_anew() {
    let address = fresh_database();
    let storage = postgres::open(&address).await.unwrap();
    register(&storage, "one").await;
    let cut = || {
        ask_database(
            &address,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    };
    for n in 1..=20 {
        while storage.ingest("one", at(1), vec![entry(n)]).await.is_err() {}
        cut();
    }
    let mut tries = 0;
    let device = loop {
        match storage.devices().await {
            Ok(devices) => break devices,
            Err(error) => assert!(tries < 10, "{error}"),
        }
        tries += 1;
    };
    assert_eq!((device[0].stored, device[0].missing.len()), (20, 0));
    // What was cut while nobody used it is not even noticed.
    for _ in 0..4 {
        storage.devices().await.unwrap();
    }
    cut();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    for _ in 0..4 {
        storage.devices().await.unwrap();
    }
    let outcome = storage.ingest("one", at(1), vec![entry(21)]).await;
    assert_eq!(outcome.unwrap(), [Ingested::Stored]);
}
