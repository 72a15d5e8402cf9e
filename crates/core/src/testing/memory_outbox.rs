//! A queue in memory.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use kiosk_wire::feedback::Entry;

use crate::{
    outbox::{Counts, ParkedEntry, StoredEntry},
    ports::{DeviceCredentials, LocalFuture, OutboxStorage, StorageError},
};

/// A disk in memory. A clone is a second connection to the same disk, so dropping one and going on
/// with another is a restart of the tablet.
#[derive(Debug, Clone, Default)]
pub struct MemoryOutbox {
    disk: Rc<RefCell<Disk>>,
}

#[derive(Debug, Default)]
struct Disk {
    pending: BTreeMap<u64, StoredEntry>,
    parked: BTreeMap<u64, ParkedEntry>,
    last_seq: u64,
    device: Option<DeviceCredentials>,
    fault: Option<StorageError>,
}

impl MemoryOutbox {
    /// The next call fails so, and changes nothing.
    pub fn fail_next(&self, error: StorageError) {
        self.disk.borrow_mut().fault = Some(error);
    }

    /// Takes everything away, as a browser does that needs the room.
    pub fn wipe(&self) {
        self.disk.take();
    }

    /// Damages what is stored under this number.
    pub fn damage(&self, seq: u64) {
        if let Some(entry) = self.disk.borrow_mut().pending.get_mut(&seq) {
            entry.json.truncate(5);
        }
    }

    fn run<T: 'static>(
        &self,
        work: impl FnOnce(&mut Disk) -> Result<T, StorageError> + 'static,
    ) -> LocalFuture<'_, Result<T, StorageError>> {
        Box::pin(async move {
            let disk = &mut *self.disk.borrow_mut();
            disk.fault.take().map_or_else(|| work(disk), Err)
        })
    }
}

impl Disk {
    fn append(&mut self, mut entry: Entry) -> Result<StoredEntry, StorageError> {
        let parked = self.parked.values().map(|parked| &parked.entry);
        if let Some(known) = self
            .pending
            .values()
            .chain(parked)
            .find(|known| known.id == entry.id)
        {
            return Ok(known.clone());
        }
        entry.seq = self.last_seq.max(entry.seq) + 1;
        let json = serde_json::to_string(&entry).map_err(|error| StorageError::Failed {
            name: "Json".to_owned(),
            message: error.to_string(),
        })?;
        self.last_seq = entry.seq;
        let stored = StoredEntry {
            seq: entry.seq,
            id: entry.id,
            json,
        };
        self.pending.insert(stored.seq, stored.clone());
        Ok(stored)
    }

    fn park(&mut self, id: &str, reason: String) {
        let seq = self
            .pending
            .values()
            .find(|entry| entry.id == id)
            .map(|entry| entry.seq);
        if let Some(entry) = seq.and_then(|seq| self.pending.remove(&seq)) {
            self.parked.insert(entry.seq, ParkedEntry { entry, reason });
        }
    }

    fn counts(&self) -> Counts {
        Counts {
            pending: self.pending.len() as u64,
            parked: self.parked.len() as u64,
            last_seq: self.last_seq,
        }
    }
}

impl OutboxStorage for MemoryOutbox {
    fn append(&self, entry: Entry) -> LocalFuture<'_, Result<StoredEntry, StorageError>> {
        self.run(|disk| disk.append(entry))
    }

    fn pending(&self, limit: usize) -> LocalFuture<'_, Result<Vec<StoredEntry>, StorageError>> {
        self.run(move |disk| Ok(disk.pending.values().take(limit).cloned().collect()))
    }

    fn parked(&self) -> LocalFuture<'_, Result<Vec<ParkedEntry>, StorageError>> {
        self.run(|disk| Ok(disk.parked.values().cloned().collect()))
    }

    fn remove(&self, ids: Vec<String>) -> LocalFuture<'_, Result<(), StorageError>> {
        self.run(move |disk| {
            disk.pending.retain(|_, entry| !ids.contains(&entry.id));
            Ok(())
        })
    }

    fn park(&self, id: String, reason: String) -> LocalFuture<'_, Result<(), StorageError>> {
        self.run(move |disk| {
            disk.park(&id, reason);
            Ok(())
        })
    }

    fn counts(&self) -> LocalFuture<'_, Result<Counts, StorageError>> {
        self.run(|disk| Ok(disk.counts()))
    }

    fn counts_above(&self, seq: u64) -> LocalFuture<'_, Result<Counts, StorageError>> {
        self.run(move |disk| {
            Ok(Counts {
                pending: disk.pending.range(seq + 1..).count() as u64,
                parked: disk.parked.range(seq + 1..).count() as u64,
                last_seq: disk.last_seq,
            })
        })
    }

    fn count_from(&self, seq: u64) -> LocalFuture<'_, Result<(), StorageError>> {
        self.run(move |disk| {
            disk.last_seq = disk.last_seq.max(seq);
            Ok(())
        })
    }

    fn device(&self) -> LocalFuture<'_, Result<Option<DeviceCredentials>, StorageError>> {
        self.run(|disk| Ok(disk.device.clone()))
    }

    fn set_device(&self, device: DeviceCredentials) -> LocalFuture<'_, Result<(), StorageError>> {
        self.run(|disk| {
            disk.device = Some(device);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{block_on, sample_entry};

    crate::outbox_storage_contract!(native, {
        let disk = MemoryOutbox::default();
        move || disk.clone()
    });

    #[test]
    fn a_failed_save_uses_no_number() {
        let outbox = MemoryOutbox::default();
        outbox.fail_next(StorageError::Full);
        assert_eq!(
            block_on(outbox.append(sample_entry("a"))),
            Err(StorageError::Full)
        );
        assert_eq!(block_on(outbox.append(sample_entry("b"))).unwrap().seq, 1);
    }
}
