//! The interface as its own description has it: schemathesis asks for everything in `/openapi.json`, right
//! and wrong, and holds each answer against it.
//!
//! `cargo xtask test` installs it; `BOOTH_CLIENTS` is the folder with `python/bin/schemathesis`.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::json;

use crate::{
    life::secret,
    process::{Server, command},
};

/// How many calls are made up for each operation; `cargo xtask test --long` says more.
fn examples() -> String {
    std::env::var("KIOSK_EXAMPLES").unwrap_or_else(|_| "50".to_owned())
}

fn program() -> PathBuf {
    let folder = std::env::var_os("BOOTH_CLIENTS").map(PathBuf::from);
    let folder = folder.expect(
        "BOOTH_CLIENTS says where clients are installed; `cargo xtask test --only native` sets it",
    );
    folder.join("python/bin/schemathesis")
}

/// A server that lets in whoever asks often.
fn server(folder: &Path) -> Server {
    let limits = "[limits]\nrequests_per_minute = 1000000\nanswers_per_device = 64\n";
    std::fs::write(folder.join("booth.toml"), limits).unwrap();
    Server::start(&mut command(folder), 3)
}

/// Runs every check with these credentials; what was said of it.
#[track_caller]
fn expect_conformance(server: &Server, folder: &Path, token: &str, session: &str) -> String {
    let config =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/schemathesis.toml");
    let origin = format!("http://{}", server.address);
    let Output { status, stdout, .. } = Command::new(program())
        .arg("--config-file")
        .arg(config)
        .args(["run", &format!("{origin}/openapi.json")])
        .args(["--checks", "all", "--max-examples", &examples()])
        .current_dir(folder)
        .env("BOOTH_TOKEN", token)
        .env("BOOTH_SESSION", session)
        .env("BOOTH_ORIGIN", &origin)
        .env("NO_PROXY", "127.0.0.1")
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{said}");
    println!("{said}");
    assert_eq!(server.ask("GET", "/readyz", "", "").0, 200);
    said
}

/// What it says where everything was refused.
const NOT_LET_IN: &str = "Authentication failed";

#[test]
fn whoever_may_is_answered_as_described() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let (status, device) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    assert_eq!(status, 201);
    let cookie = server.cookie("organiser", secret(&server, "organiser password: "));
    let (_, session) = cookie.split_once('=').unwrap();
    let token = device["token"].as_str().unwrap();
    let said = expect_conformance(&server, folder.path(), token, session);
    // A run in which nobody is let in proves nothing.
    assert!(!said.contains(NOT_LET_IN), "{said}");
}

#[test]
fn strangers_are_refused_as_described() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let said = expect_conformance(&server, folder.path(), "nobody's", "nobody's");
    assert!(said.contains(NOT_LET_IN), "{said}");
}
