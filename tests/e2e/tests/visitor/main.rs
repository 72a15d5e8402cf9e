//! What people do at a booth, in a real browser on the release build.

mod consent;
mod idle;
mod model;
mod offline;
mod path;
mod recovery;
mod screens;
mod visit;
