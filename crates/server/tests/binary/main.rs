//! The real binary: what it prints, when it refuses to start, what survives its end.

#[cfg(test)]
mod backup;
#[cfg(test)]
mod canaries;
#[cfg(test)]
mod check;
#[cfg(test)]
mod check_tls;
#[cfg(test)]
mod cuts;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod day;
#[cfg(test)]
#[path = "../support/exposition.rs"]
mod exposition;
#[cfg(test)]
#[expect(dead_code, reason = "some of it only the proxy's own tests need")]
#[path = "../upstream/fake.rs"]
mod fake;
#[cfg(test)]
mod farewell;
#[cfg(test)]
mod full_disk;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod life;
#[cfg(test)]
#[path = "../support/postgres.rs"]
mod on_postgres;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod process;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod relay;
#[cfg(test)]
mod schemathesis;
#[cfg(test)]
mod small_disk;
#[cfg(test)]
mod tablets;
