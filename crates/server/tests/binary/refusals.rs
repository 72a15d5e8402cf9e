//! Starts that are refused: exit code 2, one sentence, nothing changed.

use std::{fs, net::TcpListener, path::Path};

use tempfile::TempDir;

use crate::process::{command, refused};

fn folder_with(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("booth.toml"), config).unwrap();
    folder
}

#[track_caller]
fn assert_untouched(folder: &Path) {
    assert!(!folder.join("data").exists(), "the data folder was made");
}

/// The sentence of a start with this file, on which nothing is changed.
#[track_caller]
fn sentence(config: &str) -> String {
    let folder = folder_with(config);
    let sentence = refused(&mut command(folder.path()));
    assert_untouched(folder.path());
    sentence
}

#[test]
fn wrong_files_are_named_with_their_line() {
    for (config, line, word) in [
        (
            "[server]\nlisten = \"127.0.0.1:1\"\ncolour = 1\n",
            3,
            "colour",
        ),
        ("[server\n", 1, ""),
        ("\n[limits]\nmax_turns = \"many\"\n", 3, "invalid type"),
        ("[limits]\nmax_turns = 0\n", 2, "at least 1"),
        ("[nothing]\n", 1, "nothing"),
        ("\n[teams.nobody]\ndialect = \"guide\"\n", 2, "nobody"),
        ("[teams.skt]\nmodel = \"m\"\n", 1, "base_url"),
        ("[teams.skt]\nbase_url = \"ftp://x\"\n", 2, "base_url"),
        (
            "[teams.skt]\ndialect = \"guide\"\nfallbacks = [\"other\"]\n",
            3,
            "other",
        ),
        ("[staff]\npin_env = \"NO_PIN\"\n", 2, "NO_PIN"),
        (
            "[teams.skt]\nbase_url = \"https://x.example/v1\"\napi_key_env = \"NO_KEY\"\n",
            3,
            "NO_KEY",
        ),
        (
            "[teams.skt]\nbase_url = \"https://x.example/v1\"\nextra_headers = { \"a b\" = \"c\" }\n",
            3,
            "a b",
        ),
        (
            "[teams.skt]\nbase_url = \"https://x.example/v1\"\n\
             fallbacks = [{ base_url = \"https://y.example/v1\", api_key_env = \"NO_KEY\" }]\n",
            3,
            "NO_KEY",
        ),
        ("[database]\nurl = \"postgres://\"\n", 2, "PostgreSQL"),
        ("[database]\nurl = \"mysql:x\"\n", 2, "sqlite:"),
        (
            "[server]\npublic_url = \"https://10.0.0.1\"\n",
            2,
            "public_url",
        ),
        (
            "[server]\npublic_url = \"https://booth.example/path\"\n",
            2,
            "public_url",
        ),
    ] {
        let sentence = sentence(config);
        let place = format!("booth.toml, line {line}: ");
        assert!(
            sentence.starts_with(&place),
            "{place} is not in: {sentence}"
        );
        assert!(sentence.contains(word), "{word} is not in: {sentence}");
    }
}

#[test]
fn a_file_that_is_named_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let sentence = refused(command(folder.path()).args(["--config", "missing.toml"]));
    assert!(sentence.contains("missing.toml"), "{sentence}");
    assert_untouched(folder.path());
}

#[test]
fn wrong_variables_are_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("BOOTH_SERVER__COLOUR", "red"),
        ("BOOTH_LIMITS__MAX_TURNS", "many"),
        ("BOOTH_TEAMS__NOBODY__DIALECT", "guide"),
        ("BOOTH_STAFF__PIN_ENV", "NO_PIN"),
    ] {
        let sentence = refused(command(folder.path()).env(name, value));
        let named = name
            .rsplit_once("__DIALECT")
            .map_or(name, |(table, _)| table);
        assert!(sentence.contains(named), "{named} is not in: {sentence}");
        assert_untouched(folder.path());
    }
}

#[test]
fn a_port_that_is_taken_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let sentence = refused(command(folder.path()).args(["--listen", &address]));
    assert!(
        sentence.contains(&address) && sentence.contains("in use"),
        "{sentence}"
    );
    assert_untouched(folder.path());
}

#[test]
fn a_data_folder_that_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let mut start = command(folder.path());
    let sentence = refused(start.args(["--listen", "127.0.0.1:0", "--data-dir", "file/data"]));
    assert!(sentence.contains("file/data"), "{sentence}");
}

#[test]
fn a_database_that_cannot_be_written_is_refused_before_anything_is_made() {
    for url in ["sqlite:nowhere/booth.db", "sqlite::memory:", "sqlite:."] {
        let folder = tempfile::tempdir().unwrap();
        let mut start = command(folder.path());
        start.args(["--listen", "127.0.0.1:0"]);
        refused(start.env("BOOTH_DATABASE__URL", url));
        assert_untouched(folder.path());
    }
}

#[test]
fn a_newer_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let database = data.join("booth.sqlite3");
    let newer = rusqlite::Connection::open(&database).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    let before = fs::read(&database).unwrap();
    let sentence = refused(command(folder.path()).args(["--listen", "127.0.0.1:0"]));
    assert!(sentence.contains("newer"), "{sentence}");
    assert_eq!(fs::read(&database).unwrap(), before);
    assert_eq!(
        fs::read_dir(&data).unwrap().count(),
        1,
        "something was made beside it"
    );
}

#[test]
fn content_that_is_wrong_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let sentence = refused(command(folder.path()).args(["--event-dir", "nowhere"]));
    assert!(sentence.contains("nowhere"), "{sentence}");
    let event = folder.path().join("event");
    fs::create_dir_all(event.join("teams")).unwrap();
    for (name, text) in kiosk_server::assets::built_in_event() {
        fs::write(event.join(name), text).unwrap();
    }
    let survey = event.join("survey.toml");
    let text = fs::read_to_string(&survey).unwrap();
    fs::write(&survey, format!("surprise = 1\n{text}")).unwrap();
    let sentence = refused(command(folder.path()).args(["--event-dir", "event"]));
    assert!(
        sentence.contains("survey.toml:1") && sentence.contains("surprise"),
        "{sentence}"
    );
    assert_untouched(folder.path());
}

#[test]
fn rules_that_are_named_and_missing_are_named_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("booth.toml"),
        "[moderation]\nrules = \"strict.toml\"\n",
    )
    .unwrap();
    let sentence = refused(&mut command(folder.path()));
    assert!(
        sentence.contains("strict.toml:1: [moderation] rules"),
        "{sentence}"
    );
}

#[test]
fn beyond_loopback_visitors_must_be_told_who_listens() {
    let service = "[teams.skt]\nbase_url = \"https://x.example/v1\"\nmodel = \"m\"\n";
    let fallback = "recipient = \"A\"\nfallbacks = [{ base_url = \"https://y.example/v1\" }]\n";
    let url = "[server]\nlisten = \"0.0.0.0:0\"\npublic_url = \"https://booth.example\"\n";
    let notice = "[privacy]\ncontroller = \"A\"\ncontact = \"B\"\n";
    for (config, missing) in [
        (
            "[server]\nlisten = \"0.0.0.0:0\"\n".to_owned(),
            "public_url",
        ),
        (url.to_owned(), "controller"),
        (format!("{url}[privacy]\ncontroller = \"A\"\n"), "contact"),
        (format!("{url}{notice}{service}"), "[teams.skt]"),
        (format!("{url}{notice}{service}{fallback}"), "[teams.skt]"),
    ] {
        let sentence = sentence(&config);
        assert!(
            sentence.contains(missing),
            "{missing} is not in: {sentence}"
        );
    }
}

#[test]
fn the_sample_file_is_accepted() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../booth.example.toml");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    // Reaching the port means that everything before it was accepted.
    let sentence = refused(command(folder.path()).args(["--config", sample, "--listen", &address]));
    assert!(sentence.contains("in use"), "{sentence}");
}
