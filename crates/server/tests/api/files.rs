//! The database's files are taken away while the server runs.
#![cfg(unix)]

use std::{fs, path::PathBuf};

use axum::http::StatusCode;
use kiosk_server::storage::sqlite;

use crate::support::{Server, visit};

fn log(server: &Server) -> PathBuf {
    server.database().with_extension("sqlite3-wal")
}

#[tokio::test]
async fn nothing_is_stored_in_a_file_that_is_gone() {
    for file in [Server::database, log] {
        let server = Server::start().await;
        let device = server.register("tablet").await;
        assert_eq!(server.get("/readyz").await.status, StatusCode::OK);
        assert_eq!(server.statuses(&device, &[visit(1)]).await, ["stored"]);
        let path = file(&server);
        let aside = path.with_extension("aside");
        fs::rename(&path, &aside).unwrap();
        let refused = server.post_items(&device, &[visit(2)]).await;
        refused.assert_problem(503, "unavailable");
        server
            .get("/readyz")
            .await
            .assert_problem(503, "unavailable");
        // It comes back, and with it whatever went there.
        fs::rename(&aside, &path).unwrap();
        assert_eq!(server.get("/readyz").await.status, StatusCode::OK);
        let again = [visit(1), visit(2)];
        assert_eq!(server.statuses(&device, &again).await, ["duplicate"; 2]);
    }
}

#[tokio::test]
async fn another_file_in_its_place_is_not_taken_for_it() {
    let server = Server::start().await;
    let device = server.register("tablet").await;
    let folder = server.database().parent().unwrap().to_owned();
    for file in fs::read_dir(&folder).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let other = sqlite::open(&server.database()).unwrap();
    let refused = server.post_items(&device, &[visit(1)]).await;
    refused.assert_problem(503, "unavailable");
    server
        .get("/readyz")
        .await
        .assert_problem(503, "unavailable");
    drop(other);
}
