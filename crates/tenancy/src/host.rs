//! The clock and the randomness of the process, handed in by the binary.
//!
//! Nothing below the binary reads either by itself (`clippy.toml` bans it), so
//! tests fix both and every id, token and time in them is repeatable.

use std::sync::Arc;

use jiff::Timestamp;

/// Smaller numbers are not given to anything: clients of Metabase know some by heart, as the groups 1 (everybody) and 2
/// (administrators), and what one of those meant would be for all.
const FIRST_NUMBER: i32 = 1000;

type Clock = dyn Fn() -> Timestamp + Send + Sync;
type Entropy = dyn Fn(&mut [u8]) + Send + Sync;

/// Clock and randomness. Cheap to clone.
#[derive(Clone)]
pub struct Host {
    clock: Arc<Clock>,
    entropy: Arc<Entropy>,
}

impl Host {
    /// `clock` gives the current time; `entropy` fills a buffer from a cryptographic source.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        entropy: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self { clock: Arc::new(clock), entropy: Arc::new(entropy) }
    }

    /// The current time, to the microsecond: what is answered now and what is read back later are the same.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = (self.clock)();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes);
        bytes
    }

    /// A random positive number of 31 bits, for clients that need an integer.
    pub(crate) fn number(&self) -> i32 {
        (i32::from_be_bytes(self.bytes::<4>()) & i32::MAX).max(FIRST_NUMBER)
    }
}
