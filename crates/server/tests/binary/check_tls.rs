//! `kiosk-server check` of a service whose certificate is its own, by the real certificates of `openssl`.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use crate::process::command;

/// Makes a certificate for this name, which signs itself; `None` where there is no `openssl`.
fn certificate(folder: &Path, name: &str, authority: bool) -> Option<(PathBuf, PathBuf)> {
    let [certificate, key] =
        ["pem", "key"].map(|kind| folder.join(format!("{name}-{authority}.{kind}")));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj"])
        .arg(format!("/CN={name}"))
        .args(["-addext", &format!("subjectAltName=DNS:{name}"), "-addext"])
        .arg(if authority {
            "basicConstraints=critical,CA:TRUE"
        } else {
            "basicConstraints=critical,CA:FALSE"
        })
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output();
    match made {
        Ok(output) => assert!(output.status.success(), "{output:?}"),
        Err(_) => return None,
    }
    Some((certificate, key))
}

/// A service behind this certificate that fails at everything else.
fn service(certificate: &Path, key: &Path) -> SocketAddr {
    let certificates = CertificateDer::pem_file_iter(certificate).unwrap();
    let certificates: Vec<_> = certificates.map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(connection, stream));
            let mut asked = String::new();
            if stream.read_line(&mut asked).is_ok() && !asked.is_empty() {
                let said = "HTTP/1.1 401 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                stream.get_mut().write_all(said.as_bytes()).ok();
            }
        }
    });
    address
}

/// Name, outcome and sentence of the last step of a check that trusts this certificate.
fn last_step(url: &str, trusted: Option<&Path>) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "[upstream]\nallow_private = true\n[teams.skt]\nbase_url = \"{url}/v1\"\nmodel = \"m\"\n"
    );
    std::fs::write(folder.path().join("booth.toml"), config).unwrap();
    let mut check = command(folder.path());
    check.args(["check", "--json"]);
    if let Some(trusted) = trusted {
        check.env("SSL_CERT_FILE", trusted);
    }
    let output = check.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let step = report["teams"][0]["steps"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    let text = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
    (text("name"), text("says"))
}

#[test]
fn a_certificate_is_judged_as_the_proxy_judges_it() {
    let folder = tempfile::tempdir().unwrap();
    let made = [
        ("localhost", false),
        ("elsewhere.example", false),
        ("localhost", true),
    ]
    .map(|(name, authority)| certificate(folder.path(), name, authority));
    let [
        Some((own, own_key)),
        Some((other, other_key)),
        Some((signing, signing_key)),
    ] = made
    else {
        eprintln!("not made: there is no openssl to make certificates with");
        return;
    };
    let url = |address: SocketAddr| format!("https://localhost:{}", address.port());
    let here = url(service(&own, &own_key));
    let (step, says) = last_step(&here, Some(&other));
    assert_eq!(step, "tls", "{says}");
    assert!(says.contains("SSL_CERT_FILE"), "{says}");
    // Trusted, the way is open: what fails is the key.
    assert_eq!(last_step(&here, Some(&own)).0, "key");
    let there = url(service(&other, &other_key));
    let (step, says) = last_step(&there, Some(&other));
    assert_eq!(step, "tls", "{says}");
    assert!(says.contains("another name"), "{says}");
    let authority = url(service(&signing, &signing_key));
    let (step, says) = last_step(&authority, Some(&signing));
    assert_eq!(step, "tls", "{says}");
    assert!(says.contains("CA:FALSE"), "{says}");
}
