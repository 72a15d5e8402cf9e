//! What became of a rescue file's entries, and whether a tablet's numbers are whole.
//!
//! Owns: the sums. Must not own: sentences. Invariant: every receipt is counted once.

use kiosk_wire::console::DeviceReconciliation;
use kiosk_wire::feedback::{Receipt, ReceiptStatus};

/// What became of the entries of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    pub stored: u64,
    pub duplicate: u64,
    pub conflict: u64,
    pub erased: u64,
    /// Id and reason of each that was refused.
    pub invalid: Vec<(String, String)>,
}

/// Counts the receipts.
#[must_use]
pub fn tally(receipts: &[Receipt]) -> Tally {
    let mut tally = Tally::default();
    for receipt in receipts {
        match receipt.status {
            ReceiptStatus::Stored => tally.stored += 1,
            ReceiptStatus::Duplicate => tally.duplicate += 1,
            ReceiptStatus::Conflict => tally.conflict += 1,
            ReceiptStatus::Erased => tally.erased += 1,
            ReceiptStatus::Invalid => {
                let reason = receipt.reason.clone().unwrap_or_default();
                tally.invalid.push((receipt.id.clone(), reason));
            }
        }
    }
    tally
}

/// How a tablet's numbers stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Every number arrived.
    Whole,
    /// Some never arrived.
    Missing,
    /// All arrived, some at odds with another.
    AtOdds,
}

/// How this tablet's numbers stand; what is lost comes before what is at odds.
#[must_use]
pub fn standing(device: &DeviceReconciliation) -> Standing {
    if !device.missing.is_empty() {
        Standing::Missing
    } else if device.conflicts.is_empty() {
        Standing::Whole
    } else {
        Standing::AtOdds
    }
}

/// Numbers in order, runs as `3–7`.
#[must_use]
pub fn runs(numbers: &[u64]) -> String {
    let mut found: Vec<(u64, u64)> = Vec::new();
    for &number in numbers {
        match found.last_mut() {
            Some((_, last)) if number == *last + 1 => *last = number,
            _ => found.push((number, number)),
        }
    }
    let written: Vec<String> = found
        .into_iter()
        .map(|(first, last)| {
            if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            }
        })
        .collect();
    written.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(status: ReceiptStatus, reason: Option<&str>) -> Receipt {
        Receipt {
            id: "a".to_owned(),
            status,
            sha256: String::new(),
            reason: reason.map(str::to_owned),
        }
    }

    #[test]
    fn every_receipt_is_counted_once() {
        let counted = tally(&[
            receipt(ReceiptStatus::Stored, None),
            receipt(ReceiptStatus::Stored, None),
            receipt(ReceiptStatus::Duplicate, None),
            receipt(ReceiptStatus::Conflict, None),
            receipt(ReceiptStatus::Erased, None),
            receipt(ReceiptStatus::Invalid, Some("no team")),
        ]);
        assert_eq!(
            (
                counted.stored,
                counted.duplicate,
                counted.conflict,
                counted.erased
            ),
            (2, 1, 1, 1)
        );
        assert_eq!(counted.invalid, [("a".to_owned(), "no team".to_owned())]);
    }

    #[test]
    fn runs_are_drawn_together() {
        assert_eq!(runs(&[]), "");
        assert_eq!(runs(&[3, 4, 5, 9, 11, 12]), "3–5, 9, 11–12");
    }

    #[test]
    fn what_is_lost_comes_first() {
        let mut device = DeviceReconciliation {
            device_id: String::new(),
            name: String::new(),
            announced: 4,
            stored: 4,
            missing: vec![],
            duplicates: 7,
            conflicts: vec![],
        };
        assert_eq!(standing(&device), Standing::Whole);
        device.conflicts.push(kiosk_wire::console::Conflict {
            seq: 2,
            id: String::new(),
            kind: kiosk_wire::console::ConflictKind::SameSeq,
            received_at: String::new(),
            item: serde_json::Value::Null,
        });
        assert_eq!(standing(&device), Standing::AtOdds);
        device.missing.push(3);
        assert_eq!(standing(&device), Standing::Missing);
    }
}
