//! `cargo xtask dist`: the one file that is shipped.
//!
//! Owns its profile and what it must pass: no path of this machine inside, and it serves
//! everything from an empty folder with an empty environment. Invariant: the path of the file is
//! printed only after every check.

mod trial;

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::app_build;
use crate::fingerprint;
use crate::graph;
use crate::process;
use crate::project::Project;
use crate::remap;
use crate::step;
use crate::tools::Tools;

/// Cargo keeps a profile's files in the folder of its name: `target/dist/kiosk-server`.
const PROFILE: &str = "dist";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Build(#[from] app_build::Error),
    #[error(transparent)]
    Graph(#[from] graph::Error),
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error(transparent)]
    Trial(#[from] trial::Error),
    #[error("{path} could not be read: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("the binary names a folder of this machine: `{0}`")]
    Path(String),
    #[error("the binary still has its symbols")]
    Symbols,
}

/// Builds and checks the file; prints where it is, its size and its SHA-256.
pub(crate) fn ship(project: &Project, tools: &Tools) -> Result<(), Error> {
    let id = app_build::build_apps(project, tools)?;
    let flags = remap::flags(project, tools, "kiosk-server", &graph::host()?)?;
    let server = app_build::build_server(project, &id, PROFILE, &flags)?;
    step::heading("checks");
    let binary = fs::read(&server).map_err(|source| Error::Read {
        path: server.clone(),
        source,
    })?;
    step::step("stripped, no path of this machine", || {
        inspect(project, &binary)
    })?;
    step::step("serves from an empty folder", || trial::run(&server))?;
    println!(
        "\n{}\n{} bytes\nsha256 {}",
        project.relative(&server),
        binary.len(),
        fingerprint::sha256(&binary)
    );
    Ok(())
}

fn inspect(project: &Project, binary: &[u8]) -> Result<String, Error> {
    // The name of the table of symbols, as it stands among the names of sections.
    if contains(binary, b"\0.symtab\0") {
        return Err(Error::Symbols);
    }
    let homes = ["HOME", "CARGO_HOME", "RUSTUP_HOME"].map(env::var_os);
    let folders = homes.into_iter().flatten().map(PathBuf::from);
    for folder in folders.chain([project.root().to_path_buf()]) {
        let folder = format!("{}/", folder.display());
        if folder.len() > 1 && contains(binary, folder.as_bytes()) {
            return Err(Error::Path(folder));
        }
    }
    Ok("nothing found".to_owned())
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_symbols_are_found() {
        let project = Project::locate().unwrap();
        let inside = format!("text {}/src/main.rs text", project.root().display());
        let found = inspect(&project, inside.as_bytes());
        assert!(matches!(found, Err(Error::Path(_))), "{found:?}");
        let found = inspect(&project, b".shstrtab\0.symtab\0.strtab\0");
        assert!(matches!(found, Err(Error::Symbols)), "{found:?}");
        assert!(inspect(&project, b"kiosk/src/main.rs").is_ok());
    }
}
