//! API keys in the clear: made once, shown once, stored as a digest.
//!
//! A key is a prefix, 160 random bits and a checksum over both. The prefix and the
//! checksum let secret scanners and typing mistakes be caught without a look-up;
//! 160 random bits need no slow hash.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::base32;
use crate::host::Host;
use crate::secret::Secret;

/// Prefix of a tenant's API key.
pub const TENANT_PREFIX: &str = "clo_";
/// Prefix of an operator's API key.
pub const OPERATOR_PREFIX: &str = "clo_op_";

const RANDOM_LENGTH: usize = 32;
const CHECKSUM_LENGTH: usize = 7;

/// Whose key a presented credential claims to be. Says nothing about whether it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A tenant's key.
    Tenant,
    /// An operator's key.
    Operator,
}

/// What is stored of a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Of a public link; nothing when the text cannot be one.
    pub(crate) fn of_link(uuid: &str) -> Option<Self> {
        looks_like_link(uuid).then(|| Self(link_digest(uuid)))
    }
}

/// A key that was just made: the only moment at which its text exists on our side.
#[derive(Serialize)]
#[serde(transparent)]
pub struct FreshKey(#[serde(serialize_with = "expose")] Secret);

fn expose<S: serde::Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

impl FreshKey {
    pub(crate) fn random(kind: KeyKind, host: &Host) -> (Self, Digest) {
        let random = Zeroizing::new(host.bytes::<20>());
        let mut text = format!("{}{}", prefix(kind), base32::encode(random.as_slice()));
        text.push_str(&checksum(&text));
        let digest = digest(&text);
        (Self(Secret::from(text)), digest)
    }

    /// The key's text, for the one who asked for it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The UUID of a public link that was just made.
#[derive(Serialize)]
#[serde(transparent)]
pub struct FreshLink(#[serde(serialize_with = "expose")] Secret);

impl FreshLink {
    /// Version 4: 122 random bits.
    pub(crate) fn random(host: &Host) -> (Self, Digest) {
        let mut bits = u128::from_be_bytes(host.bytes::<16>());
        bits = bits & !(0xf << 76) | (0x4 << 76);
        bits = bits & !(0b11 << 62) | (0b10 << 62);
        let hex = format!("{bits:032x}");
        let mut text = String::with_capacity(36);
        for (place, letter) in hex.chars().enumerate() {
            if LINK_HYPHENS.contains(&text.len()) && place > 0 {
                text.push('-');
            }
            text.push(letter);
        }
        let digest = Digest(link_digest(&text));
        (Self(Secret::from(text)), digest)
    }

    /// The UUID, for the one who asked for it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// Where the hyphens of a UUID stand.
const LINK_HYPHENS: [usize; 4] = [8, 13, 18, 23];

/// Whether a credential has the form of a public link: a UUID in small letters, the one spelling that we make.
#[must_use]
pub fn looks_like_link(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, letter)| match letter {
            b'-' => LINK_HYPHENS.contains(&place),
            b'0'..=b'9' | b'a'..=b'f' => !LINK_HYPHENS.contains(&place),
            _ => false,
        })
}

/// Another digest than that of a key with the same text.
fn link_digest(text: &str) -> [u8; 32] {
    *blake3::Hasher::new().update(b"public link/").update(text.as_bytes()).finalize().as_bytes()
}

/// Reads what a caller presents: its kind and its digest, or nothing when it cannot be one of ours.
pub(crate) fn recognise(text: &str) -> Option<(KeyKind, Digest)> {
    let (kind, rest) = if let Some(rest) = text.strip_prefix(OPERATOR_PREFIX) {
        (KeyKind::Operator, rest)
    } else {
        (KeyKind::Tenant, text.strip_prefix(TENANT_PREFIX)?)
    };
    if rest.len() != RANDOM_LENGTH + CHECKSUM_LENGTH || !base32::is_valid(rest) {
        return None;
    }
    let (body, given) = text.split_at_checked(text.len() - CHECKSUM_LENGTH)?;
    (checksum(body) == given).then(|| (kind, digest(text)))
}

/// Whether a bearer credential looks like one of our keys rather than an embed token.
#[must_use]
pub fn looks_like_key(text: &str) -> bool {
    text.starts_with(TENANT_PREFIX)
}

const fn prefix(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Tenant => TENANT_PREFIX,
        KeyKind::Operator => OPERATOR_PREFIX,
    }
}

fn checksum(body: &str) -> String {
    base32::encode(&crc32fast::hash(body.as_bytes()).to_be_bytes())
}

fn digest(text: &str) -> Digest {
    Digest(*blake3::hash(text.as_bytes()).as_bytes())
}
