//! A running server, and a client that speaks just enough HTTP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::Value;

use crate::exposition::Samples;

/// The binary with an empty environment, in this folder.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiosk-server"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs a start that is refused.
pub(crate) fn refused(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(2), "{stderr}");
    assert!(stdout.is_empty());
    let sentence = stderr.lines().last().unwrap();
    let sentence = sentence
        .strip_prefix("kiosk-server: ")
        .expect("a sentence at the end");
    sentence.to_owned()
}

pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) lines: Vec<String>,
    pub(crate) address: String,
    // Kept open: a closed pipe would make later prints fail.
    stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts on a free port and reads what is printed until `visitor:` and `expected` more lines.
    pub(crate) fn start(command: &mut Command, expected: usize) -> Self {
        let child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self::adopt(child, expected)
    }

    /// Reads what a server prints that was started on a free port with a piped output.
    pub(crate) fn adopt(mut child: Child, expected: usize) -> Self {
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let lines: Vec<String> = (0..=expected)
            .map(|_| {
                let mut line = String::new();
                stdout.read_line(&mut line).unwrap();
                line.trim_end().to_owned()
            })
            .collect();
        let address = lines[0]
            .strip_prefix("visitor: http://")
            .expect("the address")
            .to_owned();
        Self {
            child,
            lines,
            address,
            stdout,
        }
    }

    pub(crate) fn post(&self, path: &str, headers: &str, body: &Value) -> (u16, Value) {
        self.ask("POST", path, headers, &body.to_string())
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
        let answer = self.raw(method, path, headers, body);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// What Prometheus is told.
    pub(crate) fn metrics(&self) -> Samples {
        let answer = self.raw("GET", "/metrics", "", "");
        Samples::read(answer.split_once("\r\n\r\n").unwrap().1)
    }

    /// The whole answer, head and body.
    pub(crate) fn raw(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.address,
            body.len(),
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The header of somebody who has signed in.
    pub(crate) fn cookie(&self, role: &str, secret: &str) -> String {
        let body = serde_json::json!({"role": role, "secret": secret}).to_string();
        let answer = self.raw("POST", "/api/session", "", &body);
        let cookie = answer
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        format!("Cookie: {}", cookie.expect("a cookie"))
    }

    /// Sends a question with this header and leaves the answer to come.
    pub(crate) fn send(&self, path: &str, header: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{header}\r\n\r\n",
            self.address,
        )
        .unwrap();
        stream
    }

    /// Sends a tablet's question and leaves the answer to be read.
    pub(crate) fn open(&self, path: &str, token: &str) -> TcpStream {
        let stream = self.send(path, &format!("Authorization: Bearer {token}"));
        // Something has come: the request is not just on its way.
        stream.peek(&mut [0]).unwrap();
        stream
    }

    /// Everything that it printed until now, its last word.
    pub(crate) fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut printed = self.lines.join("\n");
        self.stdout.read_to_string(&mut printed).unwrap();
        printed
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone in tests that ended it themselves.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
