//! Every endpoint of `/api` and every page, through the real router with a database of its own.

#[cfg(test)]
mod audit;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod export;
#[cfg(test)]
#[path = "../support/exposition.rs"]
mod exposition;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod files;
#[cfg(test)]
mod http;
#[cfg(test)]
mod import;
#[cfg(test)]
mod metrics;
#[cfg(test)]
#[path = "../support/postgres.rs"]
mod on_postgres;
#[cfg(test)]
mod pack;
#[cfg(test)]
mod people;
#[cfg(test)]
mod reconciliation;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod session;
#[cfg(test)]
mod storage_contract;
#[cfg(test)]
mod summary;
#[cfg(test)]
mod support;
#[cfg(test)]
mod teams;
#[cfg(test)]
mod xlsx;
