//! How any database must behave, once, run on every one there is.

use std::sync::Arc;

use jiff::Timestamp;
use kiosk_server::storage::{
    EntryFilter, Ingested, NewDevice, NewEntry, Page, Person, Realm, SessionRecord, SignOfLife,
    Storage, sqlite::SqliteStorage,
};
use kiosk_wire::{event::Language, feedback::Kind};
use serde_json::json;

use crate::support::{VISIT, entry_id};

fn at(secs: i64) -> Timestamp {
    Timestamp::from_second(1_767_000_000 + secs).unwrap()
}

fn entry(n: u64) -> NewEntry {
    NewEntry {
        id: entry_id(n),
        seq: n,
        visit_id: VISIT.to_owned(),
        receipt: kiosk_wire::receipt::receipt(VISIT).unwrap(),
        team: Some("skt".to_owned()),
        kind: Kind::Visit,
        created_at: at(0),
        language: Language::Ko,
        rating: Some(4),
        item: json!({"id": entry_id(n), "tags": ["fast"], "answers": {"a": "b"}}),
        search_text: "좋아요\n".to_owned(),
        keyed_hash: format!("hash {n}"),
    }
}

async fn register(storage: &dyn Storage, id: &str) {
    let device = NewDevice {
        id: id.to_owned(),
        name: id.to_owned(),
        token_hash: format!("token of {id}"),
    };
    storage.register_device(device, at(0)).await.unwrap();
}

async fn all(storage: &dyn Storage) -> Vec<u64> {
    let page = Page::Before {
        position: None,
        limit: 500,
    };
    let entries = storage
        .entries(&EntryFilter::default(), page)
        .await
        .unwrap();
    entries.iter().map(|entry| entry.position).collect()
}

async fn entries_are_kept_once(storage: &dyn Storage) {
    register(storage, "one").await;
    assert_eq!(storage.newest_position().await.unwrap(), 0);
    let first = storage
        .ingest("one", at(1), vec![entry(1), entry(2)])
        .await
        .unwrap();
    assert_eq!(first, [Ingested::Stored; 2]);
    let other = NewEntry {
        keyed_hash: "other".to_owned(),
        ..entry(1)
    };
    let again = storage
        .ingest("one", at(2), vec![entry(1), other, entry(3)])
        .await
        .unwrap();
    assert_eq!(
        again,
        [Ingested::Duplicate, Ingested::Conflict, Ingested::Stored]
    );
    let positions = all(storage).await;
    assert!(positions.len() == 3 && positions.is_sorted_by(|a, b| a > b));
    assert_eq!(storage.newest_position().await.unwrap(), positions[0]);
}

async fn a_failed_batch_leaves_nothing(storage: &dyn Storage) {
    let unknown = storage.ingest("nobody", at(1), vec![entry(1)]).await;
    assert!(unknown.is_err());
    assert!(all(storage).await.is_empty());
}

async fn pages_and_filters_agree(storage: &dyn Storage) {
    register(storage, "one").await;
    let entries = (1..=5).map(entry).collect();
    storage.ingest("one", at(1), entries).await.unwrap();
    let last = storage.newest_position().await.unwrap();
    let page = Page::After {
        position: 0,
        last,
        limit: 2,
    };
    let first = storage
        .entries(&EntryFilter::default(), page)
        .await
        .unwrap();
    let page = Page::After {
        position: first[1].position,
        last,
        limit: 9,
    };
    let rest = storage
        .entries(&EntryFilter::default(), page)
        .await
        .unwrap();
    assert_eq!((first.len(), rest.len()), (2, 3));
    let search = |text: &str| EntryFilter {
        search: Some(text.to_owned()),
        ..Default::default()
    };
    let page = Page::Before {
        position: None,
        limit: 9,
    };
    assert_eq!(
        storage.entries(&search("좋아"), page).await.unwrap().len(),
        5
    );
    assert!(
        storage
            .entries(&search("싫어"), page)
            .await
            .unwrap()
            .is_empty()
    );
    let columns = storage.answer_columns().await.unwrap();
    assert!(columns.tags.contains("fast") && columns.answers.contains("a"));
}

async fn devices_keep_one_token(storage: &dyn Storage) {
    register(storage, "one").await;
    let renewed = NewDevice {
        id: "one".to_owned(),
        name: "renamed".to_owned(),
        token_hash: "new token".to_owned(),
    };
    storage.register_device(renewed, at(1)).await.unwrap();
    assert_eq!(storage.device_by_token("token of one").await.unwrap(), None);
    assert_eq!(
        storage
            .device_by_token("new token")
            .await
            .unwrap()
            .as_deref(),
        Some("one")
    );
    let sign = |announced| SignOfLife {
        device: "one".to_owned(),
        at: at(2),
        heartbeat: json!({"screen": "chat"}),
        announced,
    };
    storage.ingest("one", at(1), vec![entry(2)]).await.unwrap();
    assert_eq!(storage.record_heartbeat(sign(Some(3))).await.unwrap(), 2);
    storage.record_heartbeat(sign(None)).await.unwrap();
    let fleet = storage.devices().await.unwrap();
    assert_eq!(
        (fleet[0].announced, fleet[0].last_seq, fleet[0].stored),
        (3, 2, 1)
    );
    assert_eq!(fleet[0].missing, [1, 3]);
    assert!(storage.revoke_device("one", at(3)).await.unwrap());
    assert!(!storage.revoke_device("nobody", at(3)).await.unwrap());
    assert_eq!(storage.device_by_token("new token").await.unwrap(), None);
    assert!(storage.devices().await.unwrap()[0].revoked);
}

async fn pairing_codes_are_used_up(storage: &dyn Storage) {
    storage.add_pairing_code("code", at(10)).await.unwrap();
    storage.add_pairing_code("late", at(10)).await.unwrap();
    assert!(!storage.use_pairing_code("other", at(0)).await.unwrap());
    assert!(storage.use_pairing_code("code", at(9)).await.unwrap());
    assert!(!storage.use_pairing_code("code", at(9)).await.unwrap());
    assert!(!storage.use_pairing_code("late", at(10)).await.unwrap());
}

async fn people_and_sessions_are_kept(storage: &dyn Storage) {
    let person = Person {
        realm: Realm::Staff,
        name: "first".to_owned(),
        role: "lead".to_owned(),
        secret_hash: "hash".to_owned(),
    };
    storage
        .put_credentials(vec![person.clone()], Some("verifier".to_owned()))
        .await
        .unwrap();
    storage.put_credentials(vec![], None).await.unwrap();
    assert_eq!(
        storage.person(Realm::Staff, "first").await.unwrap(),
        Some(person)
    );
    assert_eq!(
        storage.person(Realm::Organiser, "first").await.unwrap(),
        None
    );
    assert_eq!(
        storage.panel_verifier().await.unwrap().as_deref(),
        Some("verifier")
    );
    let session = SessionRecord {
        token_hash: "cookie".to_owned(),
        name: "first".to_owned(),
        role: "lead".to_owned(),
        expires_at: at(10),
    };
    storage.start_session(session.clone(), at(0)).await.unwrap();
    assert_eq!(
        storage.session("cookie", at(9)).await.unwrap(),
        Some(session)
    );
    assert_eq!(storage.session("cookie", at(10)).await.unwrap(), None);
    storage.end_session("cookie").await.unwrap();
    assert_eq!(storage.session("cookie", at(9)).await.unwrap(), None);
}

async fn tokens_add_up_by_team_and_day(storage: &dyn Storage) {
    storage.add_tokens("skt", "2025-12-30", 5).await.unwrap();
    storage.add_tokens("skt", "2025-12-30", 7).await.unwrap();
    assert_eq!(storage.tokens_used("skt", "2025-12-30").await.unwrap(), 12);
    assert_eq!(storage.tokens_used("skt", "2025-12-31").await.unwrap(), 0);
    assert_eq!(
        storage.tokens_used("upstage", "2025-12-30").await.unwrap(),
        0
    );
}

async fn after_closing_everything_fails(storage: &dyn Storage) {
    storage.check_writable().await.unwrap();
    storage.close().await;
    assert!(storage.check_writable().await.is_err());
    assert!(storage.newest_position().await.is_err());
    storage.close().await;
}

macro_rules! storage_contract {
    ($make:path: $($rule:ident),+ $(,)?) => {$(
        #[tokio::test]
        async fn $rule() {
            let (storage, kept) = $make();
            super::$rule(storage.as_ref()).await;
            drop(kept);
        }
    )+};
}

mod sqlite {
    use super::*;

    fn make() -> (Arc<dyn Storage>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (
            Arc::new(SqliteStorage::open(&folder.path().join("b.sqlite3")).unwrap()),
            folder,
        )
    }

    storage_contract!(
        make: entries_are_kept_once,
        a_failed_batch_leaves_nothing,
        pages_and_filters_agree,
        devices_keep_one_token,
        pairing_codes_are_used_up,
        people_and_sessions_are_kept,
        tokens_add_up_by_team_and_day,
        after_closing_everything_fails,
    );

    #[tokio::test]
    async fn a_newer_schema_is_refused_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.sqlite3");
        let newer = rusqlite::Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 999).unwrap();
        drop(newer);
        let before = std::fs::read(&path).unwrap();
        let error = SqliteStorage::open(&path).err().unwrap().to_string();
        assert!(error.contains("999") && error.contains("newer"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_opening_again() {
        let (storage, folder) = make();
        register(storage.as_ref(), "one").await;
        storage.ingest("one", at(1), vec![entry(1)]).await.unwrap();
        storage.close().await;
        let again = SqliteStorage::open(&folder.path().join("b.sqlite3")).unwrap();
        assert_eq!(all(&again).await.len(), 1);
    }
}
