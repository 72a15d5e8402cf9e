//! Where programs are found and where pictures go.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The built server: `KIOSK_SERVER`, or where a release build leaves it.
pub(crate) fn server() -> PathBuf {
    env::var_os("KIOSK_SERVER").map_or_else(
        || target().join("release/kiosk-server"),
        |given| Path::new(&given).to_path_buf(),
    )
}

/// The driver: `CHROMEDRIVER`, or the one on `PATH`.
pub(crate) fn driver() -> PathBuf {
    env::var_os("CHROMEDRIVER").map_or_else(|| PathBuf::from("chromedriver"), PathBuf::from)
}

/// The browser, where it is not the one the driver would find.
pub(crate) fn browser() -> Option<PathBuf> {
    env::var_os("CHROMIUM").map(PathBuf::from)
}

/// A folder below `target/e2e`, made if needed.
pub(crate) fn results(folder: &str) -> Result<PathBuf> {
    let folder = target().join("e2e").join(folder);
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
