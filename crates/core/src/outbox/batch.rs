//! Which entries go together, and what the receipts say about each.

use std::collections::BTreeSet;

use kiosk_wire::{
    canonical::sha256_hex,
    feedback::{MAX_BATCH_BYTES, Receipt},
};
use serde_json::Value;

use super::StoredEntry;

/// Room for `{"sent_at":"…","items":[]}` around the items.
const ENVELOPE_BYTES: usize = 128;

/// An entry under way: what its receipt has to name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) id: String,
    sha256: String,
}

/// What a batch is made of.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Selection {
    pub(super) items: Vec<Value>,
    pub(super) sent: Vec<Sent>,
    /// Entries that are not JSON: a damaged disk. No attempt can ever succeed.
    pub(super) unreadable: Vec<String>,
}

/// The first entries that fit, without the held ones. One alone always fits: the server may say more
/// about it than this side can know.
pub(super) fn select(
    entries: &[StoredEntry],
    held: &BTreeSet<String>,
    max_items: usize,
) -> Selection {
    let mut selection = Selection::default();
    let mut bytes = ENVELOPE_BYTES;
    for entry in entries.iter().filter(|entry| !held.contains(&entry.id)) {
        bytes += entry.json.len() + 1;
        let full = selection.items.len() >= max_items || bytes > MAX_BATCH_BYTES;
        if full && !selection.items.is_empty() {
            break;
        }
        match serde_json::from_str::<Value>(&entry.json) {
            Ok(item) => {
                let sha256 = sha256_hex(&item);
                selection.sent.push(Sent {
                    id: entry.id.clone(),
                    sha256,
                });
                selection.items.push(item);
            }
            Err(_) => selection.unreadable.push(entry.id.clone()),
        }
    }
    selection
}

/// What became of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Safe with the server, or erased by the organiser's will.
    pub(super) released: Vec<String>,
    /// Refused, with the reason.
    pub(super) refused: Vec<(String, String)>,
    /// Without a receipt that names id and hash.
    pub(super) unsettled: Vec<String>,
}

/// Judges each sent entry by the receipt that names its id and its hash, wherever it stands.
pub(super) fn judge(sent: Vec<Sent>, receipts: &[Receipt]) -> Verdict {
    let mut verdict = Verdict::default();
    for Sent { id, sha256 } in sent {
        let receipt = receipts.iter().find(|r| r.id == id && r.sha256 == sha256);
        match receipt {
            Some(receipt) if receipt.status.releases() => verdict.released.push(id),
            Some(receipt) => {
                verdict
                    .refused
                    .push((id, receipt.reason.clone().unwrap_or_default()));
            }
            None => verdict.unsettled.push(id),
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use kiosk_wire::feedback::ReceiptStatus;

    use super::*;

    fn entry(seq: u64, bytes: usize) -> StoredEntry {
        let id = format!("id-{seq}");
        let json = format!("\"{}\"", "x".repeat(bytes.saturating_sub(2)));
        StoredEntry { seq, id, json }
    }

    fn ids(selection: &Selection) -> Vec<&str> {
        selection.sent.iter().map(|sent| sent.id.as_str()).collect()
    }

    #[test]
    fn a_batch_keeps_to_the_number_of_items() {
        let entries: Vec<_> = (1..=5).map(|seq| entry(seq, 10)).collect();
        assert_eq!(
            ids(&select(&entries, &BTreeSet::new(), 3)),
            ["id-1", "id-2", "id-3"]
        );
    }

    #[test]
    fn a_batch_as_sent_keeps_to_the_number_of_bytes() {
        let entries: Vec<_> = (1..=4).map(|seq| entry(seq, MAX_BATCH_BYTES / 3)).collect();
        let selection = select(&entries, &BTreeSet::new(), 100);
        assert_eq!(ids(&selection), ["id-1", "id-2"]);
        let batch = kiosk_wire::feedback::Batch {
            sent_at: "2025-12-30T14:31:05.120+09:00".to_owned(),
            items: select(
                &(1..=10_000).map(|seq| entry(seq, 150)).collect::<Vec<_>>(),
                &BTreeSet::new(),
                usize::MAX,
            )
            .items,
        };
        let bytes = serde_json::to_vec(&batch).unwrap().len();
        assert!(
            (MAX_BATCH_BYTES - 300..=MAX_BATCH_BYTES).contains(&bytes),
            "{bytes}"
        );
    }

    #[test]
    fn a_batch_may_be_exactly_as_large_as_allowed() {
        let first = MAX_BATCH_BYTES / 2;
        // Each entry costs its comma, too.
        let rest = MAX_BATCH_BYTES - ENVELOPE_BYTES - (first + 1) - 1;
        for (second, expected) in [(rest, &["id-1", "id-2"][..]), (rest + 1, &["id-1"])] {
            let entries = [entry(1, first), entry(2, second)];
            assert_eq!(ids(&select(&entries, &BTreeSet::new(), 100)), expected);
        }
    }

    #[test]
    fn an_entry_larger_than_a_batch_goes_alone() {
        let entries = [entry(1, 2 * MAX_BATCH_BYTES), entry(2, 10)];
        assert_eq!(ids(&select(&entries, &BTreeSet::new(), 100)), ["id-1"]);
        let entries = [entry(1, 10), entry(2, 2 * MAX_BATCH_BYTES)];
        assert_eq!(ids(&select(&entries, &BTreeSet::new(), 100)), ["id-1"]);
    }

    #[test]
    fn held_entries_are_passed_over_and_unreadable_ones_named() {
        let mut entries: Vec<_> = (1..=3).map(|seq| entry(seq, 10)).collect();
        entries[1].json = "{".to_owned();
        let selection = select(&entries, &BTreeSet::from(["id-1".to_owned()]), 100);
        assert_eq!(ids(&selection), ["id-3"]);
        assert_eq!(selection.unreadable, ["id-2"]);
    }

    fn receipt(id: &str, status: ReceiptStatus, sha256: &str) -> Receipt {
        let reason = (status == ReceiptStatus::Invalid).then(|| "unknown_team".to_owned());
        Receipt {
            id: id.to_owned(),
            status,
            sha256: sha256.to_owned(),
            reason,
        }
    }

    fn sent(id: &str) -> Sent {
        Sent {
            id: id.to_owned(),
            sha256: format!("hash-{id}"),
        }
    }

    #[test]
    fn every_final_status_with_the_hash_releases() {
        for status in [
            ReceiptStatus::Stored,
            ReceiptStatus::Duplicate,
            ReceiptStatus::Conflict,
            ReceiptStatus::Erased,
        ] {
            let verdict = judge(vec![sent("a")], &[receipt("a", status, "hash-a")]);
            assert_eq!(
                verdict,
                Verdict {
                    released: vec!["a".to_owned()],
                    ..Verdict::default()
                }
            );
        }
    }

    #[test]
    fn no_status_without_the_hash_does_anything() {
        for status in [
            ReceiptStatus::Stored,
            ReceiptStatus::Invalid,
            ReceiptStatus::Erased,
        ] {
            for receipts in [
                vec![receipt("a", status, "hash-b")],
                vec![receipt("b", status, "hash-a")],
            ] {
                let verdict = judge(vec![sent("a")], &receipts);
                let unsettled = vec!["a".to_owned()];
                assert_eq!(
                    verdict,
                    Verdict {
                        unsettled,
                        ..Verdict::default()
                    }
                );
            }
        }
    }

    #[test]
    fn receipts_are_matched_by_name_not_by_place() {
        let receipts = [
            receipt("c", ReceiptStatus::Stored, "hash-c"),
            receipt("x", ReceiptStatus::Stored, "hash-b"),
            receipt("a", ReceiptStatus::Invalid, "hash-a"),
        ];
        let verdict = judge(vec![sent("a"), sent("b"), sent("c")], &receipts);
        assert_eq!(verdict.released, ["c"]);
        assert_eq!(
            verdict.refused,
            [("a".to_owned(), "unknown_team".to_owned())]
        );
        assert_eq!(verdict.unsettled, ["b"]);
    }
}
