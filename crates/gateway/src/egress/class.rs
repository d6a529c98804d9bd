//! What kind of network an address is in.
//!
//! Sources: the IANA registries of special-purpose addresses, and the clouds' own
//! pages on where a machine asks for its identity.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of network an address is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// No address: the system takes it for its own.
    Unspecified,
    /// The machine itself.
    Loopback,
    /// The cable alone, where clouds also answer with the machine's credentials.
    LinkLocal,
    /// A cloud's service for its machines, outside of the link-local network.
    Metadata,
    Multicast,
    Broadcast,
    /// Rewritten on the way to an address that cannot be told from here.
    Translated,
    /// RFC 1918, and unique local addresses.
    Private,
    /// Between a carrier and its customers, 100.64.0.0/10; overlay networks use it too.
    Shared,
    /// For examples and measurements.
    Documentation,
    /// Set aside, or never given to anybody.
    Reserved,
    Public,
}

impl Class {
    pub(super) fn of(address: IpAddr) -> Self {
        match embedded(address) {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// No database is there, whatever the operator lists.
    pub(super) fn is_never(self) -> bool {
        matches!(
            self,
            Self::Unspecified | Self::LinkLocal | Self::Metadata | Self::Multicast | Self::Broadcast | Self::Translated
        )
    }

    /// Databases are there, also when the operator lists nothing.
    pub(super) fn is_usual(self) -> bool {
        matches!(self, Self::Loopback | Self::Private | Self::Shared | Self::Public)
    }

    /// A word for logs.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::LinkLocal => "link-local",
            Self::Metadata => "metadata",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Translated => "translated",
            Self::Private => "private",
            Self::Shared => "shared",
            Self::Documentation => "documentation",
            Self::Reserved => "reserved",
            Self::Public => "public",
        }
    }
}

/// Where packets to an address end: the IPv4 address that is inside of many IPv6 addresses, or the address itself.
pub(super) fn embedded(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match v6.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => address,
        // Mapped, compatible (of old), translated (RFC 2765).
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] => v4(high, low),
        // NAT64 by its well-known prefix.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // 6to4.
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo: the client, bits turned over.
        [0x2001, 0, _, _, _, _, high, low] => v4(!high, !low),
        // ISATAP.
        [_, _, _, _, 0 | 0x200, 0x5efe, high, low] => v4(high, low),
        _ => address,
    }
}

fn of_v4(address: Ipv4Addr) -> Class {
    match address.octets() {
        // Alibaba Cloud, Azure, Oracle Cloud.
        [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192] => Class::Metadata,
        [255, 255, 255, 255] => Class::Broadcast,
        [0, ..] => Class::Unspecified,
        [127, ..] => Class::Loopback,
        [169, 254, ..] => Class::LinkLocal,
        [224..=239, ..] => Class::Multicast,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Class::Private,
        [100, 64..=127, ..] => Class::Shared,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18 | 19, ..] => Class::Documentation,
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Class::Reserved,
        _ => Class::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> Class {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Class::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Class::Loopback,
        // Amazon, Google, Scaleway.
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254]
        | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254]
        | [0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42] => Class::Metadata,
        [0xff00..=0xffff, ..] => Class::Multicast,
        [0xfe80..=0xfebf, ..] => Class::LinkLocal,
        [0xfc00..=0xfdff, ..] => Class::Private,
        // NAT64 of a network's own: where the IPv4 address sits in it is that network's secret.
        [0x64, 0xff9b, 1, ..] => Class::Translated,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] | [0x2001, 2, 0, ..] => Class::Documentation,
        [0x2000..=0x3fff, ..] => Class::Public,
        _ => Class::Reserved,
    }
}

#[cfg(test)]
mod tests {
    use super::Class;

    fn class(text: &str) -> Class {
        Class::of(text.parse().unwrap())
    }

    #[test]
    fn every_network_has_its_class() {
        use Class::*;
        for (expected, addresses) in [
            (Unspecified, &["0.0.0.0", "0.1.2.3", "::"][..]),
            (Loopback, &["127.0.0.1", "127.255.255.254", "::1"]),
            (LinkLocal, &["169.254.169.254", "169.254.0.0", "169.254.255.255", "fe80::1", "febf:ffff::1"]),
            (Metadata, &["100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"]),
            (Multicast, &["224.0.0.1", "239.255.255.255", "ff02::1"]),
            (Broadcast, &["255.255.255.255"]),
            (Translated, &["64:ff9b:1::7f00:1"]),
            (Private, &["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1", "fc00::1"]),
            (Shared, &["100.64.0.1", "100.127.255.255"]),
            (Documentation, &["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1", "3fff::1"]),
            (Reserved, &["240.0.0.1", "192.0.0.1", "192.88.99.1", "fec0::1", "100::1", "4000::1"]),
            (Public, &["1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "169.253.1.1", "2606:4700::1111"]),
        ] {
            for address in addresses {
                assert_eq!(class(address), expected, "{address}");
            }
        }
    }

    #[test]
    fn an_address_inside_an_address_counts() {
        let metadata = [
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "2001:0:4136:e378:8000:63bf:5601:5601",
            "2606:4700::5efe:169.254.169.254",
            "fe80::200:5efe:169.254.169.254",
        ];
        for address in metadata {
            assert_eq!(class(address), Class::LinkLocal, "{address}");
        }
        assert_eq!(class("64:ff9b::7f00:1"), Class::Loopback);
        assert_eq!(class("2002:a00:1::"), Class::Private);
    }
}
