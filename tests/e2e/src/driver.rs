//! A driver's process and the browser it started.
//!
//! Owns their start and end. Invariant: when it is dropped, also by a failed test, the
//! browser is closed through the driver, so that no process stays behind. Only [`Driver::kill`]
//! leaves it no time for anything.

mod display;
mod tree;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::{Error, Result, place};
use display::Display;

const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(10);
/// A port that is free for one family of addresses may be taken for the other, by anything on the
/// machine. Drivers give up then.
const STARTS: usize = 3;

pub(crate) struct Driver {
    process: Child,
    port: u16,
    session: Option<String>,
    // After the driver, whose browser draws on it.
    _display: Option<Display>,
}

impl Driver {
    /// Starts an engine's driver on a port of its own.
    pub(crate) fn start(engine: Engine, profile: &Path) -> Result<Self> {
        let mut started = Self::start_once(engine, profile);
        for _ in 1..STARTS {
            if started.is_ok() {
                break;
            }
            started = Self::start_once(engine, profile);
        }
        started
    }

    fn start_once(engine: Engine, profile: &Path) -> Result<Self> {
        let program = engine.driver();
        let mut command = Command::new(&program);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut display = None;
        let mut port = 0;
        match engine {
            Engine::Chromium => command.arg("--port=0"),
            // Without system access a window cannot be as narrow as a phone.
            Engine::Firefox => command.args(["--port", "0", "--allow-system-access"]),
            Engine::WebKit => {
                port = place::free_port()?;
                let own = Display::start()?;
                command
                    .arg(format!("--port={port}"))
                    .env("DISPLAY", own.name())
                    .env("GDK_BACKEND", "x11")
                    .env("HOME", profile)
                    .env("XDG_CONFIG_HOME", profile);
                display = Some(own);
                &mut command
            }
        };
        let process = command
            .spawn()
            .map_err(|source| Error::Start(program, source))?;
        let mut driver = Self {
            process,
            port,
            session: None,
            _display: display,
        };
        driver.wait_until_ready()?;
        Ok(driver)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The session to end with the driver.
    pub(crate) fn owns(&mut self, session: String) {
        self.session = Some(session);
    }

    /// Kills the browser with all its processes, and the driver after it. Nothing is written,
    /// closed or said any more.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.session = None;
        let driver = self.process.id();
        let mut processes = tree::below(driver);
        if processes.is_empty() {
            return Err(Error::Unexpected("there is no browser to kill".to_owned()));
        }
        processes.push(driver);
        tree::kill(&processes)
    }

    /// The port is announced, or was chosen and is open.
    fn wait_until_ready(&mut self) -> Result<()> {
        let output = self.process.stdout.take();
        if self.port == 0 {
            let output = output.ok_or_else(|| unreadable(""))?;
            let mut lines = BufReader::new(output)
                .lines()
                .map_while(std::result::Result::ok);
            let mut said = String::new();
            self.port = lines
                .by_ref()
                .inspect(|line| said.extend(["\n", line]))
                .find_map(|line| announced_port(&line))
                .ok_or_else(|| unreadable(&said))?;
            // A full pipe would stop the driver.
            thread::spawn(move || lines.for_each(drop));
            return Ok(());
        }
        if let Some(mut output) = output {
            thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        }
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            thread::sleep(POLL);
        }
        Err(unreadable(""))
    }

    fn end_session(&self, session: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        // Drivers that keep the connection open have answered with the first bytes.
        stream.read(&mut [0; 1024]).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.end_session(&session).ok();
        }
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn unreadable(said: &str) -> Error {
    Error::Unexpected(format!("the driver did not start to listen{said}"))
}

/// From `… successfully on port 41873.` or `… Listening on 127.0.0.1:41873`.
fn announced_port(line: &str) -> Option<u16> {
    let (_, rest) = line
        .split_once("successfully on port ")
        .or_else(|| line.split_once("Listening on 127.0.0.1:"))?;
    rest.trim().trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_announcement() {
        let line = "ChromeDriver was started successfully on port 41873.";
        assert_eq!(announced_port(line), Some(41873));
        let line = "1795577800972\tgeckodriver\tINFO\tListening on 127.0.0.1:39359";
        assert_eq!(announced_port(line), Some(39359));
        assert_eq!(announced_port("Starting ChromeDriver 1 on port 0"), None);
    }
}
