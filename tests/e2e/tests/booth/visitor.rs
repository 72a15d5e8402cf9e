//! A visitor's way, with and without a server, a model, a working app.

mod access;
mod blocked;
mod break_out;
mod chats;
mod clock;
mod cold_start;
mod consent;
mod crowd;
mod fact_error;
mod first_screen;
mod following;
mod hostile;
mod idle;
mod kills;
mod line;
mod local_model;
mod markdown;
mod misbehaving;
mod model;
mod offline;
mod parts;
mod path;
mod recovery;
mod residue;
mod restart;
mod screens;
mod states;
mod typing;
mod wiped;

pub(crate) use cold_start::open_kept;
