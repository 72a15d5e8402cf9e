//! What every tablet said it made, beside what arrived of it.
//!
//! Owns: putting the two together.
//! Must not own: how they are stored, or what is done about a gap.
//! Invariant: what was erased is not missing.

use kiosk_wire::console::{Conflict, DeviceReconciliation, Reconciliation};

use crate::storage::{ConflictRecord, Storage, StorageError};

/// How things stand now.
pub async fn reconcile(storage: &dyn Storage) -> Result<Reconciliation, StorageError> {
    let devices = storage.devices().await?;
    let mut conflicts = storage.conflicts().await?;
    let devices = devices.into_iter().map(|device| {
        let of_device = |record: &mut ConflictRecord| record.device_id == device.id;
        DeviceReconciliation {
            conflicts: conflicts.extract_if(.., of_device).map(told).collect(),
            device_id: device.id,
            name: device.name,
            announced: device.announced,
            stored: device.stored,
            missing: device.missing,
            duplicates: device.duplicates,
        }
    });
    Ok(Reconciliation {
        devices: devices.collect(),
    })
}

fn told(record: ConflictRecord) -> Conflict {
    Conflict {
        seq: record.seq,
        id: record.id,
        kind: record.kind,
        received_at: record.received_at.to_string(),
        item: record.item,
    }
}
