//! Which addresses a team's service may have.
//!
//! Owns: the rule against loopback, private, link-local and metadata addresses, for addresses written
//! in a URL and for those a name resolves to.
//! Must not own: connections.
//! Invariant: the address that is connected to is one this rule has seen, so a name that changes its
//! mind between a check and a connection gains nothing.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address may not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is a loopback, private, link-local or reserved one")]
pub struct AddressRefused;

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => embedded_v4(v6).map_or_else(|| is_public_v6(v6), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let reserved = matches!(
        (a, b, c, d),
        // "This network", shared space of carriers (RFC 6598), protocol assignments, relays of 6to4,
        // benchmarks, and the one address by which Azure's machines reach their host.
        (0, ..)
            | (100, 64..=127, ..)
            | (192, 0, 0, _)
            | (192, 88, 99, _)
            | (198, 18..=19, ..)
            | (168, 63, 129, 16)
    );
    // 240/4 is reserved; 224/4 is multicast.
    !(reserved
        || a >= 224
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Protocol assignments (2001::/23, with Teredo, benchmarks and identifiers that are no addresses), and
    // what is for documentation.
    let reserved = matches!(
        (first, second),
        (0x2001, 0..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff)
    );
    // Only 2000::/3 is given out. Unique local (fc00::/7), link-local (fe80::/10), multicast (ff00::/8),
    // loopback and unspecified all lie outside.
    first & 0xe000 == 0x2000 && !reserved
}

/// The IPv4 address inside a mapped, translated (NAT64) or 6to4 address.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

/// Checks an address that is written in the URL itself; names are checked when they are resolved.
pub fn check_url(url: &Url) -> Result<(), AddressRefused> {
    let address = match url.host() {
        Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
        Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(AddressRefused),
    };
    is_public(address).then_some(()).ok_or(AddressRefused)
}

/// Whether a connection failed because its address may not be reached, which no further try changes.
pub fn is_refusal(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<AddressRefused>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Asks the system.
#[derive(Debug, Clone, Copy)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Resolves names by another resolver and keeps only public addresses.
#[derive(Clone)]
pub struct PublicResolver(Arc<dyn Resolve>);

impl PublicResolver {
    /// Keeps the public ones of what this one finds.
    pub fn new(resolver: impl Resolve + 'static) -> Self {
        Self(Arc::new(resolver))
    }
}

impl fmt::Debug for PublicResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicResolver")
    }
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.0.resolve(name);
        Box::pin(async move {
            let public: Vec<SocketAddr> = found
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if public.is_empty() {
                return Err(AddressRefused.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::config::upstream::UpstreamConfig;

    /// So that a connection that should not stand fails the test rather than holds it up.
    const SHORT: Duration = Duration::from_secs(2);

    #[test]
    fn addresses_of_ones_own_network_are_refused() {
        for refused in [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "192.88.99.1",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:2f:ffff::1",
            "2001:1ff:ffff::1",
            "3fff::1",
            "3fff:fff:ffff::1",
        ] {
            assert!(!is_public(refused.parse().unwrap()), "{refused}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_reached() {
        for public in [
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "169.253.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.167.1.1",
            "223.255.255.1",
            "192.88.98.1",
            "168.63.129.17",
            "2606:4700::1111",
            "2001:200::1",
            "2001:4860:4860::8888",
            "3fff:1000::1",
            "3ffe::1",
            "::ffff:1.1.1.1",
            "2002:101:101::",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn every_spelling_of_an_address_in_a_url_is_seen_through() {
        for refused in [
            "http://127.0.0.1:8000/v1",
            "http://2130706433/v1",
            "http://0x7f.1/v1",
            "http://0177.0.0.1/v1",
            "http://127.1/v1",
            "https://[::1]/v1",
            "http://[::ffff:7f00:1]/v1",
            "http://169.254.169.254/latest",
        ] {
            assert_eq!(
                check_url(&refused.parse().unwrap()),
                Err(AddressRefused),
                "{refused}"
            );
        }
        assert_eq!(
            check_url(&"https://api.example.com/v1".parse().unwrap()),
            Ok(())
        );
        assert_eq!(check_url(&"http://1.1.1.1/v1".parse().unwrap()), Ok(()));
    }

    #[tokio::test]
    async fn a_name_for_loopback_resolves_to_nothing() {
        let resolver = PublicResolver::new(SystemResolver);
        assert!(
            resolver
                .resolve("localhost".parse().unwrap())
                .await
                .is_err()
        );
    }

    /// Finds another list each time, the last one for ever.
    struct Changing {
        lists: Vec<Vec<&'static str>>,
        asked: Arc<AtomicUsize>,
    }

    impl Changing {
        fn new(lists: &[&[&'static str]]) -> (Self, Arc<AtomicUsize>) {
            let asked = Arc::new(AtomicUsize::new(0));
            let lists = lists.iter().map(|list| list.to_vec()).collect();
            let changing = Self {
                lists,
                asked: Arc::clone(&asked),
            };
            (changing, asked)
        }
    }

    impl Resolve for Changing {
        fn resolve(&self, _: Name) -> Resolving {
            let asked = self.asked.fetch_add(1, Ordering::SeqCst);
            let list = self.lists.get(asked).or(self.lists.last()).unwrap();
            let found: Vec<SocketAddr> = list
                .iter()
                .map(|address| SocketAddr::new(address.parse().unwrap(), 0))
                .collect();
            Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
        }
    }

    async fn found(resolver: &PublicResolver) -> Option<Vec<String>> {
        let found = resolver.resolve("a.example".parse().unwrap()).await.ok()?;
        Some(found.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn of_a_mixed_list_only_public_addresses_are_left() {
        let (changing, _) = Changing::new(&[
            &[
                "127.0.0.1",
                "1.1.1.1",
                "::ffff:10.0.0.1",
                "2606:4700::1111",
                "fd00::1",
            ],
            &["::ffff:127.0.0.1", "64:ff9b::7f00:1", "169.254.169.254"],
            &[],
        ]);
        let resolver = PublicResolver::new(changing);
        let public = ["1.1.1.1", "2606:4700::1111"].map(str::to_owned);
        assert_eq!(found(&resolver).await, Some(public.to_vec()));
        assert_eq!(found(&resolver).await, None);
        assert_eq!(found(&resolver).await, None);
    }

    /// A name that was public when it was looked at first gains nothing by being private later.
    #[tokio::test]
    async fn a_name_that_changes_its_mind_is_refused_when_it_is_connected_to() {
        let inside = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = inside.local_addr().unwrap().port();
        let (changing, asked) =
            Changing::new(&[&["1.1.1.1"], &["127.0.0.1"], &["::ffff:127.0.0.1"]]);
        let resolver = PublicResolver::new(changing);
        assert_eq!(found(&resolver).await, Some(vec!["1.1.1.1".to_owned()]));
        let client = crate::llm::upstream::client(&UpstreamConfig::default(), resolver).unwrap();
        for _ in 0..2 {
            let url = format!("http://a.example:{port}/v1");
            let error = client.get(url).timeout(SHORT).send().await.unwrap_err();
            assert!(is_refusal(&error), "{error:?}");
        }
        // Each connection asked once, and went to nothing it had not asked for.
        assert_eq!(asked.load(Ordering::SeqCst), 3);
        let waiting = tokio::time::timeout(Duration::from_millis(50), inside.accept());
        assert!(waiting.await.is_err());
    }
}
