//! What tablets announced beside what arrived.

use kiosk_wire::console::{ConflictKind, DeviceReconciliation, Reconciliation};
use serde_json::json;

use crate::support::{Server, entry_id, visit, with};

async fn devices(server: &Server) -> Vec<DeviceReconciliation> {
    let cookie = server.organiser().await;
    let answer = server.read(&cookie, "/api/feedback/reconciliation").await;
    let told: Reconciliation = serde_json::from_slice(&answer.body).unwrap();
    told.devices
}

#[tokio::test]
async fn gaps_doubles_and_conflicts_are_told_per_tablet() {
    let server = Server::start().await;
    let device = server.register("a").await;
    let quiet = server.register("b").await;
    server.beat(&device, &json!({"last_seq": 7})).await;
    server
        .statuses(&device, &[visit(1), visit(2), visit(2), visit(5)])
        .await;
    server.clock.advance_secs(60);
    let changed = with(visit(2), &json!({"rating": 1}));
    let same_number = with(visit(9), &json!({"seq": 5}));
    // The changed one comes twice and is kept once.
    let sent = [changed.clone(), changed.clone(), same_number.clone()];
    let statuses = server.statuses(&device, &sent).await;
    assert_eq!(statuses, ["conflict", "conflict", "stored"]);
    let devices = devices(&server).await;
    let told = &devices[0];
    assert_eq!((&*told.device_id, &*told.name), (&*device.id, "a"));
    assert_eq!((told.announced, told.stored, told.duplicates), (7, 4, 1));
    assert_eq!(told.missing, [3, 4, 6, 7]);
    let conflicts: Vec<_> = told
        .conflicts
        .iter()
        .map(|c| (c.seq, &*c.id, c.kind))
        .collect();
    assert_eq!(
        conflicts,
        [
            (2, &*entry_id(2), ConflictKind::SameId),
            (5, &*entry_id(9), ConflictKind::SameSeq),
        ]
    );
    assert!(
        told.conflicts
            .iter()
            .all(|c| c.received_at == "2025-12-30T05:32:06Z")
    );
    // What arrived later can be read, whole.
    let items: Vec<_> = told.conflicts.iter().map(|c| &c.item).collect();
    assert_eq!(items, [&changed, &same_number]);
    assert_eq!(&*devices[1].device_id, &*quiet.id);
    assert!(devices[1].conflicts.is_empty() && devices[1].missing.is_empty());
}

#[tokio::test]
async fn a_number_that_arrived_as_a_conflict_is_not_missing() {
    let server = Server::start().await;
    let device = server.register("a").await;
    let changed = with(visit(1), &json!({"seq": 2, "rating": 1}));
    let statuses = server.statuses(&device, &[visit(1), changed]).await;
    assert_eq!(statuses, ["stored", "conflict"]);
    let beat = server.beat(&device, &json!({"last_seq": 3})).await.json();
    assert_eq!(beat["last_seq"], 2);
    let devices = devices(&server).await;
    assert_eq!(devices[0].missing, [3]);
    assert_eq!(devices[0].conflicts[0].seq, 2);
}

#[tokio::test]
async fn the_same_number_on_two_tablets_is_no_conflict() {
    let server = Server::start().await;
    let (a, b) = (server.register("a").await, server.register("b").await);
    server.statuses(&a, &[visit(1)]).await;
    server
        .statuses(&b, &[with(visit(2), &json!({"seq": 1}))])
        .await;
    assert!(
        devices(&server)
            .await
            .iter()
            .all(|device| device.conflicts.is_empty())
    );
}
