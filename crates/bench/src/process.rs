//! A server under measurement: its start and end, its processor time and memory.
//!
//! Invariant: the whole process tree counts, and it ends with this value.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::{Error, Result, unexpected};

const START_LIMIT: Duration = Duration::from_secs(30);
/// `sysconf(_SC_CLK_TCK)` of every Linux: processor time is told in hundredths of a second.
const TICKS_PER_SEC: f64 = 100.0;
const PAGE_KIB: f64 = 4.0;

pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Starts it, and waits until something answers at `url`.
    pub(crate) async fn start(mut command: Command, url: &str) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start {
                program: command.get_program().into(),
                source,
            })?;
        let mut server = Self { child };
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(status) = server.child.try_wait()? {
                return Err(unexpected(format!("{command:?} ended with {status}")));
            }
            if reqwest::get(url).await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(unexpected(format!("nothing answers at {url}")))
    }

    /// Processor time so far, in microseconds.
    pub(crate) fn cpu_micros(&self) -> f64 {
        let ticks: f64 = self.tree().iter().filter_map(|pid| ticks(*pid)).sum();
        ticks / TICKS_PER_SEC * 1_000_000.0
    }

    /// Resident memory in MiB.
    pub(crate) fn memory_mib(&self) -> f64 {
        let pages: f64 = self.tree().iter().filter_map(|pid| pages(*pid)).sum();
        pages * PAGE_KIB / 1024.0
    }

    /// From now on the peak is that of what follows.
    pub(crate) fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(
            format!("/proc/{}/clear_refs", self.child.id()),
            "5",
        )?)
    }

    /// The most resident memory since then, in MiB, of the one process.
    pub(crate) fn peak_mib(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: Option<f64> = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse().ok());
        kib.map(|kib| kib / 1024.0)
            .ok_or_else(|| unexpected("a process without a peak of memory"))
    }

    fn tree(&self) -> Vec<u32> {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let pid = entry.file_name().to_string_lossy().parse().ok();
            if let Some(pid) = pid
                && let Some(parent) = stat(pid, 1).and_then(|parent| parent.parse().ok())
            {
                children.entry(parent).or_default().push(pid);
            }
        }
        let mut tree = vec![self.child.id()];
        let mut at = 0;
        while let Some(pid) = tree.get(at) {
            tree.extend(children.get(pid).into_iter().flatten());
            at += 1;
        }
        tree
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The one that would start them anew goes first.
        let tree = self.tree();
        self.child.kill().ok();
        self.child.wait().ok();
        for pid in tree.into_iter().skip(1) {
            Command::new("kill").arg(pid.to_string()).status().ok();
        }
    }
}

/// A field of `/proc/PID/stat`, counted after the program's name: 0 is the state, 1 the parent.
fn stat(pid: u32, field: usize) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(field).map(ToOwned::to_owned)
}

fn ticks(pid: u32) -> Option<f64> {
    let user: f64 = stat(pid, 11)?.parse().ok()?;
    let system: f64 = stat(pid, 12)?.parse().ok()?;
    Some(user + system)
}

fn pages(pid: u32) -> Option<f64> {
    stat(pid, 21)?.parse().ok()
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|source| Error::Start {
        program: command.get_program().into(),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(unexpected(format!("{command:?} ended with {status}")))
}

/// Where a program stands on `PATH`.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|folder| folder.join(program))
        .find(|file| Path::is_file(file))
}
