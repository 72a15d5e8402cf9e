//! A copy of what a booth has taken in, and putting it back.
//!
//! Owns: what belongs to a copy (the database and the key of its hashes), and the order of the steps.
//! Must not own: SQL, or the server's start.
//! Invariant: what refuses is found before anything is changed, and nothing that exists is overwritten
//! or deleted: it is kept under another name.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{
    config::{CommandLine, Config, ConfigError, DatabasePlace},
    startup::{self, StartError, hash_key},
    storage::sqlite::{self, OpenError, copy},
};

/// Why nothing was copied or put back, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The configuration does not say where things lie.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data folder cannot be used.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database server has its own tools.
    #[error(
        "the database is PostgreSQL's: use pg_dump and pg_restore, and keep the hash key beside the dump"
    )]
    Elsewhere,
    /// A file cannot be used.
    #[error("{file} {problem}")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Copies the database into a new file, and the key of its hashes beside it; the server may run.
/// Answers what to print.
pub fn backup(
    command_line: &CommandLine,
    environment: &BTreeMap<String, String>,
    file: &Path,
) -> Result<Vec<String>, BackupError> {
    let config = Config::read(command_line, environment)?;
    let database = file_of(&config)?;
    if !database.exists() {
        return Err(wrong(&database, "is not there: nothing to copy"));
    }
    if file.exists() {
        return Err(wrong(
            file,
            "exists already: name a new file for each backup",
        ));
    }
    let key = Key::beside(&config, file)?;
    let entries = copy::copy(&database, file)?;
    let mut lines = vec![format!("backup: {} ({entries} entries)", file.display())];
    lines.push(key.put()?);
    Ok(lines)
}

/// Puts a copy back in the place of the database, which is kept under another name; no server may run.
/// Answers what to print.
pub fn restore(
    command_line: &CommandLine,
    environment: &BTreeMap<String, String>,
    file: &Path,
    now: Timestamp,
) -> Result<Vec<String>, BackupError> {
    let config = Config::read(command_line, environment)?;
    let database = file_of(&config)?;
    if !file.exists() {
        return Err(wrong(file, "is not there"));
    }
    sqlite::inspect(file)?;
    let key = Key::back(&config, file, now)?;
    startup::prepare_folder(&config.server.data_dir)?;
    let restored = copy::beside(&database, "restored");
    let entries = copy::copy(file, &restored)?;
    let mut lines = Vec::new();
    if database.exists() {
        let aside = copy::beside(&database, &before(now));
        if let Err(error) = copy::set_aside(&database, &aside) {
            fs::remove_file(&restored).ok();
            return Err(error.into());
        }
        lines.push(format!("kept: {}", aside.display()));
    }
    fs::rename(&restored, &database).map_err(|error| failed(&database, &error))?;
    lines.push(key.put()?);
    lines.push(format!(
        "restored: {} ({entries} entries)",
        database.display()
    ));
    Ok(lines)
}

fn file_of(config: &Config) -> Result<PathBuf, BackupError> {
    match config.database_place() {
        DatabasePlace::File(path) => Ok(path),
        DatabasePlace::Postgres(_) => Err(BackupError::Elsewhere),
    }
}

/// What is done about the key of the hashes, decided before anything is changed.
enum Key {
    /// A variable holds it.
    Variable(String),
    /// The right one is there.
    Same(PathBuf),
    /// It is written there; another one that is in the way gets the other name.
    Written {
        key: String,
        to: PathBuf,
        aside: Option<PathBuf>,
    },
}

impl Key {
    /// From the data folder to beside a copy.
    fn beside(config: &Config, file: &Path) -> Result<Self, BackupError> {
        if let Some(variable) = &config.server.hash_key_env {
            return Ok(Self::Variable(variable.clone()));
        }
        let from = config.server.data_dir.join(hash_key::FILE);
        let to = file.with_file_name(hash_key::FILE);
        let Some(key) = read(&from)? else {
            return Err(wrong(
                &from,
                "is missing: without it a copy is of little use",
            ));
        };
        match read(&to)? {
            Some(there) if there == key => Ok(Self::Same(to)),
            Some(_) => Err(wrong(
                &to,
                "belongs to another booth: name a file in another folder",
            )),
            None => Ok(Self::Written {
                key,
                to,
                aside: None,
            }),
        }
    }

    /// From beside a copy to the data folder.
    fn back(config: &Config, file: &Path, now: Timestamp) -> Result<Self, BackupError> {
        if let Some(variable) = &config.server.hash_key_env {
            return Ok(Self::Variable(variable.clone()));
        }
        let from = file.with_file_name(hash_key::FILE);
        let to = config.server.data_dir.join(hash_key::FILE);
        let (carried, there) = (read(&from)?, read(&to)?);
        match (carried, there) {
            (None, None) => Err(wrong(
                &from,
                "is missing: put the key that was written with the backup beside it",
            )),
            (None, Some(_)) => Ok(Self::Same(to)),
            (Some(key), Some(there)) if key == there => Ok(Self::Same(to)),
            (Some(key), there) => Ok(Self::Written {
                key,
                aside: there.map(|_| copy::beside(&to, &before(now))),
                to,
            }),
        }
    }

    /// Does it, and answers what to print.
    fn put(self) -> Result<String, BackupError> {
        match self {
            Self::Variable(variable) => Ok(format!("hash key: from {variable}")),
            Self::Same(path) => Ok(format!("hash key: {}", path.display())),
            Self::Written { key, to, aside } => {
                if let Some(aside) = aside {
                    fs::rename(&to, &aside).map_err(|error| failed(&to, &error))?;
                }
                hash_key::write(&to, &key).map_err(|error| failed(&to, &error))?;
                Ok(format!("hash key: {}", to.display()))
            }
        }
    }
}

/// The ending of what was there before something was put back.
fn before(now: Timestamp) -> String {
    format!("before-{}", now.strftime("%Y%m%dT%H%M%SZ"))
}

fn read(path: &Path) -> Result<Option<String>, BackupError> {
    hash_key::read(path).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> BackupError {
    wrong(path, &format!("cannot be used: {error}"))
}

fn wrong(path: &Path, problem: &str) -> BackupError {
    BackupError::File {
        file: path.display().to_string(),
        problem: problem.to_owned(),
    }
}
