//! The kiosk server under measurement, and tablets that are known to it.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::error::{Result, unexpected};
use crate::process::{Server, free_port};

/// Of the organiser, on a server that lasts for a bench.
const PASSWORD: &str = "bench-bench-bench";

pub(crate) struct Kiosk {
    pub(crate) server: Server,
    pub(crate) url: String,
}

impl Kiosk {
    /// Starts the release binary on a fresh data folder, with these `BOOTH_…` variables.
    pub(crate) async fn start(
        program: &Path,
        data: &Path,
        environment: &[(String, String)],
    ) -> Result<Self> {
        let port = free_port()?;
        let url = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(program);
        command
            .args(["--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(data)
            .current_dir(data)
            .env("BOOTH_ORGANISER__PASSWORD_ENV", "BENCH_PASSWORD")
            .env("BENCH_PASSWORD", PASSWORD)
            .envs(environment.iter().cloned());
        let server = Server::start(command, &format!("{url}/readyz")).await?;
        Ok(Self { server, url })
    }

    /// The same, with a model of these teams at these addresses, and no limit in the way.
    pub(crate) async fn with_models(
        program: &Path,
        data: &Path,
        models: &[(&str, &str)],
    ) -> Result<Self> {
        let mut environment = vec![
            (
                "BOOTH_UPSTREAM__ALLOW_PRIVATE".to_owned(),
                "true".to_owned(),
            ),
            (
                "BOOTH_LIMITS__REQUESTS_PER_MINUTE".to_owned(),
                "10000000".to_owned(),
            ),
        ];
        for (team, address) in models {
            let keys = [
                ("DIALECT", "openai"),
                ("BASE_URL", &format!("{address}/v1")),
                ("MODEL", "mock"),
                ("MAX_CONCURRENT", "1000"),
                ("FALLBACKS", "[]"),
            ];
            let team = team.to_uppercase();
            let named =
                keys.map(|(key, value)| (format!("BOOTH_TEAMS__{team}__{key}"), value.to_owned()));
            environment.extend(named);
        }
        Self::start(program, data, &environment).await
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

    /// A client that is signed in as an organiser.
    pub(crate) async fn organiser(&self) -> Result<reqwest::Client> {
        let client = reqwest::Client::builder().cookie_store(true).build()?;
        client
            .post(format!("{}/api/session", self.url))
            .header("origin", &self.url)
            .json(&json!({ "role": "organiser", "secret": PASSWORD }))
            .send()
            .await?
            .error_for_status()?;
        Ok(client)
    }

    /// How many entries the fleet has stored.
    pub(crate) async fn stored(&self, organiser: &reqwest::Client) -> Result<u64> {
        let url = format!("{}/api/feedback/reconciliation", self.url);
        let answer: Value = organiser
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let devices = answer["devices"].as_array();
        let devices = devices.into_iter().flatten();
        Ok(devices.filter_map(|device| device["stored"].as_u64()).sum())
    }
}
