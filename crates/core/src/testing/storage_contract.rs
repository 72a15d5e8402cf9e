//! What every storage of the outbox has to do, as tests that [`crate::outbox_storage_contract`] makes
//! run. Each gets a closure over one fresh disk; every call of it opens that disk anew.
// size: every rule of the contract in one place, so that both storages are held to the same list
#![expect(
    clippy::missing_panics_doc,
    reason = "a failed assertion is how a test speaks"
)]

use serde_json::Value;

use super::{join_all, sample_entry};
use kiosk_wire::feedback::Entry;

use crate::{
    outbox::{Counts, StoredEntry},
    ports::{DeviceCredentials, OutboxStorage, StorageError},
};

/// Makes one test of each function of [`storage_contract`](crate::testing::storage_contract).
///
/// `native` makes plain tests, `browser` makes `wasm_bindgen_test`s. The expression is evaluated once
/// a test; it makes a fresh disk and gives a closure that opens it.
#[macro_export]
macro_rules! outbox_storage_contract {
    ($where:ident, $disk:expr) => {
        $crate::outbox_storage_contract!(@each $where, $disk,
            numbers_count_up_from_one,
            entries_come_back_in_order_with_their_number,
            the_limit_holds,
            removed_entries_are_gone_and_their_numbers_stay_used,
            removing_what_is_not_there_changes_nothing,
            parked_entries_are_kept_with_their_reason,
            parking_what_is_not_there_changes_nothing,
            removing_leaves_parked_entries_alone,
            a_restart_keeps_everything,
            an_emptied_queue_goes_on_counting_after_a_restart,
            the_same_id_is_saved_once,
            a_known_id_is_saved_once_whatever_number_it_carries,
            saves_at_the_same_time_get_a_number_each,
            two_connections_share_one_count,
            a_long_text_comes_back_unchanged,
            the_device_is_kept_and_replaced,
            what_lies_above_a_number_is_counted,
            counting_goes_on_from_a_higher_number_only,
            a_number_is_above_the_one_the_entry_carries,
        );
    };
    (@each $where:ident, $disk:expr, $($name:ident,)+) => {
        $($crate::outbox_storage_contract!(@one $where, $disk, $name);)+
    };
    (@one native, $disk:expr, $name:ident) => {
        #[test]
        fn $name() {
            let outcome = $crate::testing::storage_contract::$name($disk);
            assert_eq!($crate::testing::block_on(outcome), Ok(()));
        }
    };
    (@one browser, $disk:expr, $name:ident) => {
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $name() {
            let outcome = $crate::testing::storage_contract::$name($disk);
            assert_eq!(outcome.await, Ok(()));
        }
    };
}

type Outcome = Result<(), StorageError>;

async fn fill(outbox: &impl OutboxStorage, ids: &[&str]) -> Result<Vec<StoredEntry>, StorageError> {
    let mut stored = Vec::new();
    for id in ids {
        stored.push(outbox.append(sample_entry(id)).await?);
    }
    Ok(stored)
}

async fn pending_ids(outbox: &impl OutboxStorage) -> Result<Vec<String>, StorageError> {
    let pending = outbox.pending(100).await?;
    Ok(pending.into_iter().map(|entry| entry.id).collect())
}

/// The first number is 1, and none is left out.
pub async fn numbers_count_up_from_one<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let outbox = open();
    assert_eq!(outbox.counts().await?, Counts::default());
    let stored = fill(&outbox, &["c", "a", "b"]).await?;
    assert_eq!(
        stored.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 3,
            parked: 0,
            last_seq: 3
        }
    );
    Ok(())
}

/// What was handed back is what waits, in order of numbers and not of ids; the JSON holds the number
/// that was given.
pub async fn entries_come_back_in_order_with_their_number<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    let stored = fill(&outbox, &["z", "c", "a"]).await?;
    assert_eq!(outbox.pending(10).await?, stored);
    for (entry, seq) in stored.iter().zip(1_u64..) {
        let json: Value = serde_json::from_str(&entry.json).unwrap_or_default();
        let mut expected = sample_entry(&entry.id);
        expected.seq = seq;
        assert_eq!(serde_json::from_value(json).ok(), Some(expected));
    }
    Ok(())
}

/// `pending` gives no more than asked for, the lowest numbers first.
pub async fn the_limit_holds<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let outbox = open();
    // More than nine, so that numbers ordered as text would show.
    let ids: Vec<String> = (0..12).map(|n| format!("id-{n}")).collect();
    fill(&outbox, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let seqs = |entries: Vec<StoredEntry>| entries.iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(outbox.pending(2).await?), [1, 2]);
    assert_eq!(
        seqs(outbox.pending(100).await?),
        (1..=12).collect::<Vec<_>>()
    );
    assert_eq!(seqs(outbox.pending(0).await?), Vec::<u64>::new());
    Ok(())
}

/// A removed entry frees its place, not its number.
pub async fn removed_entries_are_gone_and_their_numbers_stay_used<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    fill(&outbox, &["a", "b", "c"]).await?;
    outbox.remove(vec!["a".to_owned(), "c".to_owned()]).await?;
    assert_eq!(pending_ids(&outbox).await?, ["b"]);
    assert_eq!(outbox.append(sample_entry("d")).await?.seq, 4);
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 2,
            parked: 0,
            last_seq: 4
        }
    );
    Ok(())
}

/// Removing twice, or nothing, is fine.
pub async fn removing_what_is_not_there_changes_nothing<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    fill(&outbox, &["a"]).await?;
    outbox.remove(vec!["x".to_owned(), "1".to_owned()]).await?;
    outbox.remove(Vec::new()).await?;
    assert_eq!(pending_ids(&outbox).await?, ["a"]);
    Ok(())
}

/// A parked entry no longer waits, and nothing of it is lost.
pub async fn parked_entries_are_kept_with_their_reason<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    let stored = fill(&outbox, &["a", "b", "c"]).await?;
    outbox
        .park("b".to_owned(), "알 수 없는 팀".to_owned())
        .await?;
    outbox.park("a".to_owned(), "rating".to_owned()).await?;
    assert_eq!(pending_ids(&outbox).await?, ["c"]);
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 1,
            parked: 2,
            last_seq: 3
        }
    );
    let parked = outbox.parked().await?;
    assert_eq!(
        parked.iter().map(|p| &p.entry).collect::<Vec<_>>(),
        [&stored[0], &stored[1]]
    );
    assert_eq!(
        parked.iter().map(|p| p.reason.as_str()).collect::<Vec<_>>(),
        ["rating", "알 수 없는 팀"]
    );
    Ok(())
}

/// Parking twice, or nothing, is fine; the first reason stays.
pub async fn parking_what_is_not_there_changes_nothing<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    fill(&outbox, &["a"]).await?;
    outbox.park("x".to_owned(), "first".to_owned()).await?;
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 1,
            parked: 0,
            last_seq: 1
        }
    );
    outbox.park("a".to_owned(), "first".to_owned()).await?;
    outbox.park("a".to_owned(), "second".to_owned()).await?;
    let parked = outbox.parked().await?;
    assert_eq!(
        parked.iter().map(|p| p.reason.as_str()).collect::<Vec<_>>(),
        ["first"]
    );
    Ok(())
}

/// A late receipt does not take away what staff have to see.
pub async fn removing_leaves_parked_entries_alone<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    fill(&outbox, &["a"]).await?;
    outbox.park("a".to_owned(), "rating".to_owned()).await?;
    outbox.remove(vec!["a".to_owned()]).await?;
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 0,
            parked: 1,
            last_seq: 1
        }
    );
    Ok(())
}

/// Entries, parked ones, the count and the device are there after a restart.
pub async fn a_restart_keeps_everything<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let before = open();
    fill(&before, &["a", "b", "c"]).await?;
    before.remove(vec!["a".to_owned()]).await?;
    before.park("b".to_owned(), "rating".to_owned()).await?;
    before.set_device(credentials("first")).await?;
    let (pending, parked) = (before.pending(10).await?, before.parked().await?);
    drop(before);
    let after = open();
    assert_eq!(after.pending(10).await?, pending);
    assert_eq!(after.parked().await?, parked);
    assert_eq!(after.device().await?, Some(credentials("first")));
    assert_eq!(after.append(sample_entry("d")).await?.seq, 4);
    Ok(())
}

/// The count does not come from what happens to wait.
pub async fn an_emptied_queue_goes_on_counting_after_a_restart<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let before = open();
    fill(&before, &["a", "b"]).await?;
    before.remove(vec!["a".to_owned(), "b".to_owned()]).await?;
    drop(before);
    let after = open();
    assert_eq!(
        after.counts().await?,
        Counts {
            pending: 0,
            parked: 0,
            last_seq: 2
        }
    );
    assert_eq!(after.append(sample_entry("c")).await?.seq, 3);
    Ok(())
}

/// A save that is tried again after an uncertain end uses no second number, parked or not.
pub async fn the_same_id_is_saved_once<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let outbox = open();
    let first = outbox.append(sample_entry("a")).await?;
    assert_eq!(outbox.append(sample_entry("a")).await?, first);
    outbox.park("a".to_owned(), "rating".to_owned()).await?;
    assert_eq!(outbox.append(sample_entry("a")).await?, first);
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 0,
            parked: 1,
            last_seq: 1
        }
    );
    Ok(())
}

/// An entry that knows of this number.
fn carrying(id: &str, seq: u64) -> Entry {
    Entry {
        seq,
        ..sample_entry(id)
    }
}

/// The same of an entry that carries the number which its repetition would get, or a higher one.
pub async fn a_known_id_is_saved_once_whatever_number_it_carries<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    let save = |id: &str, carried| outbox.append(carrying(id, carried));
    let waiting = save("a", 0).await?;
    let parked = save("b", 1).await?;
    outbox.park("b".to_owned(), "rating".to_owned()).await?;
    for carried in [0, 1, 2, 9] {
        assert_eq!(save("a", carried).await?, waiting);
        assert_eq!(save("b", carried).await?, parked);
    }
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 1,
            parked: 1,
            last_seq: 2
        }
    );
    // Another's number, which was sent since: it is not given a second time.
    assert_eq!(save("c", 2).await?.seq, 3);
    outbox.remove(vec!["c".to_owned()]).await?;
    assert_eq!(save("d", 2).await?.seq, 4);
    Ok(())
}

/// Nobody has to wait for another's save.
pub async fn saves_at_the_same_time_get_a_number_each<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    let saves = (0..20).map(|n| outbox.append(sample_entry(&format!("id-{n}"))));
    let mut seqs = Vec::new();
    for saved in join_all(saves).await {
        seqs.push(saved?.seq);
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
    assert_eq!(
        outbox.counts().await?,
        Counts {
            pending: 20,
            parked: 0,
            last_seq: 20
        }
    );
    Ok(())
}

/// Two tabs of one tablet are one tablet.
pub async fn two_connections_share_one_count<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let (one, other) = (open(), open());
    let saves = (0..10).map(|n| {
        let outbox = if n % 2 == 0 { &one } else { &other };
        outbox.append(sample_entry(&format!("id-{n}")))
    });
    let mut seqs = Vec::new();
    for saved in join_all(saves).await {
        seqs.push(saved?.seq);
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
    assert_eq!(one.pending(100).await?, other.pending(100).await?);
    Ok(())
}

/// Any text a visitor can type survives, also the largest.
pub async fn a_long_text_comes_back_unchanged<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let outbox = open();
    let mut entry = sample_entry("a");
    let text = "가\u{1f600}\u{0}\"\\\u{2028}\u{ffff}e\u{301}\n".repeat(20_000);
    entry.comment = Some(text.clone());
    let stored = outbox.append(entry).await?;
    let read = open().pending(1).await?;
    assert!(read == [stored]);
    let json: Value = serde_json::from_str(&read[0].json).unwrap_or_default();
    assert!(json["comment"].as_str() == Some(&text));
    Ok(())
}

/// There is one device or none.
pub async fn the_device_is_kept_and_replaced<O: OutboxStorage>(open: impl Fn() -> O) -> Outcome {
    let outbox = open();
    assert_eq!(outbox.device().await?, None);
    outbox.set_device(credentials("first")).await?;
    assert_eq!(outbox.device().await?, Some(credentials("first")));
    outbox.set_device(credentials("second")).await?;
    assert_eq!(open().device().await?, Some(credentials("second")));
    assert_eq!(outbox.counts().await?, Counts::default());
    Ok(())
}

fn credentials(token: &str) -> DeviceCredentials {
    DeviceCredentials {
        device_id: "0d4f6d0e-3b0f-4c6e-9a51-0f2a7d0b6c11".to_owned(),
        token: token.to_owned(),
        name: "부스 3".to_owned(),
    }
}

/// Only entries under higher numbers count, waiting and parked ones.
pub async fn what_lies_above_a_number_is_counted<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    fill(&outbox, &["a", "b", "c", "d"]).await?;
    outbox.park("b".to_owned(), "rating".to_owned()).await?;
    outbox.park("c".to_owned(), "rating".to_owned()).await?;
    for (seq, pending, parked) in [(0, 2, 2), (1, 1, 2), (2, 1, 1), (3, 1, 0), (4, 0, 0)] {
        let last_seq = 4;
        assert_eq!(
            outbox.counts_above(seq).await?,
            Counts {
                pending,
                parked,
                last_seq
            }
        );
    }
    Ok(())
}

/// Whoever saves may know of higher numbers than a storage that was wiped.
pub async fn a_number_is_above_the_one_the_entry_carries<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    let save = |id: &str, carried| outbox.append(carrying(id, carried));
    assert_eq!(save("a", 41).await?.seq, 42);
    assert_eq!(save("b", 7).await?.seq, 43);
    assert_eq!(outbox.counts().await?.last_seq, 43);
    Ok(())
}

/// A number that was reached is never given again.
pub async fn counting_goes_on_from_a_higher_number_only<O: OutboxStorage>(
    open: impl Fn() -> O,
) -> Outcome {
    let outbox = open();
    outbox.count_from(41).await?;
    assert_eq!(fill(&outbox, &["a"]).await?[0].seq, 42);
    outbox.count_from(7).await?;
    assert_eq!(fill(&open(), &["b"]).await?[0].seq, 43);
    Ok(())
}
