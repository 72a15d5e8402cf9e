//! Whatever is asked for is found, before it is indexed, after, and in between.

use std::time::Instant;

use kiosk_server::storage::{AnswerColumns, ReviewStorage as _, StoredEntry};

use super::*;
use crate::on_postgres::{ask_database, fresh_database};

const PATIENCE: Duration = Duration::from_secs(20);
/// What is looked at of each list.
const PAGES: usize = 3;
const LIMIT: usize = 40;
const TEAMS: [&str; 3] = ["skt", "lg-ai", "upstage"];
const WORDS: [&str; 8] = [
    "대기 시간이 길어요.",
    "대기실",
    "Waiting A.X",
    "기대 이상이에요!",
    "책",
    "👍",
    "",
    "?!",
];
const SEARCHES: [&str; 13] = [
    "대기",
    "기대",
    "대기 시간",
    "시간이",
    "책",
    "wait",
    "A.X",
    "👍",
    "?!",
    "없는 말",
    "요.",
    " ",
    "이",
];

fn pick<T: Copy>(from: &[T], n: u64) -> T {
    let at = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    from[usize::try_from(at).unwrap() % from.len()]
}

fn nth(n: u64) -> NewEntry {
    let day = i64::try_from(n / 400).unwrap() * 86_400;
    let minute = i64::try_from(n % 7).unwrap() * 1_900;
    NewEntry {
        receipt: format!("receipt {}", n / 4),
        team: (!n.is_multiple_of(11)).then(|| pick(&TEAMS, n).to_owned()),
        kind: pick(
            &[Kind::Visit, Kind::Answer, Kind::FactError, Kind::Outcome],
            n + 1,
        ),
        created_at: at(day + minute),
        language: pick(&[Language::Ko, Language::En], n + 2),
        rating: (!n.is_multiple_of(5)).then_some(pick(&[1, 2, 3, 4, 5], n + 3)),
        search_text: format!("{}\n{}\n", pick(&WORDS, n + 4), pick(&WORDS, n + 5)).to_lowercase(),
        item: json!({
            "id": entry_id(n),
            "tags": [format!("tag{}", n / 500), format!("tag{}", n / 4)],
            "answers": {format!("answer{}", n / 300): "b"},
        })
        .to_string(),
        ..entry(n)
    }
}

fn filter(n: u64) -> EntryFilter {
    let some = |at: u64| n.is_multiple_of(at);
    let time = |from: u64| at(i64::try_from(n / from % 9).unwrap() * 20_000);
    EntryFilter {
        team: some(2).then(|| pick(&TEAMS, n).to_owned()),
        kind: some(3).then_some(pick(&[Kind::Visit, Kind::Outcome], n)),
        rating_min: some(4).then_some(pick(&[1, 2, 4, 5], n)),
        rating_max: some(5).then_some(pick(&[1, 3, 4, 5], n + 1)),
        language: some(6).then_some(pick(&[Language::Ko, Language::En], n)),
        device: some(7).then(|| pick(&["one", "two", "nobody"], n).to_owned()),
        from: some(8).then(|| time(3)),
        before: some(9).then(|| time(2)),
        search: (!some(4)).then(|| pick(&SEARCHES, n).to_owned()),
    }
}

fn passes(filter: &EntryFilter, entry: &NewEntry, device: &str) -> bool {
    let has_rating = |fits: &dyn Fn(u8) -> bool| entry.rating.is_some_and(fits);
    let searched = filter.search.as_ref().map(|search| search.to_lowercase());
    filter
        .team
        .as_ref()
        .is_none_or(|team| entry.team.as_ref() == Some(team))
        && filter.kind.is_none_or(|kind| entry.kind == kind)
        && filter
            .rating_min
            .is_none_or(|min| has_rating(&|rating| rating >= min))
        && filter
            .rating_max
            .is_none_or(|max| has_rating(&|rating| rating <= max))
        && filter
            .language
            .is_none_or(|language| entry.language == language)
        && filter.device.as_ref().is_none_or(|wanted| wanted == device)
        && filter.from.is_none_or(|from| entry.created_at >= from)
        && filter.before.is_none_or(|before| entry.created_at < before)
        && searched.is_none_or(|search| entry.search_text.contains(&search))
}

/// The storage and, beside it, the same entries in a list.
struct Twice<'a> {
    storage: &'a dyn Storage,
    kept: Vec<(NewEntry, &'static str)>,
}

impl Twice<'_> {
    async fn add(&mut self, numbers: std::ops::Range<u64>) {
        let numbers: Vec<u64> = numbers.collect();
        for (device, some) in ["one", "two"].iter().cycle().zip(numbers.chunks(97)) {
            let entries: Vec<NewEntry> = some.iter().copied().map(nth).collect();
            let ingested = self.storage.ingest(device, at(1), entries.clone()).await;
            assert_eq!(ingested.unwrap(), vec![Ingested::Stored; entries.len()]);
            self.kept
                .extend(entries.into_iter().map(|entry| (entry, *device)));
        }
    }

    async fn erase(&mut self, receipt: &str) {
        let erased = self
            .storage
            .erase_visit(receipt, at(2), false, audit_record());
        erased.await.unwrap();
        self.kept.retain(|(entry, _)| entry.receipt != receipt);
    }

    async fn expire(&mut self, most: u32) {
        let gone = self.storage.expire(at(2), most).await.unwrap();
        assert_eq!(gone, u64::from(most));
        self.kept.drain(..usize::try_from(gone).unwrap());
    }

    async fn agree(&self, when: &str) {
        let mut found = 0;
        for n in 1..160 {
            let filter = filter(n);
            let wanted = self.kept.iter().rev();
            let wanted = wanted.filter(|(entry, device)| passes(&filter, entry, device));
            let wanted = wanted.map(|(entry, _)| entry.id.as_str());
            let wanted: Vec<&str> = wanted.take(PAGES * LIMIT).collect();
            let ids = self.first_pages(&filter).await;
            assert_eq!(ids, wanted, "{when}: {filter:?}");
            found += ids.len();
        }
        assert!(found > 500, "{when}: next to nothing was found");
        self.agree_on_names(when).await;
    }

    /// Neither a name that no entry has any more, nor one less than they have.
    async fn agree_on_names(&self, when: &str) {
        let mut wanted = AnswerColumns::default();
        for (entry, _) in &self.kept {
            let item: serde_json::Value = serde_json::from_str(&entry.item).unwrap();
            let tags = item["tags"].as_array().unwrap().iter();
            wanted
                .tags
                .extend(tags.map(|tag| tag.as_str().unwrap().to_owned()));
            wanted
                .answers
                .extend(item["answers"].as_object().unwrap().keys().cloned());
        }
        let told = self.storage.answer_columns().await.unwrap();
        assert_eq!(told, wanted, "{when}");
    }

    async fn first_pages(&self, filter: &EntryFilter) -> Vec<String> {
        let mut ids = Vec::new();
        let mut position = None;
        for _ in 0..PAGES {
            let limit = u32::try_from(LIMIT).unwrap();
            let page = Page::Before { position, limit };
            let entries = self.storage.entries(filter, page).await.unwrap();
            let Some(last) = entries.last() else {
                break;
            };
            position = Some(last.position);
            let id = |entry: &StoredEntry| entry.item["id"].as_str().unwrap().to_owned();
            ids.extend(entries.iter().map(id));
        }
        ids
    }
}

async fn everything_is_found(storage: &dyn Storage, indexed: impl Fn() -> u64) {
    register(storage, "one").await;
    register(storage, "two").await;
    let mut twice = Twice {
        storage,
        kept: Vec::new(),
    };
    twice.add(1..2_800).await;
    twice.agree("right away").await;
    until_indexed(storage, &indexed).await;
    twice.agree("indexed").await;
    twice.erase("receipt 60").await;
    twice.expire(40).await;
    twice.add(2_800..3_000).await;
    twice.erase("receipt 704").await;
    twice.agree("in part").await;
    until_indexed(storage, &indexed).await;
    twice.agree("in the end").await;
}

async fn until_indexed(storage: &dyn Storage, indexed: impl Fn() -> u64) {
    let (start, newest) = (Instant::now(), storage.newest_position().await.unwrap());
    while indexed() < newest {
        assert!(start.elapsed() < PATIENCE, "{} of {newest}", indexed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn indexed_in(path: &std::path::Path) -> u64 {
    let file = rusqlite::Connection::open(path).unwrap();
    let sql = "SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'indexed'";
    let read = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
    u64::try_from(file.query_row(sql, [], read).unwrap_or(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_file_everything_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.sqlite3");
    let storage = sqlite::open(&path).unwrap();
    everything_is_found(&storage, || indexed_in(&path)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_everything_is_found() {
    let address = fresh_database();
    let storage = postgres::open(&address).await.unwrap();
    // The entries stand in two blocks of places.
    ask_database(
        &address,
        "ALTER TABLE entries ALTER COLUMN position RESTART WITH 64000",
    );
    let indexed = || {
        let sql = "SELECT value FROM settings WHERE key = 'indexed'";
        let position = ask_database(&address, sql)
            .iter()
            .find_map(|told| match told {
                ::postgres::SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
                _ => None,
            });
        position.unwrap_or(0)
    };
    everything_is_found(&storage, indexed).await;
}

/// Pairs of letters of an erased text, that no other text has, are nowhere in the file.
#[tokio::test(flavor = "multi_thread")]
async fn the_index_keeps_nothing_that_was_erased() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.sqlite3");
    let storage = sqlite::open(&path).unwrap();
    register(&storage, "one").await;
    let secret = NewEntry {
        search_text: "뷁쀍 뙗뛣\n".to_owned(),
        receipt: "to erase".to_owned(),
        ..entry(500)
    };
    let entries = (1..300).map(nth).chain([secret]).collect();
    storage.ingest("one", at(1), entries).await.unwrap();
    until_indexed(&storage, || indexed_in(&path)).await;
    let holds = |text: &str| {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let mut bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        bytes.any(|bytes| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        })
    };
    assert!(holds("뷁쀍"));
    storage
        .erase_visit("to erase", at(2), false, audit_record())
        .await
        .unwrap();
    storage.close().await;
    assert!(!holds("뷁쀍") && !holds("뙗뛣"));
    // In the index a term may lean on the one before it: whole pairs are not all there could be.
    assert!(!holds("쀍") && !holds("뛣"));
}
