//! Building blocks of the console's pages.
//!
//! Owns: what more than one page shows. Must not own: calls to the server.
//! Invariant: every sentence comes from the locale files.

pub mod confirm;
pub mod download_link;
pub mod failure;
pub mod field;
pub mod glyph;
pub mod notices;
pub mod page_head;
pub mod poll;
pub mod table;
pub mod team_mark;
pub mod time_ago;
