//! From a command line to a state that can serve.
//!
//! Owns: the order of checks, the data folder, first-run secrets.
//! Must not own: the loop that serves.
//! Invariant: whatever refuses a start is found before anything is created.

mod credentials;
pub(crate) mod hash_key;

use std::{collections::BTreeMap, net::TcpListener, path::Path, sync::Arc};

use kiosk_content::Content;

use crate::{
    assets::{self, Assets, FirstScreenError},
    auth::{secret::SecretError, throttle::Throttle},
    bell::Bell,
    clock::{Clock, SystemClock},
    config::{CommandLine, Config, ConfigError, DatabasePlace},
    llm::{self, ChatService},
    random::RandomError,
    routes::event::EventDocument,
    state::AppState,
    storage::{
        Storage, StorageError, postgres,
        sqlite::{self, OpenError},
    },
};

/// Why the server does not start, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong or not allowed.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The event folder is wrong.
    #[error("event content {folder}: {reason}")]
    Content {
        /// The folder, or that it is built in.
        folder: String,
        /// File, line and problem.
        reason: String,
    },
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        reason: String,
    },
    /// The data folder cannot be used.
    #[error("the data folder {folder} cannot be written: {reason}")]
    DataDir {
        /// The folder.
        folder: String,
        /// What the system said.
        reason: String,
    },
    /// The page cannot be completed.
    #[error(transparent)]
    FirstScreen(#[from] FirstScreenError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database's server cannot be used.
    #[error(transparent)]
    OpenPostgres(#[from] postgres::OpenError),
    /// The database cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The hash key cannot be read or made.
    #[error("the hash key {file} {problem}")]
    HashKey {
        /// The file or variable.
        file: String,
        /// What is wrong.
        problem: String,
    },
    /// The teams' services cannot be set up.
    #[error(transparent)]
    Chat(#[from] llm::SetupError),
    /// A first-run secret cannot be made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The event cannot be written as JSON.
    #[error("the event cannot be written as JSON: {0}")]
    Event(#[from] serde_json::Error),
}

/// A server that is about to serve.
pub struct Started {
    /// Bound already, so that nothing was created for a port that is taken.
    pub listener: TcpListener,
    /// What the router needs.
    pub state: AppState,
    /// Lines for standard output, in order.
    pub lines: Vec<String>,
}

/// Checks everything, then opens the database and makes what a first start makes.
pub async fn start(
    command_line: &CommandLine,
    environment: &BTreeMap<String, String>,
) -> Result<Started, StartError> {
    let config = Config::load(command_line, environment)?;
    let content = load_content(&config)?;
    config.check_teams(&content.event)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let listener = bind(&config)?;
    let place = config.database_place();
    let holds_entries = look_at(&place).await?;
    hash_key::check(&config, holds_entries)?;
    if let DatabasePlace::File(database) = &place {
        prove_database(database, &config.server.data_dir)?;
    }
    prepare_folder(&config.server.data_dir)?;
    let hash_key = hash_key::load_or_make(&config)?;
    let storage = open(&place).await?;
    if matches!(place, DatabasePlace::Postgres(_)) {
        hash_key::agree(&config, &hash_key, storage.as_ref()).await?;
    }
    let mut lines = vec![format!("visitor: {}", visitor_url(&config, &listener))];
    let mut state = assemble(config, content, storage, hash_key)?;
    // Last of all: secrets that were stored and then not printed would lock everybody out.
    let first_run = credentials::ensure(&state.config, state.storage.as_ref()).await?;
    state.panel_verifier = first_run.panel_verifier.into();
    lines.extend(first_run.lines);
    Ok(Started {
        listener,
        state,
        lines,
    })
}

fn assemble(
    config: Config,
    content: Content,
    storage: Arc<dyn Storage>,
    hash_key: Vec<u8>,
) -> Result<AppState, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let content = Arc::new(content);
    let chat = ChatService::new(
        Arc::clone(&content),
        &config,
        Arc::clone(&storage),
        Arc::clone(&clock),
    )?;
    let assets = Assets::embedded().with_first_screen(&content.event)?;
    let event = EventDocument::new(&content, &config, chat.recipients(), build_id())?;
    Ok(AppState {
        content,
        config: Arc::new(config),
        clock,
        storage,
        summaries: Arc::default(),
        known_tokens: Arc::default(),
        chat: Arc::new(chat),
        event: Arc::new(event),
        throttle: Arc::new(Throttle::default()),
        bell: Arc::new(Bell::default()),
        hash_key: hash_key.into(),
        panel_verifier: String::new().into(),
        assets: Arc::new(assets),
    })
}

/// As the app that the binary carries has it: both are built with the same variable.
fn build_id() -> &'static str {
    option_env!("KIOSK_BUILD").unwrap_or(env!("CARGO_PKG_VERSION"))
}

pub(crate) fn load_content(config: &Config) -> Result<Content, StartError> {
    let (name, files) = match config.server.event_dir.as_deref() {
        None => ("(built in)".to_owned(), assets::built_in_event()),
        Some(folder) => (folder.display().to_string(), read_event(folder)?),
    };
    let rules = config.moderation.as_ref();
    let rules = rules.and_then(|table| table.rules.as_deref());
    let content =
        kiosk_content::load_with_rules(&files, rules).map_err(|error| StartError::Content {
            folder: name.clone(),
            reason: error.to_string(),
        })?;
    jiff::tz::TimeZone::get(&content.event.time_zone).map_err(|error| StartError::Content {
        folder: name,
        reason: format!("event.toml: time_zone: {error}"),
    })?;
    Ok(content)
}

/// The TOML files of an event folder and of its `teams` folder.
fn read_event(folder: &Path) -> Result<BTreeMap<String, String>, StartError> {
    let unreadable = |path: &Path, error: &std::io::Error| StartError::Content {
        folder: folder.display().to_string(),
        reason: format!("{}: {error}", path.display()),
    };
    let mut files = BTreeMap::new();
    for (prefix, inside) in [("", folder.to_owned()), ("teams/", folder.join("teams"))] {
        let entries = std::fs::read_dir(&inside).map_err(|error| unreadable(&inside, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&inside, &error))?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy())
                .unwrap_or_default();
            files.insert(format!("{prefix}{name}"), text);
        }
    }
    Ok(files)
}

/// Refuses a database that cannot be opened, before anything is made; answers whether it holds feedback.
async fn look_at(place: &DatabasePlace) -> Result<bool, StartError> {
    Ok(match place {
        DatabasePlace::File(path) => {
            sqlite::inspect(path)?;
            sqlite::holds_entries(path)?
        }
        DatabasePlace::Postgres(url) => postgres::inspect(url).await?,
    })
}

async fn open(place: &DatabasePlace) -> Result<Arc<dyn Storage>, StartError> {
    Ok(match place {
        DatabasePlace::File(path) => Arc::new(sqlite::open(path)?),
        DatabasePlace::Postgres(url) => Arc::new(postgres::open(url).await?),
    })
}

fn bind(config: &Config) -> Result<TcpListener, StartError> {
    let address = config.server.listen;
    let refused = |error: std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => "the port is already in use".to_owned(),
            _ => error.to_string(),
        };
        StartError::Listen { address, reason }
    };
    let listener = TcpListener::bind(address).map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    Ok(listener)
}

/// Proves that the database can be written where it lies, before anything is made elsewhere.
fn prove_database(database: &Path, data_dir: &Path) -> Result<(), StartError> {
    let folder = match database.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let proof = if database.exists() {
        std::fs::OpenOptions::new()
            .append(true)
            .open(database)
            .map(drop)
    } else if folder == data_dir {
        // The data folder is made and proven next.
        Ok(())
    } else {
        prove_writable(folder)
    };
    proof.map_err(|error| {
        let file = database.display().to_string();
        let reason = error.to_string();
        StartError::Open(OpenError::Refused { file, reason })
    })
}

/// Makes the folder, for nobody else to read, and proves that a file can be made in it.
pub(crate) fn prepare_folder(folder: &Path) -> Result<(), StartError> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker
        .create(folder)
        .and_then(|()| prove_writable(folder))
        .map_err(|error| StartError::DataDir {
            folder: folder.display().to_string(),
            reason: error.to_string(),
        })
}

fn prove_writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(".writable");
    std::fs::write(&probe, b"")?;
    std::fs::remove_file(&probe)
}

fn visitor_url(config: &Config, listener: &TcpListener) -> String {
    if let Some(url) = &config.server.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let address = listener.local_addr().unwrap_or(config.server.listen);
    format!("http://{address}")
}
