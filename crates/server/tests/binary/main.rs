//! The real binary: what it prints, when it refuses to start, what survives its end.

#[cfg(test)]
mod backup;
#[cfg(test)]
#[path = "../database/cluster.rs"]
mod cluster;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod life;
#[cfg(test)]
mod process;
#[cfg(test)]
mod refusals;
