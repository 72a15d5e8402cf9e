//! Who is who: devices by bearer token, people by cookie.
//!
//! Owns: authentication, roles, the loopback and origin rules, slowing down wrong tries.
//! Must not own: what a role may do in an endpoint.
//! Invariant: every secret is stored and compared as a hash.

pub mod device;
pub mod origin;
pub mod people;
pub mod secret;
pub mod throttle;
