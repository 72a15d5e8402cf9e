//! `kiosk-server check` against a service that has each fault once.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{command, refused};

const KEY: &str = "the-key-nobody-may-read";
const GOOD: &str = "안녕하세요";

/// Status and body.
type Said = (u16, String);

/// A service that says this when asked for its models, and that to a question.
fn service(models: Said, answer: Said) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that leaves early is no matter of the test.
            say(stream, &models, &answer).ok();
        }
    });
    address
}

fn say(stream: TcpStream, models: &Said, answer: &Said) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut asked, mut length) = (String::new(), 0);
    reader.read_line(&mut asked)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let (status, said) = match asked.split(' ').nth(1) {
        Some("/v1/models") => models,
        Some("/v1/chat/completions") => answer,
        _ => &(404, String::new()),
    };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
        said.len()
    )
}

fn models(ids: &[&str]) -> Said {
    let data: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "object": "model"}))
        .collect();
    (200, json!({"object": "list", "data": data}).to_string())
}

/// A streamed answer of these deltas, in the names of their fields.
fn answer(deltas: &[(&str, &str)], reason: &str) -> Said {
    let event = |choice: Value| format!("data: {}\n\n", json!({"choices": [choice]}));
    let mut stream: String = deltas
        .iter()
        .map(|(field, text)| event(json!({"index": 0, "delta": {*field: text}})))
        .collect();
    stream += &event(json!({"index": 0, "delta": {}, "finish_reason": reason}));
    (200, stream + "data: [DONE]\n\n")
}

fn good() -> Said {
    answer(&[("content", GOOD)], "stop")
}

fn table(address: SocketAddr, keys: &str) -> String {
    format!("[teams.skt]\nbase_url = \"http://{address}/v1\"\nmodel = \"m\"\n{keys}\n")
}

const PRIVATE: &str =
    "[upstream]\nallow_private = true\nconnect_timeout_secs = 2\nfirst_token_timeout_secs = 2\n";

fn folder_with(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("booth.toml"), config).unwrap();
    folder
}

fn check(folder: &Path) -> Command {
    let mut check = command(folder);
    check.arg("check").env("SKT_KEY", KEY);
    check
}

/// Runs a check with this file; the exit code and the report, which tells no secret and no answer.
#[track_caller]
fn report(config: &str) -> (i32, Value) {
    let folder = folder_with(config);
    let mut seen = Vec::new();
    for json in [true, false] {
        let mut check = check(folder.path());
        if json {
            check.arg("--json");
        }
        let Output {
            status,
            stdout,
            stderr,
        } = check.output().unwrap();
        let stdout = String::from_utf8(stdout).unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        for secret in [KEY, GOOD] {
            assert!(
                !stdout.contains(secret) && !stderr.contains(secret),
                "{stdout}{stderr}"
            );
        }
        assert_eq!(stderr, "");
        seen.push((status.code().unwrap(), stdout));
    }
    assert!(
        !folder.path().join("data").exists(),
        "the data folder was made"
    );
    let [(code, json), (same, text)] = <[_; 2]>::try_from(seen).unwrap();
    assert_eq!(code, same, "{json}{text}");
    let report: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["ok"], code == 0, "{json}");
    for says in says(&report) {
        assert!(text.contains(&says), "{says:?} is not in {text}");
    }
    (code, report)
}

fn says(report: &Value) -> Vec<String> {
    let teams = report["teams"].as_array().unwrap().iter();
    let steps = teams.flat_map(|team| team["steps"].as_array().unwrap());
    steps
        .filter_map(|step| step["says"].as_str().map(str::to_owned))
        .collect()
}

/// The names of a service's steps; a `!` before those that failed.
fn steps(checked: &Value) -> String {
    let steps = checked["steps"].as_array().unwrap().iter();
    let names = steps.map(|step| {
        let failed = if step["ok"] == true { "" } else { "!" };
        format!("{failed}{}", step["name"].as_str().unwrap())
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_service_that_is_well_is_good_beside_a_running_server() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let address = service(models(&["other", "m"]), good());
    let server = format!("[server]\nlisten = \"{listen}\"\n{PRIVATE}");
    let (code, report) = report(&(server + &table(address, "api_key_env = \"SKT_KEY\"")));
    assert_eq!(code, 0, "{report}");
    let checked = &report["teams"][0];
    assert_eq!(report["teams"].as_array().unwrap().len(), 1);
    assert_eq!(
        steps(checked),
        "name address connect key models answer thinking"
    );
    assert_eq!(
        (
            &checked["team"],
            &checked["place"],
            &checked["model"],
            &checked["base_url"]
        ),
        (
            &json!("skt"),
            &json!(0),
            &json!("m"),
            &json!(format!("http://{address}/v1"))
        )
    );
    assert!(checked["first_token_ms"].is_u64());
    assert_eq!(checked["thinking"], "none");
}

#[test]
fn each_fault_ends_at_its_step_and_says_what_to_mend() {
    let list = || models(&["m"]);
    let error = |status| {
        (
            status,
            "{\"error\":{\"message\":\"words of the service\"}}".to_owned(),
        )
    };
    let all = "name address connect key models answer thinking";
    let unanswered = "name address connect key models !answer";
    let with_key = "api_key_env = \"SKT_KEY\"";
    for (listing, answering, keys, expected, word) in [
        (
            error(401),
            good(),
            with_key,
            "name address connect !key",
            "SKT_KEY",
        ),
        (
            error(403),
            good(),
            "",
            "name address connect !key",
            "api_key_env",
        ),
        (
            list(),
            error(401),
            with_key,
            "name address connect !key models",
            "SKT_KEY",
        ),
        (
            models(&["a", "b"]),
            good(),
            "",
            "name address connect key !models answer thinking",
            "lists a, b:",
        ),
        (error(404), good(), "", all, "no list"),
        (list(), error(400), "", unanswered, "allowed_parameters"),
        (list(), error(404), "", unanswered, "base_url"),
        (list(), error(302), "", unanswered, "elsewhere"),
        (list(), error(429), "", unanswered, "max_concurrent"),
        (list(), error(500), "", unanswered, "(500)"),
        (list(), (200, "<html>".to_owned()), "", unanswered, "shape"),
        (
            list(),
            answer(&[], "stop"),
            "",
            unanswered,
            "without a word",
        ),
        (
            list(),
            answer(&[], "content_filter"),
            "",
            unanswered,
            "filter",
        ),
        (
            list(),
            answer(&[("reasoning", "hm")], "stop"),
            "",
            unanswered,
            "taken for thinking",
        ),
    ] {
        let address = service(listing, answering);
        let (code, report) = report(&(PRIVATE.to_owned() + &table(address, keys)));
        let checked = &report["teams"][0];
        assert_eq!(steps(checked), expected, "{report}");
        assert_eq!(code, i32::from(expected.contains('!')), "{report}");
        let said = says(&report);
        assert!(
            said.len() == 1 && said[0].contains(word),
            "{word}: {said:?}"
        );
        assert!(!report.to_string().contains("words of the service"));
    }
}

#[test]
fn thinking_is_told_from_an_answer_or_found_in_it() {
    let tagged = answer(
        &[("content", "<think>hm</think>"), ("content", GOOD)],
        "stop",
    );
    let closed = answer(&[("content", "hm</think>"), ("content", GOOD)], "stop");
    let apart = answer(&[("reasoning_content", "hm"), ("content", GOOD)], "stop");
    let only = answer(&[("reasoning_content", "hm")], "length");
    for (answer, keys, code, thinking, word) in [
        (tagged.clone(), "", 0, "hidden", None),
        (tagged, "thinking = \"none\"", 1, "leaks", Some("<think>")),
        (closed.clone(), "", 1, "leaks", Some("thinking = \"open\"")),
        (closed, "thinking = \"open\"", 0, "hidden", None),
        (apart, "", 0, "hidden", None),
        (only, "", 0, "hidden", Some("visitors will wait")),
    ] {
        let address = service(models(&["m"]), answer);
        let (seen, report) = report(&(PRIVATE.to_owned() + &table(address, keys)));
        assert_eq!(
            (seen, &report["teams"][0]["thinking"]),
            (code, &json!(thinking)),
            "{report}"
        );
        let said = says(&report);
        let expected = word.into_iter().collect::<Vec<_>>();
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(
            said.iter()
                .zip(expected)
                .all(|(said, word)| said.contains(word)),
            "{said:?}"
        );
    }
}

#[test]
fn the_way_to_a_service_has_faults_of_its_own() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let plain = service(models(&["m"]), good());
    let table = |url: &str| format!("[teams.skt]\nbase_url = \"{url}/v1\"\nmodel = \"m\"\n");
    for (upstream, url, expected, word) in [
        (
            PRIVATE,
            "http://nobody.invalid".to_owned(),
            "!name",
            "nobody.invalid",
        ),
        (
            "",
            format!("http://{plain}"),
            "name !address",
            "allow_private",
        ),
        (
            "",
            format!("http://localhost:{}", plain.port()),
            "name !address",
            "allow_private",
        ),
        (
            PRIVATE,
            format!("http://{closed}"),
            "name address !connect",
            "Nothing listens",
        ),
        (
            PRIVATE,
            format!("https://{plain}"),
            "name address connect !tls",
            "http://",
        ),
    ] {
        let (code, report) = report(&(upstream.to_owned() + &table(&url)));
        assert_eq!(
            (code, steps(&report["teams"][0])),
            (1, expected.to_owned()),
            "{report}"
        );
        let said = says(&report);
        assert!(
            said.len() == 1 && said[0].contains(word),
            "{word}: {said:?}"
        );
        assert!(report["teams"][0]["first_token_ms"].is_null());
    }
}

#[test]
fn whoever_stands_in_is_checked_too() {
    let well = service(models(&["m"]), good());
    let ill = service(models(&["n"]), (500, String::new()));
    let fallback =
        format!("fallbacks = [\"guide\", {{ base_url = \"http://{ill}/v1\", model = \"n\" }}]");
    let (code, report) = report(&(PRIVATE.to_owned() + &table(well, &fallback)));
    assert_eq!(code, 1);
    let seen = |at: usize| {
        let checked = &report["teams"][at];
        (
            checked["place"].clone(),
            checked["ok"].clone(),
            checked["model"].clone(),
        )
    };
    assert_eq!(seen(0), (json!(0), json!(true), json!("m")));
    assert_eq!(seen(1), (json!(2), json!(false), json!("n")));
}

#[test]
fn without_a_service_there_is_nothing_to_mend() {
    let (code, report) = report("");
    assert_eq!((code, report), (0, json!({"ok": true, "teams": []})));
}

#[test]
fn a_configuration_that_would_be_refused_is_refused_here_too() {
    for (config, word) in [
        ("[teams.nobody]\ndialect = \"guide\"\n", "nobody"),
        (
            "[teams.skt]\nbase_url = \"https://x.example/v1\"\napi_key_env = \"NO_KEY\"\n",
            "NO_KEY",
        ),
        ("[server\n", "line 1"),
    ] {
        let folder = folder_with(config);
        let sentence = refused(&mut check(folder.path()));
        assert!(sentence.contains(word), "{word} is not in: {sentence}");
    }
}
