//! A chromedriver process and its browser.
//!
//! Owns their start and end. Invariant: when it is dropped, also by a failed test, the
//! browser is closed through the driver, so that no process stays behind.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::place;
use crate::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts a driver on a port of its own choice.
    pub(crate) fn start() -> Result<Self> {
        let program = place::driver();
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start(program, source))?;
        let mut lines = BufReader::new(process.stdout.take().ok_or_else(unreadable)?).lines();
        let port = lines
            .by_ref()
            .map_while(std::result::Result::ok)
            .find_map(|line| announced_port(&line))
            .ok_or_else(unreadable)?;
        // A full pipe would stop the driver.
        thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        )?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.shut_down().ok();
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn unreadable() -> Error {
    Error::Unexpected("chromedriver did not say its port".to_owned())
}

fn announced_port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("successfully on port ")?;
    rest.trim_end_matches('.').trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_announcement() {
        let line = "ChromeDriver was started successfully on port 41873.";
        assert_eq!(announced_port(line), Some(41873));
        assert_eq!(announced_port("Starting ChromeDriver 1 on port 0"), None);
    }
}
