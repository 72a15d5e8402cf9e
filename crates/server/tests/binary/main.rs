//! The real binary: what it prints, when it refuses to start, what survives its end.

mod life;
mod process;
mod refusals;
