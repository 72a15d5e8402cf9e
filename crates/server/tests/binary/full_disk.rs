//! The disk under the database is full for a while, for real, while many tablets send: they are sent
//! away meanwhile, and served again by the same server. What they were told is kept is kept, once.

use std::{cell::RefCell, path::Path, process::Command, thread, time::Duration};

use cluster::{Cluster, Durability, Stop};

use crate::{
    life::secret,
    process::{Server, command},
    small_disk::{Filler, on_small_disk},
    tablets::{
        Told, Watch, expect_each_once, expect_no_gap, expect_not_ready, kept_in_file,
        kept_in_postgres, register, under_load, wait_until, wait_until_ready,
    },
};

/// How much room is left each time: none, within a page, some pages, and less than a large batch needs.
const LEFT: [u64; 5] = [0, 3_000, 40_000, 300_000, 0];

/// Fills the disk again and again; `then` follows each time it has been freed.
fn drill(
    disk: &Path,
    server: &Server,
    password: &str,
    meanwhile: &mut dyn FnMut(),
    then: &mut dyn FnMut(),
) -> Told {
    let cookie = server.cookie("organiser", password) + "\r\n";
    let mut round = |watch: &Watch, left| {
        thread::sleep(Duration::from_millis(50 + left % 170));
        let filler = Filler::fill(disk, left);
        // A database server gives room back by itself, such as old files of its log.
        watch.wait_until_all_are_sent_away(&mut || filler.fill_up(left));
        meanwhile();
        filler.free();
        then();
        watch.wait_until_all_are_served();
        wait_until_ready(server);
        assert_eq!(watch.broken(), 0, "each try is answered");
        let read = server.ask("GET", "/api/feedback", &cookie, "");
        assert_eq!(read.0, 200);
    };
    let told = under_load(&register(server), &|_, _| server.address.clone(), |watch| {
        for left in LEFT {
            round(watch, left);
        }
    });
    println!("{} times full", LEFT.len());
    told
}

#[test]
fn a_full_disk_loses_and_doubles_nothing() {
    on_small_disk(
        "full_disk::a_full_disk_loses_and_doubles_nothing",
        64,
        |disk| {
            let server = Server::start(&mut command(disk), 3);
            let password = secret(&server, "organiser password: ").to_owned();
            let told = drill(
                disk,
                &server,
                &password,
                &mut || expect_not_ready(&server),
                &mut || {},
            );
            expect_no_gap(&server, &password);
            // With nothing but what the disk holds.
            server.kill();
            let again = Server::start(&mut command(disk), 0);
            expect_no_gap(&again, &password);
            again.kill();
            expect_each_once(&told, kept_in_file(&disk.join("data/booth.sqlite3")));
        },
    );
}

/// The disk under the database server, which may give up over it: then it is started again, and ours
/// is not. Ours is ready all the while: how much room there is elsewhere it cannot know.
#[test]
fn a_full_disk_under_postgres_loses_and_doubles_nothing() {
    let test = "full_disk::a_full_disk_under_postgres_loses_and_doubles_nothing";
    on_small_disk(test, 160, |disk| {
        let cluster = RefCell::new(Cluster::start(Durability::Memory).unwrap());
        let address = cluster.borrow().fresh_database().unwrap();
        let mut start: Command = command(disk);
        let server = Server::start(start.env("BOOTH_DATABASE__URL", &address), 3);
        let password = secret(&server, "organiser password: ").to_owned();
        let (mut rounds, mut ends) = (0, 0);
        let mut meanwhile = || {
            rounds += 1;
            // Without room for a row an entry is refused, without room for its log the server breaks
            // down, and recovers or ends.
            if rounds % 2 == 0 {
                use_up_log(&address);
            }
        };
        let mut then = || {
            let mut cluster = cluster.borrow_mut();
            if !cluster.is_running() {
                ends += 1;
                cluster.stop(Stop::Immediate).unwrap();
                cluster.start_again().unwrap();
            }
        };
        let told = drill(disk, &server, &password, &mut meanwhile, &mut then);
        println!("the database server ended {ends} times");
        expect_no_gap(&server, &password);
        // With nothing but what the disk holds.
        let mut cluster = cluster.into_inner();
        cluster.stop(Stop::Immediate).unwrap();
        cluster.start_again().unwrap();
        wait_until_ready(&server);
        expect_no_gap(&server, &password);
        expect_each_once(&told, kept_in_postgres(&address));
    });
}

/// Makes a database server take new files for its log until it breaks down, which it does for want of
/// nothing else.
fn use_up_log(address: &str) {
    wait_until("the log has no room", || {
        let Ok(mut client) = postgres::Client::connect(address, postgres::NoTls) else {
            return true;
        };
        let next =
            "SELECT pg_logical_emit_message(true, 'tests', repeat('x', 1000)), pg_switch_wal()";
        let Err(error) = client.simple_query(next) else {
            return false;
        };
        let said = error.as_db_error().map(postgres::error::DbError::severity);
        assert_ne!(said, Some("ERROR"), "{error}");
        true
    });
}
