//! What the end-to-end tests drive: a booth, tablets, a console, a model, an organiser.
//!
//! Owns processes, browsers and what is asked of them. Must not know the app's code: only
//! the names the page promises and the HTTP interface. Invariant: every test has its own
//! server, data folder and browser profile, and a page error fails it, in every engine.

mod booth;
mod browser;
mod driver;
mod engine;
mod error;
mod local_model;
mod neighbour;
mod organiser;
mod place;
mod receipt;
mod relay;
mod tablet;
mod upstream;

pub use booth::{Booth, Secrets};
pub use browser::{Browser, LANDSCAPE, LAPTOP, PHONE, PORTRAIT, Target, Viewport, id};
pub use engine::Engine;
pub use error::{Error, Result};
pub use local_model::LocalModel;
pub use neighbour::Neighbour;
pub use organiser::Organiser;
pub use receipt::receipt_of;
pub use relay::{Asked, SERVER_AWAY};
pub use tablet::Tablet;
pub use thirtyfour::Key;
pub use upstream::{Ending, Script, Upstream};
