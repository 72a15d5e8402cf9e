//! The database goes away and comes back while many tablets send: they are sent away meanwhile, and
//! served again by the same server. What they were told is kept is kept, once.

use std::{fs, path::Path, process::Command, thread, time::Duration};

use cluster::{Cluster, Durability, Stop};

use crate::{
    life::secret,
    process::{Server, command},
    tablets::{
        Watch, expect_each_once, expect_no_gap, expect_not_ready, kept_in_file, kept_in_postgres,
        register, under_load, wait_until_ready,
    },
};

/// While the database is away and once it is back.
fn endure(server: &Server, watch: &Watch, come_back: impl FnOnce()) {
    // Side by side: each may have to wait for a lock for as long as the server does.
    thread::scope(|scope| {
        let not_ready = scope.spawn(|| expect_not_ready(server));
        watch.wait_until_all_are_sent_away(&mut || {});
        not_ready.join().unwrap();
    });
    come_back();
    watch.wait_until_all_are_served();
    wait_until_ready(server);
    assert_eq!(watch.broken(), 0, "each try is answered");
}

#[test]
fn a_postgres_that_stops_and_starts_loses_and_doubles_nothing() {
    let (folder, cluster) = (
        tempfile::tempdir().unwrap(),
        Cluster::start(Durability::Memory),
    );
    let mut cluster = cluster.unwrap();
    let address = cluster.fresh_database().unwrap();
    let mut start: Command = command(folder.path());
    let server = Server::start(start.env("BOOTH_DATABASE__URL", &address), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let told = under_load(
        &register(&server),
        &|_, _| server.address.clone(),
        |watch| {
            for how in [Stop::Fast, Stop::Immediate, Stop::Immediate, Stop::Fast] {
                cluster.stop(how).unwrap();
                endure(&server, watch, || cluster.start_again().unwrap());
            }
        },
    );
    expect_no_gap(&server, &password);
    expect_each_once(&told, kept_in_postgres(&address));
}

#[test]
fn a_file_that_is_locked_or_moved_away_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let data = folder.path().join("data");
    let file = data.join("booth.sqlite3");
    let told = under_load(
        &register(&server),
        &|_, _| server.address.clone(),
        |watch| {
            let log = data.join("booth.sqlite3-wal");
            for gone in [file.as_path(), &log, &data] {
                let aside = folder.path().join("aside");
                fs::rename(gone, &aside).unwrap();
                endure(&server, watch, || fs::rename(&aside, gone).unwrap());
            }
            let somebody = locked(&file);
            endure(&server, watch, || drop(somebody));
        },
    );
    expect_no_gap(&server, &password);
    server.kill();
    expect_each_once(&told, kept_in_file(&file));
}

/// Somebody else who writes, for longer than the server waits.
fn locked(file: &Path) -> rusqlite::Connection {
    let somebody = rusqlite::Connection::open(file).unwrap();
    somebody.busy_timeout(Duration::from_secs(30)).unwrap();
    somebody.execute_batch("BEGIN IMMEDIATE").unwrap();
    somebody
}
