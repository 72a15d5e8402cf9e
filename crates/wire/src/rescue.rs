//! The file that staff save from a tablet, and organisers bring in.

use serde::{Deserialize, Serialize};

/// Value of [`RescueFile::format`].
pub const FORMAT: &str = "booth-kiosk-rescue";
/// The newest shape.
pub const VERSION: u32 = 1;

/// Everything a tablet still holds. The entries stay in its queue: bringing the file in and sending
/// the queue as well doubles nothing, for both carry the same ids.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RescueFile {
    /// Always [`FORMAT`].
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(extend("const" = FORMAT))
    )]
    pub format: String,
    /// At most [`VERSION`].
    #[cfg_attr(not(target_family = "wasm"), schemars(range(max = 1)))]
    pub version: u32,
    /// The tablet, a lower-case UUID.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(regex(pattern = crate::id::UUID_PATTERN))
    )]
    pub device_id: String,
    /// What staff call it.
    pub name: String,
    /// The tablet's clock, RFC 3339.
    pub saved_at: String,
    /// The highest number it has given out.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(range(max = crate::feedback::MAX_SAFE_INTEGER))
    )]
    pub last_seq: u64,
    /// Entries that wait, each exactly as it would be sent.
    #[cfg_attr(
        not(target_family = "wasm"),
        schemars(with = "Vec<crate::feedback::Entry>")
    )]
    pub items: Vec<serde_json::Value>,
    /// Entries that the server refused.
    #[serde(default)]
    pub parked: Vec<ParkedItem>,
}

/// An entry that the server refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ParkedItem {
    /// Exactly as it was sent.
    pub item: serde_json::Value,
    /// Why it was refused.
    pub reason: String,
}
