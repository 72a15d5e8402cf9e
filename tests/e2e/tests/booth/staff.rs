//! What staff do on a tablet, and how a tablet comes to a booth.

mod hotspot;
mod panel;
mod rescue;
mod setup;
