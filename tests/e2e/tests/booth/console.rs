//! What staff and organisers do in the console.

mod commands;
mod expired;
mod pages;
mod results;
mod sign_in;
