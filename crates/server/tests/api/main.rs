//! Every endpoint of `/api` and every page, through the real router with a database of its own.

#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod export;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod http;
#[cfg(test)]
mod session;
#[cfg(test)]
mod storage_contract;
#[cfg(test)]
mod support;
