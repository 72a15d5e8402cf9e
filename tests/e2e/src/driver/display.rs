//! A screen in memory for a browser that cannot do without one.
//!
//! Invariant: every browser has its own, so that windows never take the focus of each other.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::{Error, Result, place};

/// Larger than every tablet together with a window's own bars.
const SCREEN: &str = "1600x1600x24";

pub(super) struct Display {
    process: Child,
    name: String,
}

impl Display {
    pub(super) fn start() -> Result<Self> {
        let program = place::program("XVFB", "Xvfb");
        let mut process = Command::new(&program)
            .args(["-displayfd", "1", "-screen", "0", SCREEN])
            .args(["-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start(program, source))?;
        let mut number = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut number)?;
        }
        let display = Self {
            process,
            name: format!(":{}", number.trim()),
        };
        if number.trim().is_empty() {
            let problem = "Xvfb gave no display for WebKit".to_owned();
            return Err(Error::Unexpected(problem));
        }
        Ok(display)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
