//! Where connections may go.
//!
//! A host is looked up once. Each of its addresses is judged, and the very address that
//! was judged is dialled: nobody looks the name up a second time and gets another answer.

mod class;
mod host;

use std::net::{IpAddr, SocketAddr};
#[cfg(feature = "testing")]
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::{Instant, timeout_at};

use crate::error::RunError;
use class::{Class, embedded};
use host::Host;

/// Most addresses of one name that are tried: nobody's DNS sends us round the world.
const MOST: usize = 8;

/// The networks that data sources may be in.
///
/// Without any list these are loopback, private and public ones. With an `allow` list only the
/// listed ones. What `deny` lists is refused in any case. Link-local networks, clouds' metadata
/// services, multicast, broadcast and unspecified addresses are refused whatever is listed. An
/// IPv6 address with an IPv4 address inside is judged by the latter.
#[derive(Clone, Default)]
pub struct Networks {
    allow: Vec<IpNet>,
    deny: Vec<IpNet>,
    names: Names,
}

impl Networks {
    /// The networks of these lists; an empty `allow` means the usual ones.
    #[must_use]
    pub fn new(allow: &[IpNet], deny: &[IpNet]) -> Self {
        let plain = |nets: &[IpNet]| nets.iter().copied().map(unmapped).collect();
        Self { allow: plain(allow), deny: plain(deny), names: Names::System }
    }

    /// The same networks, with another source of names' addresses.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn with_names(self, names: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> Self {
        Self { names: Names::Given(Arc::new(names)), ..self }
    }

    /// The addresses of a host that may be dialled, in the order in which they came.
    ///
    /// Refused ones are left out and the others stay: machines with a link-local address beside a
    /// proper one are common, and each address that is dialled was judged by itself.
    pub(crate) async fn addresses(&self, host: &str, port: u16, timeout: Duration) -> Result<Turns, RunError> {
        let deadline = Instant::now() + timeout;
        let found = match host::parse(host) {
            Some(Host::Address(address)) => vec![address],
            Some(Host::Name(name)) => {
                timeout_at(deadline, self.names.look_up(name, port)).await.map_err(|_| RunError::Unreachable)??
            }
            None => {
                tracing::warn!("the host of a data source is neither a name nor an address");
                return Err(RunError::Unreachable);
            }
        };
        let mut addresses: Vec<IpAddr> = Vec::new();
        for address in found {
            if addresses.len() == MOST {
                break;
            }
            match self.judge(address) {
                Ok(()) if addresses.contains(&address) => {}
                Ok(()) => addresses.push(address),
                Err((class, rule)) => {
                    tracing::warn!(host, class = class.label(), rule, "an address of a data source is refused");
                }
            }
        }
        let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, port)).collect::<Vec<_>>();
        Ok(Turns { addresses: addresses.into_iter(), deadline })
    }

    fn judge(&self, address: IpAddr) -> Result<(), (Class, &'static str)> {
        let (class, end) = (Class::of(address), embedded(address));
        if class.is_never() {
            return Err((class, "never"));
        }
        if self.deny.iter().any(|net| net.contains(&address) || net.contains(&end)) {
            return Err((class, "deny"));
        }
        let allowed =
            if self.allow.is_empty() { class.is_usual() } else { self.allow.iter().any(|net| net.contains(&end)) };
        if allowed { Ok(()) } else { Err((class, "allow")) }
    }
}

/// A network of mapped addresses is the IPv4 network that it stands for.
fn unmapped(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    let v4 = v6.addr().to_ipv4_mapped().zip(v6.prefix_len().checked_sub(96));
    v4.and_then(|(address, prefix)| IpNet::new(address.into(), prefix).ok()).unwrap_or(net)
}

/// Addresses to dial one after the other, each with its share of the time that is left.
pub(crate) struct Turns {
    addresses: std::vec::IntoIter<SocketAddr>,
    deadline: Instant,
}

impl Iterator for Turns {
    type Item = (SocketAddr, Duration);

    fn next(&mut self) -> Option<Self::Item> {
        let left = u32::try_from(self.addresses.len()).unwrap_or(u32::MAX).max(1);
        let share = self.deadline.saturating_duration_since(Instant::now()) / left;
        self.addresses.next().map(|address| (address, share))
    }
}

#[cfg(feature = "testing")]
type LookUp = Arc<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Who knows the addresses of names.
#[derive(Clone, Default)]
enum Names {
    #[default]
    System,
    #[cfg(feature = "testing")]
    Given(LookUp),
}

impl Names {
    async fn look_up(&self, name: &str, port: u16) -> Result<Vec<IpAddr>, RunError> {
        match self {
            Self::System => {
                let found = tokio::net::lookup_host((name, port)).await.map_err(|_| RunError::Unreachable)?;
                Ok(found.map(|address| address.ip()).collect())
            }
            #[cfg(feature = "testing")]
            Self::Given(names) => Ok(names(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Networks;

    fn networks(allow: &[&str], deny: &[&str]) -> Networks {
        let nets = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>();
        Networks::new(&nets(allow), &nets(deny))
    }

    /// The rule by which an address is refused; `""` when it is not.
    fn rule(networks: &Networks, address: &str) -> &'static str {
        networks.judge(address.parse().unwrap()).err().map_or("", |(_, rule)| rule)
    }

    const NEVER: [&str; 9] = [
        "0.0.0.0",
        "::",
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1",
        "fd00:ec2::254",
        "255.255.255.255",
        "ff02::1",
    ];

    #[test]
    fn without_lists_databases_are_where_they_usually_are() {
        let networks = networks(&[], &[]);
        for address in ["127.0.0.1", "::1", "10.1.2.3", "fd12::1", "100.64.0.1", "1.1.1.1", "2606:4700::1"] {
            assert_eq!(rule(&networks, address), "", "{address}");
        }
        for address in ["192.0.2.1", "240.0.0.1", "2001:db8::1"] {
            assert_eq!(rule(&networks, address), "allow", "{address}");
        }
        assert!(NEVER.iter().all(|address| rule(&networks, address) == "never"));
    }

    #[test]
    fn lists_are_obeyed_for_every_spelling_of_an_address() {
        let networks = networks(&["10.0.0.0/8", "2606:4700::/32", "::ffff:192.0.2.0/120"], &["10.9.0.0/16"]);
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "2606:4700::1", "192.0.2.1"] {
            assert_eq!(rule(&networks, address), "", "{address}");
        }
        for address in ["10.9.0.1", "::ffff:10.9.0.1", "64:ff9b::a09:1", "2002:a09:1::"] {
            assert_eq!(rule(&networks, address), "deny", "{address}");
        }
        for address in ["127.0.0.1", "1.1.1.1", "::1", "2607::1"] {
            assert_eq!(rule(&networks, address), "allow", "{address}");
        }
    }

    #[test]
    fn no_list_opens_what_is_never_a_database() {
        let networks = networks(&["0.0.0.0/0", "::/0", "169.254.0.0/16"], &[]);
        assert!(NEVER.iter().all(|address| rule(&networks, address) == "never"));
        assert_eq!(rule(&networks, "192.0.2.1"), "");
    }
}
