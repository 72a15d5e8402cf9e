//! The types both sides speak: tablet and server, and nothing else.
//!
//! Owns: paths, error codes, the JSON shapes of `/v1` and `/api`, ids, the event-stream decoder,
//! canonical JSON with its hash, and the receipt a visitor sees.
//! Must not own: input or output, a clock, randomness, or a choice between platforms.
//! Invariant: what both sides must do alike is written here once.
#![warn(missing_docs)]

pub mod canonical;
pub mod chat;
pub mod command;
pub mod console;
pub mod device;
pub mod error;
pub mod event;
pub mod event_stream;
pub mod feedback;
pub mod id;
pub mod paths;
pub mod receipt;
pub mod rescue;
