//! The binary's own parts against real servers: sample sites and the library of dashboards.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod sample;
