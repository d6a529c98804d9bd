//! Secrets at rest: XChaCha20-Poly1305 with a key from outside the metadata store.
//!
//! A sealed value is bound to the place it belongs to (table, row), so moving a
//! sealed password from one tenant's row to another's makes it unreadable.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::host::Host;
use crate::secret::Secret;

/// The keys that open what is stored; the first one seals.
#[derive(Clone)]
pub struct Keyring {
    keys: Vec<([u8; 4], XChaCha20Poly1305)>,
    salt: [u8; 32],
}

/// Why a sealed value cannot be opened, or a keyring read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The keyring file holds no usable key.
    #[error("the secret key file must hold one key of 64 hexadecimal digits a line, the newest first")]
    Keyring,
    /// Another key, another place, or damage.
    #[error("a stored secret does not open with the keys at hand; is this the secret key file of this data directory?")]
    Unreadable,
}

const NONCE_LENGTH: usize = 24;

impl Keyring {
    /// Reads a key file: one key of 64 hexadecimal digits a line, the newest first.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let keys = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(parse_key)
            .collect::<Option<Vec<_>>>()
            .filter(|keys| !keys.is_empty())
            .ok_or(SealError::Keyring)?;
        // The oldest key: digests that people compare outlive the sealing with a newer one.
        let oldest = text.lines().map(str::trim).rfind(|line| !line.is_empty() && !line.starts_with('#'));
        let salt = blake3::derive_key("cloison mask salt 1", oldest.unwrap_or_default().as_bytes());
        Ok(Self { keys, salt })
    }

    /// Secret text of one tenant, for masks that show a digest. It changes when the oldest key is taken out of the file.
    pub(crate) fn salt_of(&self, tenant: &str) -> Secret {
        Secret::from(blake3::keyed_hash(&self.salt, tenant.as_bytes()).to_hex().to_string())
    }

    /// What signs, in a database where tenants share a login, for whom a transaction is. By the database's name alone: a
    /// server may be reached by several hosts, and the key is of no use without the login's password.
    pub(crate) fn signing_key_of(&self, database: &str) -> Secret {
        let key = blake3::derive_key("cloison signed context 1", &self.salt);
        Secret::from(blake3::keyed_hash(&key, database.as_bytes()).to_hex().to_string())
    }

    /// The text of a fresh key, for a new key file.
    #[must_use]
    pub fn fresh(host: &Host) -> Secret {
        let bytes = Zeroizing::new(host.bytes::<32>());
        Secret::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    pub(crate) fn seal(&self, host: &Host, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let (name, cipher) = self.keys.first().ok_or(SealError::Keyring)?;
        let nonce = host.bytes::<NONCE_LENGTH>();
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| SealError::Unreadable)?;
        Ok([name.as_slice(), &nonce, &sealed].concat())
    }

    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (name, rest) = sealed.split_at_checked(4).ok_or(SealError::Unreadable)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LENGTH).ok_or(SealError::Unreadable)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| SealError::Unreadable)?;
        let (_, cipher) = self.keys.iter().find(|(own, _)| own == name).ok_or(SealError::Unreadable)?;
        cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: place.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError::Unreadable)
    }

    pub(crate) fn open_text(&self, place: &str, sealed: &[u8]) -> Result<Secret, SealError> {
        let plain = self.open(place, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| SealError::Unreadable)?;
        Ok(Secret::from(text.to_owned()))
    }

    /// Whether `sealed` was sealed with the newest key.
    pub(crate) fn is_current(&self, sealed: &[u8]) -> bool {
        self.keys.first().is_some_and(|(name, _)| sealed.starts_with(name))
    }
}

fn parse_key(line: &str) -> Option<([u8; 4], XChaCha20Poly1305)> {
    if line.len() != 64 || !line.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = Zeroizing::new([0_u8; 32]);
    for (index, slot) in bytes.iter_mut().enumerate() {
        *slot = u8::from_str_radix(line.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    let mut name = [0_u8; 4];
    name.copy_from_slice(blake3::derive_key("cloison secret key name", bytes.as_slice()).get(..4)?);
    Some((name, XChaCha20Poly1305::new(&Key::from(*bytes))))
}
