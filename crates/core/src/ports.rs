//! What the pure logic needs from its surroundings, as capabilities that a browser or a test supplies.
//!
//! Owns: the traits and their errors. Must not own: an implementation, or a choice between platforms.
//! Invariant: futures are boxed and stay on one thread, so that a port can be held as `Rc<dyn …>`.

use std::{future::Future, pin::Pin, time::Duration};

use kiosk_wire::{
    device::RegisteredDevice,
    feedback::{Batch, Entry, Receipts},
};
use serde::{Deserialize, Serialize};

use crate::outbox::{Counts, ParkedEntry, StoredEntry};
use crate::staff::code::Verifier;
use crate::staff::preflight::Battery;

/// A future that stays on its thread.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The tablet's clock, which may be wrong and may jump.
pub trait Clock {
    /// Unix time in milliseconds.
    fn now_millis(&self) -> u64;
    /// Local time, RFC 3339 with milliseconds and offset.
    fn now_rfc3339(&self) -> String;
}

/// Waiting, by a clock that does not jump.
pub trait Timer {
    /// Resolves after this long; dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> LocalFuture<'_, ()>;
}

/// Unpredictable bytes.
pub trait Random {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The durable queue of feedback on this tablet, and who this tablet is.
///
/// Every call is atomic: it takes effect as a whole before it resolves, or not at all.
pub trait OutboxStorage {
    /// Gives the entry the next number and saves both in one transaction; resolves only once that is on
    /// disk. The number is above all that were given out here, and above the one the entry carries: the
    /// highest that the caller knows of, should the storage have been wiped. A failed save uses no number, and an id
    /// that is already here gives back what was saved under it, so a save may be tried again.
    fn append(&self, entry: Entry) -> LocalFuture<'_, Result<StoredEntry, StorageError>>;
    /// At most `limit` entries that wait to be sent, lowest number first, without parked ones.
    fn pending(&self, limit: usize) -> LocalFuture<'_, Result<Vec<StoredEntry>, StorageError>>;
    /// Entries the server refused, lowest number first.
    fn parked(&self) -> LocalFuture<'_, Result<Vec<ParkedEntry>, StorageError>>;
    /// Forgets waiting entries. Unknown ids are no error; parked entries stay.
    fn remove(&self, ids: Vec<String>) -> LocalFuture<'_, Result<(), StorageError>>;
    /// Takes a waiting entry out of the line and keeps it with the reason. Unknown ids are no error.
    fn park(&self, id: String, reason: String) -> LocalFuture<'_, Result<(), StorageError>>;
    /// How much is kept.
    fn counts(&self) -> LocalFuture<'_, Result<Counts, StorageError>>;
    /// How much is kept under numbers above this one.
    fn counts_above(&self, seq: u64) -> LocalFuture<'_, Result<Counts, StorageError>>;
    /// The next number is above this one: a tablet that lost its storage goes on counting.
    fn count_from(&self, seq: u64) -> LocalFuture<'_, Result<(), StorageError>>;
    /// Who this tablet is; none before it was registered.
    fn device(&self) -> LocalFuture<'_, Result<Option<DeviceCredentials>, StorageError>>;
    /// Replaces who this tablet is.
    fn set_device(&self, device: DeviceCredentials) -> LocalFuture<'_, Result<(), StorageError>>;
}

/// Settings of this browser that outlive the app, and the event it showed last; nothing of a visitor
/// ever stands here.
pub trait Preferences {
    /// What stands under this key.
    fn get(&self, key: &str) -> Option<String>;
    /// Puts a value there, or takes it away. A browser that refuses is no error: the setting is
    /// then forgotten at the next start.
    fn set(&self, key: &str, value: Option<&str>);
}

/// Derives keys from the panel's code.
pub trait KeyDerivation {
    /// PBKDF2 with HMAC-SHA-256 of `code`, as long as the verifier's hash; `None` where the page has
    /// no cryptography.
    fn derive(&self, code: String, verifier: Verifier) -> LocalFuture<'_, Option<Vec<u8>>>;
    /// Whether there is any.
    fn is_available(&self) -> bool;
}

/// Hands a file to whoever is at the tablet.
pub trait FileSaver {
    /// `false` if the browser takes none; where it puts it is its own affair.
    fn save(&self, name: &str, text: &str) -> bool;
}

/// What a browser tells about the tablet; `None` where it does not.
pub trait TabletHealth {
    /// Whether the page is secure: by HTTPS, or from this machine.
    fn is_secure(&self) -> Option<bool>;
    /// Asks the browser to keep the storage; whether it promised.
    fn persist(&self) -> LocalFuture<'_, Option<bool>>;
    /// Whether it had promised.
    fn is_persisted(&self) -> LocalFuture<'_, Option<bool>>;
    /// How many megabytes may still be stored.
    fn free_mb(&self) -> LocalFuture<'_, Option<u64>>;
    /// The charge.
    fn battery(&self) -> LocalFuture<'_, Option<Battery>>;
    /// Keeps the screen on from now on; whether it is.
    fn keep_awake(&self) -> LocalFuture<'_, Option<bool>>;
}

/// Builds of the app that the browser puts away while the present one runs.
pub trait Updates {
    /// Looks for a new one; resolves once that is known or cannot be known now. The first look also puts
    /// the present one away, so that the app starts without a server.
    fn look(&self) -> LocalFuture<'_, ()>;
    /// Whether one is on the tablet, whole, and waits.
    fn is_waiting(&self) -> bool;
    /// Lets it answer the next load of the page; resolves once it does, or did not in time.
    fn take_over(&self) -> LocalFuture<'_, ()>;
}

/// Brings a batch to the server.
pub trait FeedbackTransport {
    /// One request, one answer; [`crate::outbox::read_answer`] tells what an HTTP answer means.
    fn send(&self, batch: &Batch) -> LocalFuture<'_, Result<Receipts, TransportError>>;
}

/// Who this tablet is to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCredentials {
    /// Lower-case UUID, kept over new pairings.
    pub device_id: String,
    /// Bearer token.
    pub token: String,
    /// What staff read in the fleet.
    pub name: String,
}

impl From<RegisteredDevice> for DeviceCredentials {
    fn from(device: RegisteredDevice) -> Self {
        Self {
            device_id: device.device_id,
            token: device.token,
            name: device.name,
        }
    }
}

/// Why the queue could not be read or written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The browser has no storage for this page (switched off, or a private window).
    #[error("this browser offers no storage")]
    Unsupported,
    /// The disk or the browser's share of it is full.
    #[error("the storage is full")]
    Full,
    /// Opening took too long: another tab holds an older shape, or a deletion is under way.
    #[error("the storage is held by another tab")]
    Blocked,
    /// A newer app has changed the shape; only a reload helps.
    #[error("the storage belongs to a newer version of the app")]
    Outdated,
    /// The connection was closed under the app; opening it again may help.
    #[error("the connection to the storage was lost ({name}: {message})")]
    ConnectionLost {
        /// Name of the browser's exception.
        name: String,
        /// Its message.
        message: String,
    },
    /// Anything else.
    #[error("the storage failed ({name}: {message})")]
    Failed {
        /// Name of the browser's exception.
        name: String,
        /// Its message.
        message: String,
    },
}

/// Why a request brought no receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection, or it broke before the answer was complete.
    #[error("the server is out of reach")]
    Unreachable,
    /// Something answered that is not the kiosk server: a captive portal, a proxy, a redirect.
    #[error("something else answered with status {status}")]
    Foreign {
        /// HTTP status; 0 for a redirect that was not followed.
        status: u16,
    },
    /// The server is there and cannot take anything now (429 or 5xx).
    #[error("the server is busy (status {status})")]
    Busy {
        /// HTTP status.
        status: u16,
        /// What `Retry-After` asked for.
        retry_after: Option<Duration>,
    },
    /// 413.
    #[error("the batch was too large")]
    TooLarge,
    /// 401, or no token yet.
    #[error("this tablet is not registered")]
    Unauthorized,
}

/// When to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// At once, changed in the way the error asks for.
    Now,
    /// Not before this long; the backoff may ask for more.
    After(Duration),
    /// Not until somebody does something.
    Never,
}

impl TransportError {
    /// When to try again.
    #[must_use]
    pub fn retry(self) -> Retry {
        match self {
            Self::TooLarge => Retry::Now,
            Self::Unauthorized => Retry::Never,
            Self::Unreachable | Self::Foreign { .. } => Retry::After(Duration::ZERO),
            Self::Busy { retry_after, .. } => Retry::After(retry_after.unwrap_or_default()),
        }
    }
}
