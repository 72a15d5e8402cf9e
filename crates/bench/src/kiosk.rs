//! The kiosk server under measurement, and tablets that are known to it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::error::{Result, unexpected};
use crate::process::{Server, free_port};

pub(crate) struct Kiosk {
    pub(crate) server: Server,
    pub(crate) url: String,
}

impl Kiosk {
    /// Starts the release binary on a fresh data folder, with these `BOOTH_…` variables.
    pub(crate) async fn start(
        program: &Path,
        data: &Path,
        environment: &[(&str, &str)],
    ) -> Result<Self> {
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(program);
        command
            .args(["--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(data)
            .current_dir(data)
            .envs(environment.iter().copied());
        let server = Server::start(command, &format!("{url}/readyz")).await?;
        Ok(Self { server, url })
    }

    /// Registers a tablet; answers its token.
    pub(crate) async fn tablet(&self, name: &str) -> Result<String> {
        let answer: Value = reqwest::Client::new()
            .post(format!("{}/api/devices", self.url))
            .json(&json!({ "name": name }))
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        answer["token"]
            .as_str()
            .map(ToOwned::to_owned)
            .ok_or_else(|| unexpected("a registration without a token"))
    }
}
