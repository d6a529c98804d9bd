//! Canaries: values that exist in one tenant's rows only, so that finding one in another tenant's answer is proof.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

/// One tenant's canary. The same seed and tenant always give the same canary; different tenants never share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canary {
    text: String,
    number: i64,
}

impl Canary {
    /// The canary of `tenant` in the world `seed`.
    pub fn new(seed: u64, tenant: &str) -> Self {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, seed, tenant).hash(&mut hasher);
            hasher.finish()
        };
        // Letters and digits only: JSON, HTML, URLs and CSV leave such a word as it is.
        let text = format!("canary{:016x}{:016x}", half(1), half(2));
        // Fifteen digits: unlike any count or sum in a test, and still exact in a JSON number.
        let number = 100_000_000_000_000 + i64::try_from(half(3) % 800_000_000_000_000).unwrap_or_default();
        Self { text, number }
    }

    /// For a text column: 38 letters and digits.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// For a number column: 15 digits.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// Whether `bytes` show this canary: as text in any case, as UTF-16, in base64 at any offset, in hexadecimal.
    /// Compressed bytes (XLSX, gzip) must be unpacked first.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let lower = bytes.to_ascii_lowercase();
        let without_nul: Vec<u8> = lower.iter().copied().filter(|byte| *byte != 0).collect();
        let hex: String = self.text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let number = self.number.to_string();
        [self.text.as_str(), &hex, &number].iter().any(|form| contains(&lower, form.as_bytes()))
            || contains(&without_nul, self.text.as_bytes())
            || base64_forms(self.text.as_bytes()).iter().any(|form| contains(bytes, form.as_bytes()))
    }
}

/// Fails the test when `bytes` show a canary of `others`. Returns whether they show `own`, so that a test can also
/// claim that the answer had rows in it at all: a scan of nothing proves nothing.
///
/// # Panics
/// When a foreign canary is there; the message names which one.
#[expect(clippy::panic, reason = "this is an assertion: tests call it to fail")]
pub fn assert_no_foreign_canary(bytes: &[u8], own: &Canary, others: &[Canary]) -> bool {
    for (position, other) in others.iter().enumerate() {
        if other != own && other.is_in(bytes) {
            panic!("the answer shows the canary of another tenant (number {position} of the others: {})", other.text);
        }
    }
    own.is_in(bytes)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// The part of `text`'s base64 that does not depend on what stands before and after it, for each of the three offsets.
fn base64_forms(text: &[u8]) -> [String; 3] {
    [0_usize, 1, 2].map(|offset| {
        let skip = (3 - offset) % 3;
        text.get(skip..).unwrap_or_default().chunks_exact(3).map(base64_group).collect()
    })
}

fn base64_group(group: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = group.iter().fold(0_usize, |bits, byte| (bits << 8) | usize::from(*byte));
    [18_u32, 12, 6, 0]
        .iter()
        .filter_map(|shift| ALPHABET.get((bits >> shift) & 63))
        .map(|byte| char::from(*byte))
        .collect()
}
