//! Reusable pieces of screens. They know no store: what they show and what they cause is handed in.

pub mod dialog;
pub mod icon;
pub mod show;
pub mod tap;
