//! Every endpoint of `/api` and every page, through the real router with a database of its own.

mod concurrency;
mod devices;
mod export;
mod feedback;
mod http;
mod session;
mod storage_contract;
mod support;
