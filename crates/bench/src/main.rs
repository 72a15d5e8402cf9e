//! The kiosk's figures beside its peers, in one run on one machine.
//!
//! Owns the peers, the load and the report. Knows of the product only the server binary and what
//! the HTTP contract promises. Invariant: every figure is a median, taken in turn with its peer;
//! a wrong answer ends the run, so that nothing is fast because it is broken.

mod browser;
mod entry;
mod error;
mod first_load;
mod ingest;
mod kiosk;
mod machine;
mod mock;
mod peer;
mod process;
mod proxy;
mod report;
mod site;
mod stats;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use error::{Result, unexpected};
use machine::Machine;
use report::{Report, Section};

const NAMES: [&str; 3] = ["load", "ingest", "proxy"];
const USAGE: &str = "bench SERVER FOLDER [load|ingest|proxy]";

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
    let only = arguments.next();
    if let Some(name) = only.as_deref().filter(|name| !NAMES.contains(name)) {
        return Err(unexpected(format!("`{name}` is not one of {NAMES:?}")));
    }
    let (server, folder) = (std::path::absolute(server)?, PathBuf::from(folder));
    std::fs::create_dir_all(&folder)?;
    let folder = std::path::absolute(folder)?;
    let mut sections = Vec::new();
    for name in NAMES {
        if only.as_deref().is_none_or(|only| only == name) {
            println!("measuring: {name}");
            sections.push(section(name, &server, &folder).await?);
        }
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

async fn section(name: &str, server: &Path, folder: &Path) -> Result<Section> {
    match name {
        "load" => first_load::measure(server, folder).await,
        "ingest" => ingest::measure(server, folder).await,
        _ => proxy::measure(server).await,
    }
}
