//! Secrets of every variable that a configuration may name, in a process of its own: they are on no output
//! and in no file, whatever a provider makes of what it is sent.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::process::{Server, command};

/// Variables and what they hold. Nobody else has these letters or digits.
const SECRETS: [(&str, &str); 9] = [
    ("TEAM", "canary-of-the-team"),
    ("STAND_IN", "canary-of-who-stands-in"),
    ("JUDGE", "canary-of-the-judge"),
    ("EARS", "canary-of-the-ears"),
    ("METRICS", "canary-of-the-metrics-0123456789abcdef"),
    ("HASH", "canary-of-the-hash-key-0123456789abcdef"),
    ("PASSWORD", "canary-of-the-organiser"),
    ("PIN", "9041287735"),
    ("PANEL", "7319046258"),
];
/// In the file itself.
const HEADER: &str = "canary-of-a-header";
const ACTS: usize = 9;

/// Echoes everything it is sent, each time in another place.
fn echo() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that leaves early is no matter of the test.
            say(stream, &counted).ok();
        }
    });
    (address, asked)
}

fn say(stream: TcpStream, asked: &AtomicUsize) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        head += &line;
    }
    reader.read_exact(&mut vec![0; length])?;
    let sent: Vec<&str> = head.lines().skip(1).collect();
    let sent = sent.join(" ");
    let error = json!({"error": {"message": format!("echo of {sent}"), "code": 400}});
    let word = json!({"choices": [{"index": 0, "delta": {"content": "네"}}]});
    let stream = "content-type: text/event-stream\r\n";
    let (status, headers, body) = match asked.fetch_add(1, Ordering::SeqCst) % ACTS {
        0 => (400, String::new(), error.to_string()),
        1 => (401, format!("www-authenticate: {sent}\r\n"), sent),
        2 => (302, format!("location: /{sent}\r\n"), sent),
        3 => (500, String::new(), sent),
        4 => (200, stream.to_owned(), format!("data: {error}\n\n")),
        5 => (
            200,
            stream.to_owned(),
            format!("data: {word}\n\ndata: {error}\n\n"),
        ),
        6 => (
            200,
            stream.to_owned(),
            format!("data: {word}\n\ndata: {sent}\n\n"),
        ),
        7 => (200, "content-type: text/html\r\n".to_owned(), sent),
        _ => (200, String::new(), error.to_string()),
    };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} Said\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn config(echo: SocketAddr) -> String {
    let base = format!(
        "base_url = \"http://{echo}/v1\"\nrecipient = \"Echo\"\ncountry = \"KR\"\nretention = \"none\""
    );
    let stand_in = format!(
        "{{ base_url = \"http://{echo}/v1\", model = \"n\", api_key_env = \"STAND_IN\", recipient = \"Echo\" }}"
    );
    format!(
        "[server]\nhash_key_env = \"HASH\"\n[staff]\npin_env = \"PIN\"\npanel_code_env = \"PANEL\"\n\
         [organiser]\npassword_env = \"PASSWORD\"\n[metrics]\ntoken_env = \"METRICS\"\n\
         [limits]\nrequests_per_minute = 1000\n\
         [upstream]\nallow_private = true\nretries = 0\nbreaker_failures = 0\n\
         [moderation]\nmodel = \"j\"\napi_key_env = \"JUDGE\"\n{base}\n\
         [speech]\nmodel = \"s\"\napi_key_env = \"EARS\"\n{base}\n\
         [teams.skt]\nmodel = \"m\"\napi_key_env = \"TEAM\"\nfallbacks = [{stand_in}]\n\
         extra_headers = {{ x-key = \"{HEADER}\" }}\n{base}\n"
    )
}

fn with_secrets(folder: &Path) -> Command {
    let mut command = command(folder);
    command.envs(SECRETS).env("RUST_LOG", "trace");
    command
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let name = path.display().to_string();
            found.push((name, fs::read(&path).unwrap()));
        }
    }
    found
}

/// Waits until the log tells so often of an echo: it is written when nobody waits for it.
fn logged(file: &Path, words: &str, count: usize) -> String {
    let began = Instant::now();
    loop {
        let text = fs::read_to_string(file).unwrap();
        if text.matches(words).count() >= count {
            return text;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "{words}: {text}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Whatever is told to whoever may ask.
fn answers(server: &Server) -> Vec<String> {
    let (_, tablet) = server.post("/api/devices", "", &json!({"name": "tablet"}));
    let token = format!(
        "Authorization: Bearer {}\r\n",
        tablet["token"].as_str().unwrap()
    );
    let mut seen = Vec::new();
    for number in 0..3 * ACTS {
        let question = json!({
            "model": "skt", "stream": number % 2 == 0,
            "messages": [{"role": "user", "content": "안녕?"}],
        });
        let asked = question.to_string();
        seen.push(server.raw("POST", "/v1/chat/completions", &token, &asked));
    }
    let staff = server.cookie("staff", "9041287735") + "\r\n";
    let organiser = server.cookie("organiser", "canary-of-the-organiser") + "\r\n";
    let metrics = "Authorization: Bearer canary-of-the-metrics-0123456789abcdef\r\n";
    for (header, paths) in [
        (token.as_str(), &["/api/event", "/v1/models"][..]),
        (&staff, &["/api/session", "/api/teams", "/api/devices"]),
        (
            &organiser,
            &[
                "/api/audit",
                "/api/people",
                "/api/feedback",
                "/api/feedback/export?format=csv",
            ],
        ),
        (metrics, &["/metrics"]),
    ] {
        for path in paths {
            let answer = server.raw("GET", path, header, "");
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            seen.push(answer);
        }
    }
    seen
}

#[test]
fn secrets_are_on_no_output_and_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (address, asked) = echo();
    fs::write(folder.path().join("booth.toml"), config(address)).unwrap();
    let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
    for json in [true, false] {
        let mut check = with_secrets(folder.path());
        check.arg("check").args(json.then_some("--json"));
        let checked = check.output().unwrap();
        assert_eq!(checked.status.code(), Some(1));
        seen.push((format!("what check says, json: {json}"), checked.stdout));
        seen.push(("what check logs".to_owned(), checked.stderr));
    }
    let log = folder.path().join("stderr");
    let child = with_secrets(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let server = Server::adopt(child, 0);
    let told = answers(&server);
    assert!(
        asked.load(Ordering::SeqCst) > 3 * ACTS,
        "nothing was echoed"
    );
    logged(&log, "a service refused", 2);
    let text = logged(&log, "a service failed inside its answer", 2);
    assert!(text.contains("echo of"), "{text}");
    seen.extend(
        told.into_iter()
            .map(|answer| ("an answer".to_owned(), answer.into_bytes())),
    );
    seen.push(("what is printed".to_owned(), server.end().into_bytes()));
    seen.push(("the log".to_owned(), fs::read(&log).unwrap()));
    let kept = files(&folder.path().join("data"));
    assert!(!kept.is_empty());
    seen.extend(kept);
    for (place, bytes) in seen {
        for secret in SECRETS
            .map(|(_, secret)| secret)
            .into_iter()
            .chain([HEADER])
        {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(
                !found,
                "{secret} is in {place}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}
