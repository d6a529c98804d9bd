//! The process's clock and randomness: the one place that reads them.

use jiff::Timestamp;
use rand::TryRng as _;
use tenancy::Host;

/// The machine's clock and the operating system's randomness.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the binary is where clock and randomness come from")]
pub fn host() -> Host {
    Host::new(Timestamp::now, |bytes| {
        // Without randomness there is no safe key to make; nothing that could be returned instead would do.
        if rand::rngs::SysRng.try_fill_bytes(bytes).is_err() {
            std::process::abort();
        }
    })
}
