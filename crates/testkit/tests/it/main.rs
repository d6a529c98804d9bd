//! The test kit's own tests: servers that really go away, canaries that are really found.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod canary;
mod killed_owner;
mod servers;
mod shared;
