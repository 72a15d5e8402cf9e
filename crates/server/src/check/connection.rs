//! The way to a service: name, address, connection, TLS.
//!
//! Owns: trying each by itself, so that what fails has a name. Must not own: HTTP.
//! Invariant: only addresses that the proxy may reach are connected to.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection};
use rustls_platform_verifier::ConfigVerifierExt as _;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use super::report::{Steps, Tried};
use crate::config::upstream::UpstreamConfig;
use crate::llm::address::is_public;

/// Goes the whole way; nothing comes of it where a step fails.
pub(super) async fn reach(steps: &mut Steps, url: &Url, patience: &UpstreamConfig) -> Option<()> {
    let limit = patience.connect_timeout();
    let found = steps.take("name", resolve(url, limit)).await?;
    let allowed = async { allowed(&found, patience.allow_private) };
    let allowed = steps.take("address", allowed).await?;
    let stream = steps.take("connect", connect(&allowed, limit)).await?;
    if url.scheme() == "https" {
        let host = url.host_str().unwrap_or_default().to_owned();
        steps.take("tls", encrypt(stream, host, limit)).await?;
    }
    Some(())
}

async fn resolve(url: &Url, limit: Duration) -> Tried<Vec<SocketAddr>> {
    let port = url.port_or_known_default().unwrap_or(443);
    let name = match url.host() {
        Some(Host::Ipv4(address)) => return Ok((vec![(address, port).into()], None)),
        Some(Host::Ipv6(address)) => return Ok((vec![(address, port).into()], None)),
        Some(Host::Domain(name)) => name,
        None => return Err("base_url names no host: correct it.".to_owned()),
    };
    let found: Vec<SocketAddr> = match timeout(limit, lookup_host((name, port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(_)) => Vec::new(),
        Err(_) => {
            return Err(format!(
                "Nobody told the address of {name} in time: check this machine's network and DNS."
            ));
        }
    };
    if found.is_empty() {
        return Err(format!(
            "There is no address for {name}: check base_url for a typing mistake, and this machine's DNS."
        ));
    }
    Ok((found, None))
}

fn allowed(found: &[SocketAddr], allow_private: bool) -> Tried<Vec<SocketAddr>> {
    let allowed: Vec<SocketAddr> = found
        .iter()
        .filter(|address| allow_private || is_public(address.ip()))
        .copied()
        .collect();
    if allowed.is_empty() {
        let refused: Vec<String> = found
            .iter()
            .map(|address| address.ip().to_string())
            .collect();
        return Err(format!(
            "{} lies in this machine's own networks: if the service is meant to be there, set [upstream] allow_private = true.",
            refused.join(", ")
        ));
    }
    Ok((allowed, None))
}

async fn connect(addresses: &[SocketAddr], limit: Duration) -> Tried<TcpStream> {
    let mut says = String::new();
    for address in addresses {
        says = match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, None)),
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => {
                format!(
                    "Nothing listens at {address}: check the port in base_url, and whether the service runs."
                )
            }
            Ok(Err(error)) => {
                format!("{address} cannot be reached ({error}): check this machine's network.")
            }
            Err(_) => format!(
                "{address} does not take a connection in time: a firewall may be in the way, or the service is down."
            ),
        };
    }
    Err(says)
}

/// With the certificates that the proxy trusts. The handshake is a matter of a moment, for which a thread
/// is enough.
async fn encrypt(stream: TcpStream, host: String, limit: Duration) -> Tried<()> {
    let handshake = move || -> std::io::Result<()> {
        let mut stream = stream.into_std()?;
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(limit))?;
        stream.set_write_timeout(Some(limit))?;
        let config = ClientConfig::with_platform_verifier().map_err(std::io::Error::other)?;
        let bare = host.trim_matches(['[', ']']);
        let name = match bare.parse::<IpAddr>() {
            Ok(address) => ServerName::from(address),
            Err(_) => ServerName::try_from(host.clone()).map_err(std::io::Error::other)?,
        };
        let mut connection =
            ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream)?;
        }
        Ok(())
    };
    match tokio::task::spawn_blocking(handshake).await {
        Ok(Ok(())) => Ok(((), None)),
        Ok(Err(error)) => Err(of_tls(&error)),
        Err(_) => Err("The handshake broke off: try again.".to_owned()),
    }
}

fn of_tls(error: &std::io::Error) -> String {
    let cause = error
        .get_ref()
        .and_then(|cause| cause.downcast_ref::<rustls::Error>());
    let says = match cause {
        Some(rustls::Error::InvalidCertificate(problem)) => return of_certificate(problem),
        Some(rustls::Error::InvalidMessage(_)) => {
            "What answers there is no TLS: base_url may have to begin with http://, or have another port."
        }
        Some(cause) => {
            return format!(
                "No encrypted connection can be made ({cause}): tell whoever runs the service."
            );
        }
        None if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            "It takes the connection and then says nothing: the port in base_url may be wrong."
        }
        None => {
            "It ends the connection when it is to be encrypted: base_url may have to begin with http://, or have another port."
        }
    };
    says.to_owned()
}

fn of_certificate(problem: &CertificateError) -> String {
    let says = match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "Its certificate has expired: tell whoever runs the service, and check this machine's clock."
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "Its certificate is not valid yet: check this machine's clock."
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "Its certificate is for another name: correct the name in base_url."
        }
        CertificateError::UnknownIssuer => {
            "Its certificate is signed by nobody this machine trusts: if it is one of your own, add it to the system's or name its file in SSL_CERT_FILE."
        }
        // The verifier's own word for what `openssl req -x509` makes unless it is told otherwise.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "Its certificate is an authority's, which a service may not show: make one with basicConstraints=CA:FALSE."
        }
        other => {
            return format!(
                "Its certificate is refused ({other:?}): tell whoever runs the service."
            );
        }
    };
    says.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_a_certificate_says_what_to_mend() {
        for (problem, word) in [
            (CertificateError::Expired, "expired"),
            (CertificateError::NotValidYet, "clock"),
            (CertificateError::NotValidForName, "another name"),
            (CertificateError::UnknownIssuer, "SSL_CERT_FILE"),
            (CertificateError::BadSignature, "BadSignature"),
        ] {
            let error = rustls::Error::InvalidCertificate(problem);
            let says = of_tls(&std::io::Error::new(ErrorKind::InvalidData, error));
            assert!(says.contains(word), "{says}");
        }
    }

    #[test]
    fn only_addresses_that_the_proxy_reaches_are_allowed() {
        let found: Vec<SocketAddr> = ["127.0.0.1:1", "1.1.1.1:1", "[::ffff:10.0.0.1]:1"]
            .map(|address| address.parse().unwrap())
            .to_vec();
        assert_eq!(allowed(&found, false).unwrap().0, found[1..2]);
        assert_eq!(allowed(&found, true).unwrap().0, found);
        assert!(
            allowed(&found[..1], false)
                .unwrap_err()
                .contains("allow_private")
        );
    }
}
