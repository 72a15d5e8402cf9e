//! What the screens read and what they may want: thin holders of the state machines in the core.
//!
//! Owns: signals, and running the effects that the core asks for.
//! Must not own: branching logic or the browser; ports are injected by `app`.
//! Invariant: what belongs to a visit lives under its `SessionScope` and dies with it; outbox,
//! device and session live above.

pub mod chat;
pub mod device;
pub mod form;
mod later;
pub mod outbox;
pub mod ports;
pub mod renewal;
pub mod session;
pub mod settings;
pub mod staff;
pub mod visit;
