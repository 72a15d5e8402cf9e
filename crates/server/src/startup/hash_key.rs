//! The key of the hashes that are kept of entries: from a variable, or a file of the data folder.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use kiosk_wire::canonical::hex;

use super::StartError;
use crate::{config::Config, feedback::keyed_hash, random, storage::Storage};

/// Its name in the data folder, and beside a copy of the database.
pub(crate) const FILE: &str = "hash.key";
/// A shorter key could be guessed.
const SHORTEST: usize = 32;

/// Refuses a key that cannot be used, before anything is created; and one that would be made anew
/// beside feedback: hashed with another key, what comes again would be at odds with what is kept.
pub(super) fn check(config: &Config, holds_entries: bool) -> Result<(), StartError> {
    if existing(config)?.is_none() && holds_entries {
        let problem = format!(
            "is missing, and the database holds feedback that was hashed with it: put the file back; \
             if it is lost, write any {SHORTEST} or more characters there, then entries that are sent \
             again count as conflicts"
        );
        return Err(wrong(&path(config).display().to_string(), problem));
    }
    Ok(())
}

/// Refuses a key that is not the one of the other servers on the same database: what a tablet sends to
/// one and again to another would be at odds with itself.
pub(super) async fn agree(
    config: &Config,
    key: &[u8],
    storage: &dyn Storage,
) -> Result<(), StartError> {
    let mark = keyed_hash(key, "the key itself");
    if storage.agree_on_hash_key(&mark).await? {
        return Ok(());
    }
    let place = config.server.hash_key_env.clone();
    let place = place.unwrap_or_else(|| path(config).display().to_string());
    let problem = "is not the key that this database's feedback is hashed with: give every server on \
                   one database the same key, in the variable that [server] hash_key_env names";
    Err(wrong(&place, problem.to_owned()))
}

/// The key; made at the first start.
pub(super) fn load_or_make(config: &Config) -> Result<Vec<u8>, StartError> {
    match existing(config)? {
        Some(key) => Ok(key),
        None => make(&path(config)),
    }
}

fn path(config: &Config) -> PathBuf {
    config.server.data_dir.join(FILE)
}

fn existing(config: &Config) -> Result<Option<Vec<u8>>, StartError> {
    if let Some(variable) = &config.server.hash_key_env {
        let key = config.secret(Some(variable)).unwrap_or_default();
        return usable(key, variable).map(Some);
    }
    let path = path(config);
    let place = path.display().to_string();
    match read(&path) {
        Ok(key) => key.map(|key| usable(&key, &place)).transpose(),
        Err(error) => Err(wrong(&place, format!("cannot be read: {error}"))),
    }
}

/// The key in a file; nothing if there is no file.
pub(crate) fn read(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Puts a key into a new file, for nobody else to read.
pub(crate) fn write(path: &Path, key: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()
}

fn usable(key: &str, place: &str) -> Result<Vec<u8>, StartError> {
    if key.len() < SHORTEST {
        return Err(wrong(
            place,
            format!("must have at least {SHORTEST} characters"),
        ));
    }
    Ok(key.as_bytes().to_vec())
}

fn make(path: &Path) -> Result<Vec<u8>, StartError> {
    let key = hex(&random::bytes::<32>()?);
    write(path, &key).map_err(|error| {
        wrong(
            &path.display().to_string(),
            format!("cannot be made: {error}"),
        )
    })?;
    Ok(key.into_bytes())
}

fn wrong(file: &str, problem: String) -> StartError {
    StartError::HashKey {
        file: file.to_owned(),
        problem,
    }
}
