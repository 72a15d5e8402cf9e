//! Every connection is cut at a random byte: between tablets and server, and between server and
//! database server. What tablets were told is kept is kept, once.

use std::{net::TcpStream, os::fd::OwnedFd, os::unix::net::UnixStream, process::Command};

use crate::{
    life::secret,
    on_postgres::fresh_database,
    process::{Server, command},
    relay::{Most, Relay, seed},
    tablets::{
        TABLETS, Told, expect_each_once, expect_no_gap, kept_in_file, kept_in_postgres, kills,
        register, under_load, wait_until, wait_until_ready,
    },
};

/// Cuts of tablets' connections for each kill of the tests that kill, so that a long run is longer.
const CUTS_A_KILL: u64 = 20;
/// Cuts of the server's connections to the database, likewise.
const DATABASE_CUTS_A_KILL: u64 = 4;
/// A try is mostly shorter than this, its answer too: about half of them get through.
const OF_A_TRY: Most = Most {
    there: 3_000,
    back: 1_500,
};
/// From within the greeting to some hundred statements.
const OF_A_SESSION: Most = Most {
    there: 30_000,
    back: 10_000,
};

/// Cuts the tablets' connections to this server, and those of `database`, often enough.
fn drill(server: &Server, seed: u64, database: Option<&Relay>) -> Told {
    let tokens = register(server);
    let relays: Vec<Relay> = (1..=TABLETS)
        .map(|number| {
            let to = server.address.clone();
            Relay::start(seed.wrapping_add(number), OF_A_TRY, move || {
                TcpStream::connect(&to)
            })
        })
        .collect();
    let way = |number, _| {
        let number = usize::try_from(number).unwrap();
        relays[number].address.clone()
    };
    let cut = |is_cutting| {
        let all = relays.iter().chain(database);
        all.for_each(|relay| relay.cut(is_cutting));
    };
    under_load(&tokens, &way, |watch| {
        let cuts = || relays.iter().map(Relay::cuts).sum::<u64>();
        let of_database = || database.map_or(u64::MAX, Relay::cuts);
        cut(true);
        for kill in 1..=kills() {
            wait_until("there are enough cuts", || {
                cuts() >= kill * CUTS_A_KILL && of_database() >= kill * DATABASE_CUTS_A_KILL
            });
        }
        cut(false);
        watch.wait_until_all_are_served();
        let of_database = database.map_or(0, Relay::cuts);
        println!("{} cuts, {of_database} of the database", cuts());
    })
}

#[test]
fn connections_cut_at_any_byte_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let told = drill(&server, seed(), None);
    expect_no_gap(&server, &password);
    server.kill();
    expect_each_once(
        &told,
        kept_in_file(&folder.path().join("data/booth.sqlite3")),
    );
}

#[test]
fn connections_to_postgres_cut_at_any_byte_lose_and_double_nothing() {
    let (folder, seed, address) = (tempfile::tempdir().unwrap(), seed(), fresh_database());
    let (place, socket) = address.split_once("?host=").unwrap();
    let socket = format!("{socket}/.s.PGSQL.5432");
    let database = Relay::start(seed, OF_A_SESSION, move || {
        // A stream is a stream: the relay need not know of which kind.
        Ok(OwnedFd::from(UnixStream::connect(&socket)?).into())
    });
    let mut start: Command = command(folder.path());
    let through = place.replace("@/", &format!("@{}/", database.address));
    let server = Server::start(start.env("BOOTH_DATABASE__URL", through), 3);
    let password = secret(&server, "organiser password: ").to_owned();
    let told = drill(&server, seed, Some(&database));
    wait_until_ready(&server);
    expect_no_gap(&server, &password);
    expect_each_once(&told, kept_in_postgres(&address));
}
