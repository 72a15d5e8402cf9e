//! What the end-to-end tests drive: a booth, a tablet, a model, an organiser.
//!
//! Owns processes, browsers and what is asked of them. Must not know the app's code: only
//! the names the page promises and the HTTP interface. Invariant: every test has its own
//! server, data folder and browser profile, and a page error fails it.

mod booth;
mod driver;
mod error;
mod organiser;
mod place;
mod receipt;
mod tablet;
mod upstream;

pub use booth::{Booth, Secrets};
pub use error::{Error, Result};
pub use organiser::Organiser;
pub use receipt::receipt_of;
pub use tablet::{LANDSCAPE, PHONE, PORTRAIT, Tablet, Viewport, id};
pub use upstream::{Script, Upstream};
