//! What people do at a booth, in a real browser on the release build.

mod access;
mod console;
mod desk;
mod staff;
mod visit;
mod visitor;
