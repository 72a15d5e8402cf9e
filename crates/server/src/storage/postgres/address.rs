//! Where the database server is, and how the way there is protected.
//!
//! Owns: the address. Must not own: connections. Invariant: beyond this machine the way is encrypted and
//! the server's certificate checked, unless the address says `sslmode=disable`.

use std::time::Duration;

use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::OpenError;
use crate::storage::StorageError;

/// A server that does not answer by then is away.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection on which nothing is acknowledged for so long is lost.
const LOST_AFTER: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(super) struct Address(Config);

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, OpenError> {
        let mut config: Config = url
            .parse()
            .map_err(|error: postgres::Error| OpenError::Address(error.to_string()))?;
        if config.get_hosts().is_empty() {
            let problem = "it names no host, such as postgres://user:password@host/database";
            return Err(OpenError::Address(problem.to_owned()));
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_here(&config) {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config.tcp_user_timeout(LOST_AFTER);
        config.keepalives_idle(LOST_AFTER);
        config.application_name("kiosk-server");
        Ok(Self(config))
    }

    /// For people: hosts and database, never a password.
    pub(super) fn place(&self) -> String {
        let hosts: Vec<String> = self.0.get_hosts().iter().map(host).collect();
        let ports: Vec<String> = self.0.get_ports().iter().map(u16::to_string).collect();
        let port = if ports.is_empty() {
            String::new()
        } else {
            format!(":{}", ports.join(","))
        };
        let database = self.0.get_dbname().unwrap_or_default();
        format!("postgres://{}{port}/{database}", hosts.join(","))
    }

    pub(super) fn connect(&self) -> Result<Client, StorageError> {
        let connected = if self.0.get_ssl_mode() == SslMode::Disable {
            self.0.connect(NoTls)
        } else {
            let tls = ClientConfig::with_platform_verifier()
                .map_err(|error| StorageError::Unavailable(error.to_string()))?;
            self.0.connect(MakeRustlsConnect::new(tls))
        };
        Ok(connected?)
    }
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    }
}

/// Whether every host is this machine.
fn is_here(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Address {
        Address::parse(url).unwrap()
    }

    #[test]
    fn the_way_is_encrypted_beyond_this_machine() {
        for (url, mode) in [
            ("postgres://a@127.0.0.1/b", SslMode::Disable),
            ("postgres://a@localhost/b", SslMode::Disable),
            ("postgres://a@[::1]/b", SslMode::Disable),
            ("postgres://a@db.example/b", SslMode::Require),
            ("postgres://a@localhost,db.example/b", SslMode::Require),
            (
                "postgres://a@db.example/b?sslmode=disable",
                SslMode::Disable,
            ),
            ("postgres://a@localhost/b?sslmode=require", SslMode::Require),
        ] {
            assert_eq!(parse(url).0.get_ssl_mode(), mode, "{url}");
        }
    }

    #[test]
    fn a_place_tells_no_password() {
        let address = parse("postgresql://user:secret@db.example:5433/booth");
        assert_eq!(address.place(), "postgres://db.example:5433/booth");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in ["postgres://", "postgres://a@h:no/b", "postgres:///b"] {
            let refused = Address::parse(url).err().map(|error| error.to_string());
            assert!(
                refused.is_some_and(|said| said.contains("no PostgreSQL address")),
                "{url}"
            );
        }
    }
}
