//! Where programs are found and where pictures go.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::engine::Engine;
use crate::{Error, Result};

/// The built server: `KIOSK_SERVER`, or where a release build leaves it.
pub(crate) fn server() -> PathBuf {
    given("KIOSK_SERVER").unwrap_or_else(|| target().join("release/kiosk-server"))
}

/// The path a variable gives, if it is set.
pub(crate) fn given(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

/// A program: the path a variable gives, or a name to be found on `PATH`.
pub(crate) fn program(variable: &str, name: &str) -> PathBuf {
    given(variable).unwrap_or_else(|| PathBuf::from(name))
}

/// A folder below `target/e2e/{engine}`, made if needed.
pub(crate) fn results(engine: Engine, folder: &str) -> Result<PathBuf> {
    let folder = target().join("e2e").join(engine.name()).join(folder);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(Error::Io)?;
    Ok(listener.local_addr()?.port())
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}
