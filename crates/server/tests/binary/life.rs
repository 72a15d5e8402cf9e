//! First and later starts, secrets, stopping, and what a killed server has kept.

use std::{
    fs,
    io::Read,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::process::{Server, command, refused};

pub(crate) fn visit(n: u64) -> Value {
    json!({
        "id": format!("0193f0c2-0000-7000-8000-{n:012x}"), "seq": n,
        "visit_id": "7d444840-9dc0-4d1e-b245-5ffdce74fad2", "kind": "visit", "rating": 5,
        "created_at": "2025-12-30T14:31:05+09:00", "language": "ko"
    })
}

pub(crate) fn secret<'a>(server: &'a Server, label: &str) -> &'a str {
    server
        .lines
        .iter()
        .find_map(|line| line.strip_prefix(label))
        .expect("a printed secret")
}

fn sign_in(server: &Server, role: &str, secret: &str) -> u16 {
    server
        .post("/api/session", "", &json!({"role": role, "secret": secret}))
        .0
}

#[test]
fn the_first_start_prints_secrets_that_work_and_later_ones_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let pin = secret(&server, "staff PIN: ").to_owned();
    let password = secret(&server, "organiser password: ").to_owned();
    let code = secret(&server, "panel code: ").to_owned();
    for digits in [&pin, &code] {
        assert!(
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()),
            "{digits}"
        );
    }
    assert_eq!(sign_in(&server, "staff", &pin), 200);
    assert_eq!(sign_in(&server, "organiser", &password), 200);
    assert_eq!(sign_in(&server, "staff", &code), 401);
    let data = folder.path().join("data");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights(&data), 0o700);
        let names = ["", "-wal", "-shm"].map(|end| format!("booth.sqlite3{end}"));
        for name in names.iter().map(String::as_str).chain(["hash.key"]) {
            assert_eq!(rights(&data.join(name)), 0o600, "{name}");
        }
    }
    server.kill();
    let key = data.join("hash.key");
    let written = fs::read_to_string(&key).unwrap();
    assert_eq!(written.len(), 64);
    for entry in fs::read_dir(folder.path().join("data")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let kept = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!kept(&password), "the password is on the disk");
    }
    let again = Server::start(&mut command(folder.path()), 0);
    assert_eq!(sign_in(&again, "staff", &pin), 200);
    again.kill();
    assert_eq!(fs::read_to_string(&key).unwrap(), written);
}

#[test]
fn secrets_from_variables_are_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let configured = |pin: &str| {
        let mut start: Command = command(folder.path());
        start
            .env("BOOTH_STAFF__PIN_ENV", "PIN")
            .env("BOOTH_STAFF__PANEL_CODE_ENV", "CODE")
            .env("BOOTH_ORGANISER__PASSWORD_ENV", "PASSWORD")
            .envs([("PIN", pin), ("CODE", "111111"), ("PASSWORD", "horse")]);
        start
    };
    let server = Server::start(&mut configured("222222"), 0);
    assert_eq!(sign_in(&server, "staff", "222222"), 200);
    assert_eq!(sign_in(&server, "organiser", "horse"), 200);
    let staff = server.cookie("staff", "222222");
    let organiser = server.cookie("organiser", "horse");
    server.kill();
    let changed = Server::start(&mut configured("333333"), 0);
    let who = |cookie: &str| {
        let header = format!("{cookie}\r\n");
        changed.ask("GET", "/api/session", &header, "").0
    };
    // Whoever knew the old PIN only is out.
    assert_eq!((who(&staff), who(&organiser)), (401, 200));
    assert_eq!(sign_in(&changed, "staff", "222222"), 401);
    assert_eq!(sign_in(&changed, "staff", "333333"), 200);
}

#[test]
fn a_receipt_outlives_the_server_that_gave_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let (status, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    assert_eq!(status, 201);
    let token = format!(
        "Authorization: Bearer {}\r\n",
        device["token"].as_str().unwrap()
    );
    let batch = |first: u64| {
        let items: Vec<Value> = (first..first + 20).map(visit).collect();
        json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": items})
    };
    for first in [1, 21, 41] {
        let (status, answer) = server.post("/api/feedback", &token, &batch(first));
        assert_eq!(status, 200);
        let receipts = answer["receipts"].as_array().unwrap();
        assert!(receipts.iter().all(|receipt| receipt["status"] == "stored"));
    }
    server.kill();
    let again = Server::start(&mut command(folder.path()), 0);
    for first in [1, 21, 41] {
        let (_, answer) = again.post("/api/feedback", &token, &batch(first));
        let receipts = answer["receipts"].as_array().unwrap();
        assert!(
            receipts
                .iter()
                .all(|receipt| receipt["status"] == "duplicate")
        );
    }
}

#[test]
fn a_lost_key_is_not_made_anew_beside_feedback() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&mut command(folder.path()), 3);
    let key = folder.path().join("data/hash.key");
    server.kill();
    // Without feedback nothing is at odds with a new key.
    fs::remove_file(&key).unwrap();
    let server = Server::start(&mut command(folder.path()), 0);
    let (_, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    let token = format!(
        "Authorization: Bearer {}\r\n",
        device["token"].as_str().unwrap()
    );
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": [visit(1)]});
    server.post("/api/feedback", &token, &batch);
    server.kill();
    let kept = fs::read_to_string(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let sentence = refused(command(folder.path()).args(["--listen", "127.0.0.1:0"]));
    assert!(
        sentence.contains("hash.key is missing") && sentence.contains("put the file back"),
        "{sentence}"
    );
    assert!(!key.exists());
    fs::write(&key, kept).unwrap();
    let again = Server::start(&mut command(folder.path()), 0);
    let (_, answer) = again.post("/api/feedback", &token, &batch);
    assert_eq!(answer["receipts"][0]["status"], "duplicate");
}

/// Small rows still fit under this limit, a batch does not: as on a disk that is nearly full.
#[cfg(unix)]
#[test]
fn a_server_without_room_for_a_batch_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let ready = |start: &mut Command| Server::start(start, 3).ask("GET", "/readyz", "", "").0;
    assert_eq!(ready(&mut command(folder.path())), 200);
    let other = tempfile::tempdir().unwrap();
    let mut limited = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"";
    limited.args(["-c", script, env!("CARGO_BIN_EXE_kiosk-server")]);
    limited.env_clear().current_dir(other.path());
    assert_eq!(ready(&mut limited), 503);
}

#[cfg(unix)]
fn terminate(server: &mut Server, at_most: Duration) -> std::process::ExitStatus {
    let pid = server.child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(sent.unwrap().success());
    let started = Instant::now();
    loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            return status;
        }
        assert!(started.elapsed() < at_most, "the server did not stop");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(unix)]
#[test]
fn reads_that_do_not_end_are_told_and_hold_no_stop_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(&mut command(folder.path()), 3);
    assert_eq!(server.ask("GET", "/readyz", "", "").0, 200);
    let password = secret(&server, "organiser password: ").to_owned();
    let cookie = server.cookie("organiser", &password);
    rusqlite::Connection::open(folder.path().join("data/booth.sqlite3"))
        .unwrap()
        .execute_batch(
            "ALTER TABLE entries RENAME TO kept;
             CREATE VIEW entries AS WITH RECURSIVE n (position) AS
                 (SELECT 1 UNION ALL SELECT position + 1 FROM n) SELECT position FROM n;",
        )
        .unwrap();
    let path = "/api/feedback/export?format=csv";
    let asked: Vec<_> = (0..6).map(|_| server.send(path, &cookie)).collect();
    let started = Instant::now();
    while server.ask("GET", "/readyz", "", "").0 != 503 {
        assert!(started.elapsed() < Duration::from_secs(20), "still ready");
    }
    drop(asked);
    let status = terminate(&mut server, Duration::from_secs(8));
    assert_eq!(status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_server_in_good_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(&mut command(folder.path()), 3);
    let (_, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    // Streams of commands have no end of their own, and must not hold the server up.
    let mut stream = server.open(
        "/api/devices/me/commands",
        device["token"].as_str().unwrap(),
    );
    let status = terminate(&mut server, Duration::from_secs(5));
    assert_eq!(status.code(), Some(0));
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("text/event-stream") && rest.ends_with("0\r\n\r\n"));
    // The last connection has folded the log back into the database.
    assert!(!folder.path().join("data/booth.sqlite3-wal").exists());
}

#[test]
fn logs_are_json_and_carry_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut start = command(folder.path());
    start.args(["--listen", "127.0.0.1:0"]);
    start.stdout(std::process::Stdio::piped());
    start.stderr(fs::File::create(&log).unwrap());
    let server = Server::adopt(start.spawn().unwrap(), 3);
    let (_, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    let token = device["token"].as_str().unwrap();
    let mut item = visit(1);
    item["comment"] = "a very private sentence".into();
    item["age_14_or_over"] = true.into();
    let mut bad = visit(2);
    bad["rating"] = "another private sentence".into();
    let batch = json!({"sent_at": "2025-12-30T14:31:06+09:00", "items": [item, bad]});
    server.post(
        "/api/feedback",
        &format!("Authorization: Bearer {token}\r\n"),
        &batch,
    );
    server.ask("GET", "/api/feedback?q=private", "", "");
    let password = secret(&server, "organiser password: ").to_owned();
    server.kill();
    let logged = fs::read_to_string(&log).unwrap();
    for line in logged.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
    assert!(logged.contains("/api/feedback") && logged.contains("\"status\":200"));
    assert!(logged.contains(device["device_id"].as_str().unwrap()));
    for secret in ["private", token, &password] {
        assert!(!logged.contains(secret), "{secret} is in the log");
    }
}
