//! The peers, installed once into the target folder: npm's and Python's in pinned versions, nginx from
//! Debian.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Result, unexpected};
use crate::process::{Server, find, free_port, run};

pub(crate) const DEEP_CHAT: &str = "deep-chat@2.4.2";
pub(crate) const STREAMING_MARKDOWN: &str = "streaming-markdown@0.2.15";
pub(crate) const POUCHDB: &str = "pouchdb-server@4.2.0";
pub(crate) const LITELLM: &str = "litellm[proxy]==1.106.2";
/// It does not start with a key that is easily guessed.
pub(crate) const LITELLM_KEY: &str = "sk-b9W2xQ7eTz41LmRk8uYcVd5H";

/// Installs a package of npm; answers its `node_modules`.
pub(crate) fn npm(folder: &Path, package: &str) -> Result<PathBuf> {
    let root = folder.join(package.replace('@', "-"));
    let modules = root.join("node_modules");
    let name = package.rsplit_once('@').map_or(package, |(name, _)| name);
    // What an install that was broken off has left is not enough.
    if !modules.join(name).join("package.json").is_file() {
        println!("installing {package} (once)");
        fs::create_dir_all(&root)?;
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
            "--prefix",
        ])
        .arg(&root)
        .arg(package);
        run(&mut npm)?;
    }
    Ok(modules)
}

/// nginx, installed with apt-get if it is missing and may be.
pub(crate) fn nginx() -> Result<PathBuf> {
    if let Some(program) = find("nginx") {
        return Ok(program);
    }
    println!("installing nginx with apt-get");
    run(Command::new("apt-get").args(["install", "--yes", "--quiet=2", "nginx-light"]))?;
    find("nginx").ok_or_else(|| unexpected("nginx is missing: sudo apt-get install nginx-light"))
}

/// A `CouchDB`-like store by HTTP: its process and the address of one database in it.
pub(crate) async fn pouchdb(modules: &Path, data: &Path) -> Result<(Server, String)> {
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}/");
    let config = data.join("config.json");
    // Its log is not part of the comparison.
    fs::write(&config, r#"{"log":{"level":"none"}}"#)?;
    let mut command = Command::new("node");
    command
        .arg(modules.join("pouchdb-server/bin/pouchdb-server"))
        .args(["--port", &port.to_string(), "--dir"])
        .arg(data)
        .arg("--config")
        .arg(&config)
        .current_dir(data);
    let server = Server::start(command, &url).await?;
    let database = format!("{url}feedback");
    let made = reqwest::Client::new().put(&database).send().await?;
    if !made.status().is_success() {
        return Err(unexpected(format!("pouchdb-server: {}", made.status())));
    }
    Ok((server, database))
}

/// `LiteLLM`'s proxy with one worker in front of `upstream`, which it knows as `model`.
pub(crate) async fn litellm(
    folder: &Path,
    data: &Path,
    upstream: &str,
    model: &str,
) -> Result<(Server, String)> {
    let program = pip(folder, LITELLM, "litellm")?;
    let config = data.join("litellm.yaml");
    fs::write(
        &config,
        format!(
            "model_list:\n  - model_name: {model}\n    litellm_params: {{ model: openai/mock, api_base: '{upstream}/v1', api_key: none }}\n"
        ),
    )?;
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}");
    let mut command = Command::new(program);
    command
        .args([
            "--host",
            "127.0.0.1",
            "--port",
            &port.to_string(),
            "--num_workers",
            "1",
            "--config",
        ])
        .arg(&config)
        .current_dir(data)
        .env("LITELLM_MASTER_KEY", LITELLM_KEY)
        // Prices are no part of the comparison, and there may be no internet.
        .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        .env("LITELLM_LOG", "ERROR");
    let server = Server::start(command, &format!("{url}/health/liveliness")).await?;
    Ok((server, url))
}

/// Installs a package of Python's index into an environment of its own; answers its program.
fn pip(folder: &Path, package: &str, program: &str) -> Result<PathBuf> {
    let name = package.replace(['=', '[', ']'], "-");
    let (root, done) = (folder.join(&name), folder.join(format!("{name}.done")));
    // What an install that was broken off has left is not enough.
    if !done.is_file() {
        println!("installing {package} (once)");
        run(Command::new("python3").args(["-m", "venv"]).arg(&root))?;
        run(Command::new(root.join("bin/pip")).args(["install", "--quiet", package]))?;
        fs::write(done, "")?;
    }
    Ok(root.join("bin").join(program))
}

/// nginx as a reverse proxy in front of `upstream`, unbuffered as for chats.
pub(crate) async fn reverse_proxy(folder: &Path, upstream: &str) -> Result<(Server, String)> {
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}");
    let folder = folder.display();
    let config = format!(
        "daemon off; worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/error.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n\
           access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};\n\
           fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n\
           upstream model {{ server {}; keepalive 512; }}\n\
           server {{ listen 127.0.0.1:{port}; keepalive_requests 1000000;\n\
             location / {{ proxy_pass http://model; proxy_http_version 1.1;\n\
               proxy_set_header Connection \"\"; proxy_buffering off; }} }}\n\
         }}\n",
        upstream.trim_start_matches("http://")
    );
    let file = format!("{folder}/nginx.conf");
    fs::write(&file, config)?;
    let mut command = Command::new(nginx()?);
    command.args(["-c", &file]);
    let server = Server::start(command, &url).await?;
    Ok((server, url))
}
