//! Stands between one browser and its server, on a port of its own.
//!
//! Owns the recorder that every page gets before its own scripts, what went wrong in those
//! pages and on the way, and the faults a test asks for. Bodies pass unchanged and at once.
//! Invariant: an error is kept until it is looked at, over reloads and crashes of the page, and
//! nothing of it is stored in the browser.

mod http;
mod serve;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Result;

/// Part of the error that a request leaves which found no server.
pub const SERVER_AWAY: &str = "the server is away";

/// A request that came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub target: String,
}

/// What happens to requests of some paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The connection ends without an answer.
    Refuse,
    /// No answer comes.
    Hang,
    /// The answer comes once the fault is over.
    Late,
}

pub(crate) struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

pub(crate) struct Shared {
    upstream: String,
    faults: Mutex<Vec<(String, Fault)>>,
    /// A path, and what its answers have at their end.
    appended: Mutex<Option<(String, String)>>,
    is_down: AtomicBool,
    /// Counts up when every open connection must end.
    cuts: watch::Sender<u64>,
    asked: Mutex<Vec<Asked>>,
    /// By the recorder's own number, because the page may tell one twice.
    errors: Mutex<BTreeMap<String, String>>,
    failures: Mutex<Vec<String>>,
}

impl Relay {
    /// Listens in front of `host:port`.
    pub(crate) async fn start(upstream: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream: upstream.to_owned(),
            faults: Mutex::default(),
            appended: Mutex::default(),
            is_down: AtomicBool::new(false),
            cuts: watch::Sender::new(0),
            asked: Mutex::default(),
            errors: Mutex::default(),
            failures: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve::serve(client, Arc::clone(&serving)));
            }
        });
        Ok(Self {
            address,
            shared,
            listening,
        })
    }

    /// Where the browser finds it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on these paths, and no others, have this fault. A `*` stands for anything.
    pub(crate) fn set_faults(&self, paths: &[&str], fault: Fault) {
        *lock(&self.shared.faults) = paths
            .iter()
            .map(|path| ((*path).to_owned(), fault))
            .collect();
    }

    /// From now on what this path answers, and no other, has this text at its end.
    pub(crate) fn append(&self, path: &str, text: &str) {
        *lock(&self.shared.appended) = Some((path.to_owned(), text.to_owned()));
    }

    /// Pulls the network's plug, or puts it back.
    pub(crate) fn set_down(&self, is_down: bool) {
        self.shared.is_down.store(is_down, Ordering::SeqCst);
        if is_down {
            self.cut();
        }
    }

    fn cut(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Every request of the browser so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.shared.asked).clone()
    }

    /// Takes in what the page itself remembers to have told.
    pub(crate) fn add_errors(&self, told: impl IntoIterator<Item = String>) {
        for line in told {
            self.shared.add_error(&line);
        }
    }

    /// What went wrong since the last look.
    pub(crate) fn take_errors(&self) -> Vec<String> {
        let mut found = std::mem::take(&mut *lock(&self.shared.failures));
        for error in lock(&self.shared.errors).values_mut() {
            if !error.is_empty() {
                found.push(std::mem::take(error));
            }
        }
        found
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

impl Shared {
    fn fault_of(&self, path: &str) -> Option<Fault> {
        lock(&self.faults)
            .iter()
            .find(|(pattern, _)| {
                pattern
                    .split_once('*')
                    .map_or(pattern == path, |(start, end)| {
                        path.starts_with(start) && path.ends_with(end)
                    })
            })
            .map(|(_, fault)| *fault)
    }

    fn appended_to(&self, path: &str) -> Option<String> {
        let appended = lock(&self.appended);
        let (_, text) = appended.as_ref().filter(|(to, _)| to == path)?;
        Some(text.clone())
    }

    /// A line is the error's number, a space and its text.
    fn add_error(&self, line: &str) {
        if let Some((number, text)) = line.split_once(' ') {
            // What was taken stays as an empty text, so that it is not found again.
            lock(&self.errors)
                .entry(number.to_owned())
                .or_insert_with(|| text.to_owned());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
