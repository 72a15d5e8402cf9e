//! How any database must behave, once, run on every one there is.

mod budget;
mod on_postgres;
mod search;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use kiosk_server::storage::{
    AuditRecord, CommandRecipient, EntryFilter, ErasurePlan, Ingested, NewCommand, NewDevice,
    NewEntry, Opening, Page, Person, Realm, SessionRecord, SignOfLife, Storage, TokenHold,
    postgres, sqlite,
};
use kiosk_wire::{
    command::CommandKind,
    event::{Language, Text},
    feedback::Kind,
};
use serde_json::json;
use tempfile::TempDir;

use self::budget::{
    many_at_once_get_no_more_than_there_is, tokens_add_up_by_team_and_day,
    tokens_are_held_back_while_the_day_has_some,
};
use crate::support::{VISIT, audit_record, entry_id};

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
        item: json!({"id": entry_id(n), "tags": ["fast"], "answers": {"a": "b"}}).to_string(),
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
    storage
        .register_device(device, at(0), audit_record())
        .await
        .unwrap();
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
    storage
        .register_device(renewed, at(1), audit_record())
        .await
        .unwrap();
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
        acked: vec![],
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
    let revoke = |id| storage.revoke_device(id, at(3), audit_record());
    assert!(revoke("one").await.unwrap());
    assert!(!revoke("nobody").await.unwrap());
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
    let start = |session| storage.start_session(session, at(0), audit_record());
    assert!(start(session.clone()).await.unwrap());
    let stranger = SessionRecord {
        token_hash: "other cookie".to_owned(),
        name: "stranger".to_owned(),
        ..session.clone()
    };
    assert!(!start(stranger).await.unwrap());
    assert_eq!(
        storage.session("cookie", at(9)).await.unwrap(),
        Some(session)
    );
    assert_eq!(storage.session("cookie", at(10)).await.unwrap(), None);
    storage.end_session("cookie").await.unwrap();
    assert_eq!(storage.session("cookie", at(9)).await.unwrap(), None);
}

async fn sign_ins_end_with_their_secret(storage: &dyn Storage) {
    let person = |realm, role: &str, hash: &str| Person {
        realm,
        name: "first".to_owned(),
        role: role.to_owned(),
        secret_hash: hash.to_owned(),
    };
    let lead = |hash| person(Realm::Staff, "lead", hash);
    let organiser = || person(Realm::Organiser, "organiser", "password");
    let put = |people| storage.put_credentials(people, None);
    put(vec![lead("pin"), organiser()]).await.unwrap();
    for role in ["lead", "organiser"] {
        let session = SessionRecord {
            token_hash: format!("cookie of {role}"),
            name: "first".to_owned(),
            role: role.to_owned(),
            expires_at: at(10),
        };
        let started = storage.start_session(session, at(0), audit_record()).await;
        assert!(started.unwrap());
    }
    let holds = async |cookie| storage.session(cookie, at(1)).await.unwrap().is_some();
    put(vec![lead("pin"), organiser()]).await.unwrap();
    assert!(holds("cookie of lead").await && holds("cookie of organiser").await);
    put(vec![lead("new pin")]).await.unwrap();
    assert!(!holds("cookie of lead").await);
    assert!(holds("cookie of organiser").await);
}

fn command(id: &str, recipient: CommandRecipient, kind: CommandKind) -> NewCommand {
    NewCommand {
        id: id.to_owned(),
        recipient,
        kind,
        text: None,
        team: None,
        replaces: &[],
        given_at: at(0),
        expires_at: at(10),
    }
}

async fn commands_wait_for_their_tablets(storage: &dyn Storage) {
    register(storage, "one").await;
    register(storage, "two").await;
    let to = |id: &str| CommandRecipient::Device(id.to_owned());
    let replacing = NewCommand {
        replaces: &[CommandKind::Lock],
        ..command("d", to("one"), CommandKind::Unlock)
    };
    for (given, taken) in [
        (
            command("a", CommandRecipient::All, CommandKind::Reset),
            true,
        ),
        (command("b", to("one"), CommandKind::Lock), true),
        (command("c", to("one"), CommandKind::Reload), true),
        (command("e", to("nobody"), CommandKind::Reload), false),
        (replacing, true),
    ] {
        let outcome = storage.add_command(given, Some(audit_record())).await;
        assert_eq!(outcome.unwrap(), taken);
    }
    let waiting = async |token, secs| {
        let commands = storage.waiting_commands(token, at(secs)).await.unwrap()?;
        let ids: Vec<String> = commands.into_iter().map(|command| command.id).collect();
        Some(ids.concat())
    };
    assert_eq!(waiting("token of one", 9).await.unwrap(), "acd");
    assert_eq!(waiting("token of two", 9).await.unwrap(), "a");
    assert_eq!(waiting("token of one", 10).await.unwrap(), "");
    assert_eq!(waiting("wrong token", 0).await, None);
    let sign = SignOfLife {
        device: "one".to_owned(),
        at: at(1),
        heartbeat: json!({}),
        announced: None,
        acked: vec!["a".to_owned(), "unknown".to_owned()],
    };
    storage.record_heartbeat(sign).await.unwrap();
    assert_eq!(waiting("token of one", 9).await.unwrap(), "cd");
    assert_eq!(waiting("token of two", 9).await.unwrap(), "a");
    let told = storage.audit(None, 9).await.unwrap();
    // Two registrations and four commands: what was not taken is not told.
    assert_eq!(told.len(), 6);
    let revoked = storage.revoke_device("one", at(2), audit_record()).await;
    assert!(revoked.unwrap());
    assert_eq!(waiting("token of one", 3).await, None);
    register(storage, "one").await;
    assert_eq!(waiting("token of one", 3).await.unwrap(), "");
}

async fn people_come_and_go_with_their_sign_ins(storage: &dyn Storage) {
    let person = |realm, role: &str| Person {
        realm,
        name: "minji".to_owned(),
        role: role.to_owned(),
        secret_hash: "hash".to_owned(),
    };
    let staff = person(Realm::Staff, "staff");
    let add = |person| storage.add_person(person, audit_record());
    assert!(add(staff.clone()).await.unwrap());
    assert!(!add(staff.clone()).await.unwrap());
    assert!(!add(person(Realm::Team, "team:skt")).await.unwrap());
    assert_eq!(storage.people().await.unwrap(), [staff]);
    let session = SessionRecord {
        token_hash: "cookie".to_owned(),
        name: "minji".to_owned(),
        role: "staff".to_owned(),
        expires_at: at(10),
    };
    let started = storage
        .start_session(session, at(0), audit_record())
        .await
        .unwrap();
    assert!(started);
    let remove = || storage.remove_person("minji", audit_record());
    assert!(remove().await.unwrap());
    assert!(!remove().await.unwrap());
    assert_eq!(storage.session("cookie", at(1)).await.unwrap(), None);
    assert_eq!(storage.people().await.unwrap(), []);
    // Made, signed in, removed.
    assert_eq!(storage.audit(None, 9).await.unwrap().len(), 3);
}

async fn teams_are_open_unless_closed(storage: &dyn Storage) {
    let set = |team, opening| storage.set_opening(team, opening, audit_record());
    let reason = Text {
        ko: "점심".to_owned(),
        en: "Lunch".to_owned(),
    };
    let closed = |reason: Option<&Text>| Opening::Closed {
        reason: reason.cloned(),
    };
    set("skt", closed(Some(&reason))).await.unwrap();
    set("upstage", closed(Some(&reason))).await.unwrap();
    set("upstage", closed(None)).await.unwrap();
    set("nc-ai", closed(None)).await.unwrap();
    set("nc-ai", Opening::Open).await.unwrap();
    let expected = [
        ("skt".to_owned(), Some(reason)),
        ("upstage".to_owned(), None),
    ];
    assert_eq!(storage.closed_teams().await.unwrap(), expected.into());
}

async fn the_audit_is_read_backwards(storage: &dyn Storage) {
    let record = |n: u32| AuditRecord {
        target: n.to_string(),
        ..audit_record()
    };
    for n in 0..5 {
        storage.add_audit(record(n)).await.unwrap();
    }
    let first = storage.audit(None, 2).await.unwrap();
    let rest = storage.audit(Some(first[1].position), 9).await.unwrap();
    let told: Vec<AuditRecord> = first
        .into_iter()
        .chain(rest)
        .map(|line| line.record)
        .collect();
    assert_eq!(told, [4, 3, 2, 1, 0].map(record));
}

/// Of SKT's model, for 60 seconds.
async fn what_is_old_goes_and_its_number_is_not_missing(storage: &dyn Storage) {
    register(storage, "one").await;
    storage
        .ingest("one", at(1), vec![entry(1), entry(2)])
        .await
        .unwrap();
    let changed = NewEntry {
        keyed_hash: "another".to_owned(),
        ..entry(1)
    };
    storage.ingest("one", at(2), vec![changed]).await.unwrap();
    storage.ingest("one", at(9), vec![entry(3)]).await.unwrap();
    assert_eq!(storage.arrived_before(at(9)).await.unwrap(), 2);
    assert_eq!(storage.expire(at(1), 10).await.unwrap(), 0);
    assert_eq!(all(storage).await.len(), 3);
    assert_eq!(storage.expire(at(9), 1).await.unwrap(), 1);
    assert_eq!(storage.expire(at(9), 1).await.unwrap(), 1);
    assert_eq!(storage.expire(at(9), 1).await.unwrap(), 0);
    let newest = storage.newest_position().await.unwrap();
    assert_eq!(all(storage).await, [newest]);
    assert!(storage.conflicts().await.unwrap().is_empty());
    let device = storage.devices().await.unwrap().remove(0);
    assert_eq!((device.last_seq, device.missing), (3, Vec::new()));
    // The visit was not erased: what comes late of it is kept.
    let late = storage.ingest("one", at(10), vec![entry(4)]).await.unwrap();
    assert_eq!(late, [Ingested::Stored]);

    assert_eq!(storage.erasure_plan().await.unwrap(), None);
    let plan = ErasurePlan {
        at: at(20),
        before: at(10),
    };
    storage.put_erasure_plan(Some(plan)).await.unwrap();
    assert_eq!(storage.erasure_plan().await.unwrap(), Some(plan));
    storage.put_erasure_plan(None).await.unwrap();
    assert_eq!(storage.erasure_plan().await.unwrap(), None);
}

async fn after_closing_everything_fails(storage: &dyn Storage) {
    storage.check_writable().await.unwrap();
    storage.close().await;
    assert!(storage.check_writable().await.is_err());
    assert!(storage.newest_position().await.is_err());
    storage.close().await;
}

async fn one_key_is_agreed_on(storage: &dyn Storage) {
    assert!(storage.agree_on_hash_key("one").await.unwrap());
    assert!(storage.agree_on_hash_key("one").await.unwrap());
    assert!(!storage.agree_on_hash_key("other").await.unwrap());
}

async fn gaps_are_told_as_they_are(storage: &dyn Storage) {
    register(storage, "one").await;
    let arrived = [3, 4, 7, 300].map(entry).to_vec();
    storage.ingest("one", at(1), arrived).await.unwrap();
    let device = &storage.devices().await.unwrap()[0];
    let expected: Vec<u64> = (1..300)
        .filter(|n| ![3, 4, 7].contains(n))
        .take(100)
        .collect();
    assert_eq!(device.missing, expected);
    assert_eq!((device.stored, device.last_seq), (4, 300));
}

async fn texts_of_every_kind_come_back(storage: &dyn Storage) {
    register(storage, "one").await;
    let text = "'\"; DROP -- ?1 $1 \\ \u{0} 한글 \u{1f469}\u{200d}\u{1f52c} \u{fffd}";
    let odd = NewEntry {
        item: json!({"id": entry_id(1), "comment": text, "tags": [text], "answers": {text: text}})
            .to_string(),
        search_text: text.to_lowercase(),
        ..entry(1)
    };
    let outcome = storage.ingest("one", at(1), vec![odd.clone()]).await;
    assert_eq!(outcome.unwrap(), [Ingested::Stored]);
    let filter = EntryFilter {
        search: Some("한글 \u{1f469}".to_owned()),
        ..EntryFilter::default()
    };
    let page = Page::Before {
        position: None,
        limit: 5,
    };
    let found = storage.entries(&filter, page).await.unwrap();
    assert_eq!(found[0].item.to_string(), odd.item);
}

macro_rules! storage_contract {
    ($module:ident: $make:path; $($rule:ident),+ $(,)?) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $rule() {
                    let (storage, kept) = $make();
                    super::$rule(storage.as_ref()).await;
                    drop(kept);
                }
            )+
        }
    };
    ($($rule:ident),+ $(,)?) => {
        storage_contract!(contract_of_sqlite: super::on_sqlite::make; $($rule),+);
        storage_contract!(contract_of_postgres: super::on_postgres::make; $($rule),+);
    };
}

storage_contract!(
    entries_are_kept_once,
    a_failed_batch_leaves_nothing,
    pages_and_filters_agree,
    devices_keep_one_token,
    pairing_codes_are_used_up,
    people_and_sessions_are_kept,
    sign_ins_end_with_their_secret,
    commands_wait_for_their_tablets,
    people_come_and_go_with_their_sign_ins,
    teams_are_open_unless_closed,
    the_audit_is_read_backwards,
    tokens_add_up_by_team_and_day,
    tokens_are_held_back_while_the_day_has_some,
    many_at_once_get_no_more_than_there_is,
    what_is_old_goes_and_its_number_is_not_missing,
    one_key_is_agreed_on,
    gaps_are_told_as_they_are,
    texts_of_every_kind_come_back,
    after_closing_everything_fails,
);

mod on_sqlite {
    use super::*;

    pub(super) fn make() -> (Arc<dyn Storage>, Option<TempDir>) {
        let folder = tempfile::tempdir().unwrap();
        (
            Arc::new(sqlite::open(&folder.path().join("b.sqlite3")).unwrap()),
            Some(folder),
        )
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.sqlite3");
        let newer = rusqlite::Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 999).unwrap();
        drop(newer);
        let before = std::fs::read(&path).unwrap();
        let error = sqlite::open(&path).err().unwrap().to_string();
        assert!(error.contains("999") && error.contains("newer"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[tokio::test]
    async fn only_a_file_with_feedback_is_said_to_hold_some() {
        let (storage, folder) = make();
        let path = folder.as_ref().unwrap().path().join("b.sqlite3");
        register(storage.as_ref(), "one").await;
        assert!(!sqlite::holds_entries(&path).unwrap());
        storage.ingest("one", at(1), vec![entry(1)]).await.unwrap();
        assert!(sqlite::holds_entries(&path).unwrap());
    }

    #[tokio::test]
    async fn what_was_written_is_there_after_opening_again() {
        let (storage, folder) = make();
        register(storage.as_ref(), "one").await;
        storage.ingest("one", at(1), vec![entry(1)]).await.unwrap();
        storage.close().await;
        let folder = folder.unwrap();
        let again = sqlite::open(&folder.path().join("b.sqlite3")).unwrap();
        assert_eq!(all(&again).await.len(), 1);
    }
}
