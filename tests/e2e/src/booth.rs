//! A booth's server: one process with its own port and data folder.
//!
//! Owns start, sudden death and restart. Invariant: the process ends with its `Booth`, and
//! what it said is shown when the test fails.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::place;
use crate::{Error, Result};

const START_LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// A running (or just killed) server.
pub struct Booth {
    /// 0 until the server has found one; the same at every further start.
    port: u16,
    starts: usize,
    data: TempDir,
    environment: Vec<(String, String)>,
    process: Option<Child>,
    said: Arc<Mutex<Vec<String>>>,
}

/// What the first start printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    pub panel_code: String,
    pub staff_pin: String,
    pub organiser_password: String,
}

impl Booth {
    /// Starts a booth with nothing configured.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// Starts a booth with these `BOOTH_…` variables.
    pub async fn start_with(environment: &[(&str, &str)]) -> Result<Self> {
        let mut booth = Self {
            port: 0,
            starts: 0,
            data: tempfile::tempdir()?,
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            process: None,
            said: Arc::default(),
        };
        booth.restart().await?;
        Ok(booth)
    }

    /// The visitor's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the server again on the same port and data.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill()?;
        let program = place::server();
        let mut process = Command::new(&program)
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", self.port))
            .arg("--data-dir")
            .arg(self.data.path())
            .current_dir(self.data.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| Error::Start(program, source))?;
        self.listen_to(process.stdout.take());
        self.listen_to(process.stderr.take());
        self.process = Some(process);
        self.starts += 1;
        self.wait_until_ready().await
    }

    /// Starts it again with one `BOOTH_…` variable more.
    pub async fn restart_with(&mut self, name: &str, value: &str) -> Result<()> {
        self.environment.push((name.to_owned(), value.to_owned()));
        self.restart().await
    }

    /// Ends the server without a warning, as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// The first-run secrets.
    pub fn secrets(&self) -> Result<Secrets> {
        let find = |label: &str| {
            self.said()
                .iter()
                .find_map(|line| {
                    line.strip_prefix(label)
                        .map(|value| value.trim().to_owned())
                })
                .ok_or_else(|| Error::Unexpected(format!("the server never printed `{label}`")))
        };
        Ok(Secrets {
            panel_code: find("panel code:")?,
            staff_pin: find("staff PIN:")?,
            organiser_password: find("organiser password:")?,
        })
    }

    /// Every line the server wrote.
    pub fn said(&self) -> Vec<String> {
        self.said
            .lock()
            .map(|lines| lines.clone())
            .unwrap_or_default()
    }

    fn listen_to(&self, output: Option<impl Read + Send + 'static>) {
        let Some(output) = output else {
            return;
        };
        let said = Arc::clone(&self.said);
        thread::spawn(move || {
            for line in BufReader::new(output)
                .lines()
                .map_while(std::result::Result::ok)
            {
                if let Ok(mut said) = said.lock() {
                    said.push(line);
                }
            }
        });
    }

    /// The port that this start has told. What answers at a port may be somebody else's server.
    fn told_port(&self) -> Option<u16> {
        let said = self.said();
        let addresses = said
            .iter()
            .filter_map(|line| line.strip_prefix("visitor: "));
        let last = addresses.skip(self.starts - 1).last()?;
        last.rsplit(':').next()?.trim_end_matches('/').parse().ok()
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(process) = &mut self.process
                && let Some(status) = process.try_wait()?
            {
                let said = self.said().join("\n");
                let problem = format!("the server ended at its start with {status}:\n{said}");
                return Err(Error::Unexpected(problem));
            }
            if let Some(port) = self.told_port() {
                self.port = port;
                let address = format!("{}/readyz", self.url());
                let answer = reqwest::get(&address).await;
                if answer.is_ok_and(|answer| answer.status().is_success()) {
                    return Ok(());
                }
            }
            tokio::time::sleep(POLL).await;
        }
        Err(Error::Timeout {
            what: "a ready server".to_owned(),
            instead: self.said().join("\n"),
        })
    }
}

impl Drop for Booth {
    fn drop(&mut self) {
        self.kill().ok();
    }
}
