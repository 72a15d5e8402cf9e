//! The guide on the real content: what visitors ask, and what holds for any question.

#[cfg(test)]
mod content;
mod properties;
mod questions;
