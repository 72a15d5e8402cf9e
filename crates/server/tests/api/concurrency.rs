//! Many tablets at once.

use std::{collections::BTreeMap, sync::Arc};

use crate::support::{Server, visit};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_id_sent_by_many_at_once_is_one_entry() {
    let server = Arc::new(Server::start().await);
    let device = Arc::new(server.register("tablet").await);
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let (server, device) = (Arc::clone(&server), Arc::clone(&device));
            tokio::spawn(async move { server.statuses(&device, &[visit(1)]).await })
        })
        .collect();
    let mut counts = BTreeMap::new();
    for task in tasks {
        for status in task.await.unwrap() {
            *counts.entry(status).or_insert(0) += 1;
        }
    }
    assert_eq!(
        counts,
        BTreeMap::from([("stored".to_owned(), 1), ("duplicate".to_owned(), 39)])
    );
    let cookie = server.organiser().await;
    assert_eq!(server.items(&cookie, "").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_side_by_side_lose_nothing() {
    let server = Arc::new(Server::start().await);
    let mut tasks = Vec::new();
    for tablet in 0..8_u64 {
        let device = Arc::new(server.register(&format!("tablet {tablet}")).await);
        for batch in 0..5_u64 {
            let (server, device) = (Arc::clone(&server), Arc::clone(&device));
            let first = tablet * 1_000 + batch * 20 + 1;
            tasks.push(tokio::spawn(async move {
                let items: Vec<_> = (first..first + 20).map(visit).collect();
                server.statuses(&device, &items).await
            }));
        }
    }
    for task in tasks {
        assert!(task.await.unwrap().iter().all(|status| status == "stored"));
    }
    let cookie = server.organiser().await;
    assert_eq!(server.items(&cookie, "?limit=500").await.len(), 500);
    assert_eq!(server.state.storage.newest_position().await.unwrap(), 800);
}
