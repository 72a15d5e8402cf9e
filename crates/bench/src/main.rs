//! The kiosk's figures beside its peers, in one run on one machine.
//!
//! Owns the peers, the load and the report. Knows of the product only the server binary and what
//! the HTTP contract promises. Invariant: every figure is a median, taken in turn with its peer;
//! a wrong answer ends the run, so that nothing is fast because it is broken. A missed budget does
//! not: it is told in the table.

mod browser;
mod budget;
mod connection;
mod document;
mod entry;
mod error;
mod http;
mod ingest;
mod kiosk;
mod load;
mod machine;
mod memory;
mod mock;
mod page;
mod peer;
mod process;
mod proxy;
mod report;
mod save;
mod scale;
mod shift;
mod site;
mod stats;
mod streaming;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use error::{Result, unexpected};
use machine::Machine;
use report::{Report, Section};

/// Every part, in the order of a whole run.
const PARTS: [&str; 8] = [
    "load",
    "streaming",
    "memory",
    "shift",
    "save",
    "ingest",
    "scale",
    "proxy",
];
/// What a visitor feels, under one name.
const KIOSK: (&str, [&str; 5]) = ("kiosk", ["load", "streaming", "memory", "shift", "save"]);
const USAGE: &str =
    "bench SERVER FOLDER [kiosk|load|streaming|memory|shift|save|ingest|scale|proxy]";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(unexpected(USAGE));
    };
    let wanted = parts(arguments.next().as_deref())?;
    let (server, folder) = (std::path::absolute(server)?, PathBuf::from(folder));
    std::fs::create_dir_all(&folder)?;
    let folder = std::path::absolute(folder)?;
    let mut sections = Vec::new();
    for name in wanted {
        println!("measuring: {name}");
        sections.push(section(name, &server, &folder).await?);
    }
    let report = Report {
        machine: Machine::look(&[
            ("rustc", "--version"),
            ("node", "--version"),
            ("chromium", "--version"),
            ("nginx", "-v"),
        ]),
        sections,
    };
    print!("{}", report.table());
    std::fs::write(folder.join("results.md"), report.markdown())?;
    std::fs::write(
        folder.join("results.json"),
        serde_json::to_vec_pretty(&report)?,
    )?;
    println!("\nwritten: {}", folder.join("results.{md,json}").display());
    Ok(())
}

/// The parts that a name stands for; all of them without one.
fn parts(name: Option<&str>) -> Result<Vec<&'static str>> {
    let Some(name) = name else {
        return Ok(PARTS.to_vec());
    };
    if name == KIOSK.0 {
        return Ok(KIOSK.1.to_vec());
    }
    let part = PARTS.into_iter().find(|part| *part == name);
    part.map(|part| vec![part])
        .ok_or_else(|| unexpected(format!("`{name}` is not to be measured: {USAGE}")))
}

async fn section(name: &str, server: &Path, folder: &Path) -> Result<Section> {
    match name {
        "load" => load::measure(server, folder).await,
        "streaming" => streaming::measure(server, folder).await,
        "memory" => memory::measure(server).await,
        "shift" => shift::measure(server).await,
        "save" => save::measure(server).await,
        "ingest" => ingest::measure(server, folder).await,
        "scale" => scale::measure(server).await,
        _ => proxy::measure(server, folder).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_part_or_all_that_a_visitor_feels() {
        assert_eq!(parts(None).unwrap(), PARTS);
        assert_eq!(parts(Some("proxy")).unwrap(), ["proxy"]);
        assert_eq!(parts(Some("kiosk")).unwrap(), KIOSK.1);
        assert!(KIOSK.1.iter().all(|part| PARTS.contains(part)));
        assert!(parts(Some("everything")).is_err());
    }
}
