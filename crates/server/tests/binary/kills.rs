//! The server is killed again and again while many tablets send: what they were told is kept is kept,
//! once.

use std::{process::Command, sync::Mutex, thread, time::Duration};

use crate::{
    life::secret,
    on_postgres::{ask_database, fresh_database},
    process::{Server, command, refused},
    tablets::{
        Told, expect_each_once, expect_no_gap, kept_in_file, kept_in_postgres, kills, register,
        under_load, wait_until_ready,
    },
};

/// How often the database ends every connection.
const CUTS: u32 = 10;

/// Kills one server after the other while tablets send; answers those that run in the end, and what the
/// tablets were told of.
fn drill(
    start: &dyn Fn(usize) -> Command,
    mut servers: Vec<Server>,
    then: &dyn Fn(),
) -> (Vec<Server>, Told) {
    let (tokens, kills) = (register(&servers[0]), kills());
    let addresses = servers
        .iter()
        .map(|server| Mutex::new(server.address.clone()));
    let addresses: Vec<_> = addresses.collect();
    // Each try goes to another server, if there are more.
    let way = |_, tries: u64| {
        let to = usize::try_from(tries).unwrap() % addresses.len();
        addresses[to].lock().unwrap().clone()
    };
    let told = under_load(&tokens, &way, |_| {
        for kill in 0..kills {
            // At moments that have nothing to do with what the server is doing.
            thread::sleep(Duration::from_millis(20 + kill * 37 % 180));
            let killed = servers.remove(0);
            let at = usize::try_from(kill).unwrap() % addresses.len();
            // Another test's server may get the port.
            addresses[at].lock().unwrap().clear();
            killed.kill();
            let started = Server::start(&mut start(at), 0);
            addresses[at].lock().unwrap().clone_from(&started.address);
            servers.push(started);
        }
        println!("{kills} kills");
        then();
    });
    (servers, told)
}

#[test]
fn a_killed_server_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let start = |_| command(folder.path());
    let first = Server::start(&mut start(0), 3);
    let password = secret(&first, "organiser password: ").to_owned();
    let (servers, told) = drill(&start, vec![first], &|| {});
    expect_no_gap(&servers[0], &password);
    drop(servers);
    expect_each_once(
        &told,
        kept_in_file(&folder.path().join("data/booth.sqlite3")),
    );
}

/// Two servers on one database, which in the end cuts their connections again and again.
#[test]
fn killed_servers_on_one_postgres_lose_and_double_nothing() {
    let (folder, address) = (tempfile::tempdir().unwrap(), fresh_database());
    let start = |server: usize| {
        let mut command = command(folder.path());
        command
            .args(["--data-dir", &format!("data{server}")])
            .env("BOOTH_DATABASE__URL", &address)
            .env("BOOTH_SERVER__HASH_KEY_ENV", "KEY")
            .env("KEY", "0123456789abcdef0123456789abcdef");
        command
    };
    let servers = vec![
        Server::start(&mut start(0), 3),
        Server::start(&mut start(1), 0),
    ];
    let password = secret(&servers[0], "organiser password: ").to_owned();
    let cut_connections = || {
        for _ in 0..CUTS {
            thread::sleep(Duration::from_millis(150));
            ask_database(
                &address,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = 'kiosk-server'",
            );
        }
    };
    let (servers, told) = drill(&start, servers, &cut_connections);
    // Its connections may just have been cut.
    wait_until_ready(&servers[0]);
    expect_no_gap(&servers[0], &password);
    expect_each_once(&told, kept_in_postgres(&address));
}

/// Hashed with different keys, what a tablet sends twice would be at odds with itself.
#[test]
fn a_second_server_needs_the_same_key() {
    let (folder, address) = (tempfile::tempdir().unwrap(), fresh_database());
    let start = |data: &str| {
        let mut command = command(folder.path());
        command
            .args(["--data-dir", data])
            .env("BOOTH_DATABASE__URL", &address);
        command
    };
    let first = Server::start(&mut start("one"), 3);
    let said = refused(start("two").args(["--listen", "127.0.0.1:0"]));
    assert!(said.contains("hash_key_env"), "{said}");
    drop(first);
    Server::start(&mut start("one"), 0).kill();
    let said = refused(start("one").args(["backup", "copy"]));
    assert!(said.contains("pg_dump"), "{said}");
}
