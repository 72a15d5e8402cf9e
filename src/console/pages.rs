//! The pages of the console, one address each.
//!
//! Owns: what a page shows and asks. Must not own: the frame around it.
//! Invariant: a page has one `h1`, and a title of its own in the browser's tab.

pub mod audit;
pub mod fleet;
pub mod pack;
pub mod people;
pub mod results;
pub mod sign_in;
pub mod teams;
