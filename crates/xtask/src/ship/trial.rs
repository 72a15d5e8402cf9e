//! Starts the built server where nothing helps it, and asks it for everything it should carry.
//!
//! Owns the folder, the process and the questions. Invariant: the process is ended and the folder
//! removed, however the trial ends.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::process;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Process(#[from] process::Error),
    #[error("the trial could not be run: {0}")]
    Io(#[from] io::Error),
    #[error("the server ended before it said its address")]
    NoAddress,
    #[error("{path} was answered with:\n{answer}")]
    Answer { path: String, answer: String },
    #[error("`kiosk-server licences` does not name {0}")]
    Licences(&'static str),
}

/// Runs the trial; answers how many questions were answered.
pub(super) fn run(server: &Path) -> Result<String, Error> {
    let trial = Trial::start(server)?;
    let mut asked = 5;
    trial.ask("/readyz", &["200"])?;
    trial.ask("/api/event", &["200", "application/json", "naver-cloud"])?;
    trial.ask("/licences/third-party.txt", &["200", "text/plain", "tokio"])?;
    trial.ask(
        "/fonts/PretendardGOV-Regular.subset.woff2",
        &["200", "font/woff2"],
    )?;
    for (page, place) in [("/", "/kiosk-"), ("/console", "/console/console-")] {
        let answer = trial.ask(page, &["200", "text/html", "content-security-policy"])?;
        let wasm = attribute(&answer, "data-wasm").unwrap_or_default();
        if !wasm.starts_with(place) {
            return Err(Error::Answer {
                path: page.to_owned(),
                answer,
            });
        }
        trial.ask(wasm, &["200", "application/wasm", "immutable"])?;
        asked += 2;
    }
    let script = trial.ask("/sw.js", &["200", "text/javascript", "no-cache"])?;
    for file in kept_files(&script) {
        trial.ask(file, &["200"])?;
        asked += 1;
    }
    let list = process::capture(Command::new(server).arg("licences").env_clear())?;
    for name in ["axum", "leptos", "pretendard", "lucide", "krds"] {
        if !list.contains(name) {
            return Err(Error::Licences(name));
        }
    }
    Ok(format!("{asked} questions answered, licences listed"))
}

/// A running server in a folder of its own.
struct Trial {
    folder: PathBuf,
    process: Child,
    address: String,
}

impl Trial {
    fn start(server: &Path) -> Result<Self, Error> {
        let folder = env::temp_dir().join(format!("kiosk-dist-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let process = Command::new(server)
            .args(["--listen", "127.0.0.1:0"])
            .current_dir(&folder)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut trial = Self {
            folder,
            process,
            address: String::new(),
        };
        let output = trial.process.stdout.take().ok_or(Error::NoAddress)?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| address(&line))
            .ok_or(Error::NoAddress)?;
        trial.address = address;
        Ok(trial)
    }

    /// Asks for a path; the answer must hold all of these, compared without case.
    fn ask(&self, path: &str, wanted: &[&str]) -> Result<String, Error> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let lower = answer.to_lowercase();
        if wanted.iter().all(|word| lower.contains(word)) {
            return Ok(answer);
        }
        Err(Error::Answer {
            path: path.to_owned(),
            answer: answer.chars().take(1000).collect(),
        })
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Host and port of a line such as `visitor: http://127.0.0.1:8080/`.
fn address(line: &str) -> Option<String> {
    let rest = line.split_once("http://")?.1;
    let end = rest.find(['/', ' ']).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// What the service worker's script says it keeps: the addresses among its texts.
fn kept_files(script: &str) -> impl Iterator<Item = &str> {
    let list = script.lines().find(|line| line.starts_with("const BUILD"));
    let texts = list.unwrap_or_default().split('"');
    texts.filter(|text| text.starts_with('/'))
}

/// The value of an attribute in a page.
fn attribute<'page>(page: &'page str, name: &str) -> Option<&'page str> {
    let rest = page.split_once(&format!("{name}=\""))?.1;
    rest.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_first_line() {
        let line = "visitor: http://127.0.0.1:41873/";
        assert_eq!(address(line).as_deref(), Some("127.0.0.1:41873"));
        assert_eq!(address("a line").as_deref(), None);
    }

    #[test]
    fn kept_files_are_read_from_the_script() {
        let script = "// \"/no\"\nconst BUILD = {\"files\":{\"/\":\"/a.wasm\",\"/b.js\":\"1f\"}};\nconst PAGE = \"/\";";
        let kept: Vec<&str> = kept_files(script).collect();
        assert_eq!(kept, ["/", "/a.wasm", "/b.js"]);
    }

    #[test]
    fn the_wasm_is_read_from_the_page() {
        let page = r#"<script src="/boot.js" data-glue="/a.js" data-wasm="/a_bg.wasm"></script>"#;
        assert_eq!(attribute(page, "data-wasm"), Some("/a_bg.wasm"));
        assert_eq!(attribute(page, "data-x"), None);
    }
}
