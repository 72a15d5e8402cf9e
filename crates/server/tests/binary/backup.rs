//! A copy that is taken while the server works, and the drill of putting it back.

use std::{
    fs,
    path::Path,
    process::Output,
    sync::atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use crate::{
    life::visit,
    process::{Server, command, refused},
};

/// Registers a tablet; its header.
fn tablet(server: &Server) -> String {
    let (status, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    assert_eq!(status, 201);
    format!(
        "Authorization: Bearer {}\r\n",
        device["token"].as_str().unwrap()
    )
}

/// Sends one entry; what became of it.
fn send(server: &Server, tablet: &str, n: u64) -> String {
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": [visit(n)]});
    let (status, answer) = server.post("/api/feedback", tablet, &batch);
    assert_eq!(status, 200, "{answer}");
    answer["receipts"][0]["status"].as_str().unwrap().to_owned()
}

/// Runs a task that succeeds; what it printed.
fn task(folder: &Path, words: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command(folder).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{said}");
    String::from_utf8(stdout).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_copy_of_a_working_server_goes_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let tablet = tablet(&server);
    for n in 1..=50 {
        assert_eq!(send(&server, &tablet, n), "stored");
    }
    // Entries come in all the while.
    let is_over = AtomicBool::new(false);
    let last = std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            let mut n = 50;
            while !is_over.load(Ordering::Relaxed) {
                n += 1;
                assert_eq!(send(&server, &tablet, n), "stored");
            }
            n
        });
        fs::create_dir(folder.path().join("copies")).unwrap();
        let said = task(folder.path(), &["backup", "copies/one.sqlite3"]);
        assert!(said.contains("copies/one.sqlite3 ("), "{said}");
        is_over.store(true, Ordering::Relaxed);
        sending.join().unwrap()
    });
    assert_eq!(send(&server, &tablet, last + 1), "stored");
    assert_eq!(
        names(&folder.path().join("copies")),
        ["hash.key", "one.sqlite3"]
    );
    #[cfg(unix)]
    for name in ["hash.key", "one.sqlite3"] {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.path().join("copies").join(name);
        let rights = fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600, "{name}");
    }
    let sentence = refused(command(folder.path()).args(["backup", "copies/one.sqlite3"]));
    assert!(sentence.contains("exists already"), "{sentence}");
    let sentence = refused(command(folder.path()).args(["restore", "copies/one.sqlite3"]));
    assert!(sentence.contains("stop the server first"), "{sentence}");
    assert_eq!(send(&server, &tablet, 1), "duplicate");
    server.kill();

    // On another machine.
    let other = tempfile::tempdir().unwrap();
    for name in ["hash.key", "one.sqlite3"] {
        fs::copy(
            folder.path().join("copies").join(name),
            other.path().join(name),
        )
        .unwrap();
    }
    let said = task(other.path(), &["restore", "one.sqlite3"]);
    assert!(said.contains("restored: "), "{said}");
    let again = Server::start(&mut command(other.path()), 0);
    // What the copy has is known by its keyed hash, the tablet by its token; later entries come again.
    for n in 1..=50 {
        assert_eq!(send(&again, &tablet, n), "duplicate", "{n}");
    }
    assert_eq!(send(&again, &tablet, last + 1), "stored");
    again.kill();

    // In the place of what has become newer, which is kept.
    let said = task(folder.path(), &["restore", "copies/one.sqlite3"]);
    let kept = said.lines().find_map(|line| line.strip_prefix("kept: "));
    let kept = folder
        .path()
        .join(kept.expect("the database that was there"));
    let count = |file: &Path| -> u64 {
        let database = rusqlite::Connection::open(file).unwrap();
        let count = database.query_row("SELECT count(*) FROM entries", [], |row| row.get(0));
        let count: i64 = count.unwrap();
        u64::try_from(count).unwrap()
    };
    assert_eq!(count(&kept), last + 1);
    assert!(count(&folder.path().join("data/booth.sqlite3")) < last + 1);
    let again = Server::start(&mut command(folder.path()), 0);
    assert_eq!(send(&again, &tablet, 1), "duplicate");
    assert_eq!(send(&again, &tablet, last + 1), "stored");
}

#[test]
fn what_cannot_be_copied_or_put_back_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let said = |words: &[&str]| refused(command(folder.path()).args(words));
    assert!(said(&["backup", "copy"]).contains("nothing to copy"));
    assert!(said(&["restore", "copy"]).contains("copy is not there"));
    assert_eq!(names(folder.path()), Vec::<String>::new());

    let server = Server::start(&mut command(folder.path()), 3);
    let tablet = tablet(&server);
    assert_eq!(send(&server, &tablet, 1), "stored");
    task(folder.path(), &["backup", "copy"]);
    server.kill();
    let data = folder.path().join("data");
    let before = names(&data);

    fs::write(
        folder.path().join("text"),
        "no database at all, ".repeat(99),
    )
    .unwrap();
    assert!(said(&["restore", "text"]).contains("not a database"));
    let newer = folder.path().join("newer");
    fs::copy(folder.path().join("copy"), &newer).unwrap();
    let database = rusqlite::Connection::open(&newer).unwrap();
    database.pragma_update(None, "user_version", 999).unwrap();
    drop(database);
    assert!(said(&["restore", "newer"]).contains("use the newer server"));
    let mut bytes = fs::read(folder.path().join("copy")).unwrap();
    let end = bytes.len();
    bytes.truncate(end - 4096);
    fs::write(folder.path().join("cut"), bytes).unwrap();
    said(&["restore", "cut"]);
    // Another booth's key beside the copy's place.
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("hash.key"), "f".repeat(64)).unwrap();
    assert!(said(&["backup", "elsewhere/copy"]).contains("another booth"));
    assert_eq!(names(&elsewhere), ["hash.key"]);
    assert_eq!(names(&data), before);

    let again = Server::start(&mut command(folder.path()), 0);
    assert_eq!(send(&again, &tablet, 1), "duplicate");
    assert_eq!(send(&again, &tablet, 2), "stored");
}
