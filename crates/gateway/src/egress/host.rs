//! What may stand where a host is named.

use std::net::IpAddr;

/// An address, or a name to ask for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Host<'a> {
    Address(IpAddr),
    Name(&'a str),
}

/// A dotted quad, an IPv6 address without zone, or a DNS name.
///
/// The system's own look-up takes more than that for an address: `2130706433`, `0x7f.1`, `127.1`,
/// `fe80::1%eth0`. Names are told from these by the rule of the URL standard: what ends in a
/// number is an address or nothing.
pub(super) fn parse(text: &str) -> Option<Host<'_>> {
    if let Ok(address) = text.parse() {
        return Some(Host::Address(address));
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_name = name.len() <= 253 && name.split('.').all(is_label) && !name.rsplit('.').next().is_some_and(is_number);
    is_name.then_some(Host::Name(text))
}

fn is_label(label: &str) -> bool {
    let letters = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    (1..=63).contains(&label.len()) && letters && !label.starts_with('-')
}

fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    label.bytes().all(|byte| byte.is_ascii_digit())
        || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::{Host, parse};

    #[test]
    fn names_and_addresses_are_told_apart() {
        for text in ["localhost", "db", "db.example.com", "db.example.com.", "my_db", "xn--bcher-kva.example", "1a.2b"]
        {
            assert_eq!(parse(text), Some(Host::Name(text)));
        }
        for text in ["127.0.0.1", "::1", "fe80::1", "::ffff:127.0.0.1"] {
            assert_eq!(parse(text), Some(Host::Address(text.parse().unwrap())));
        }
    }

    #[test]
    fn odd_spellings_are_no_host() {
        let long = "a".repeat(64);
        let longer = ["a"; 128].join(".");
        for text in [
            "",
            ".",
            "..",
            "a..b",
            "-a",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "127.1",
            "127.0.0.1.",
            "0177.0.0.1",
            "127.0.0.0x1",
            "0x",
            "db.1",
            "db.0x1",
            "fe80::1%eth0",
            "fe80::1%1",
            "[::1]",
            "1.2.3.4:5",
            "a b",
            "a,b",
            "/var/run/postgresql",
            "a/b",
            "@a",
            "user@host",
            "１２７.0.0.1",
            "bücher.example",
            "a\0b",
            "a\nb",
            &long,
            &longer,
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
