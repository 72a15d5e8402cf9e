//! A visitor's way, with and without a server, a model, a working app.

mod consent;
mod idle;
mod model;
mod offline;
mod path;
mod recovery;
mod restart;
mod screens;
