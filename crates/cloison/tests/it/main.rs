//! The binary's own parts against real servers: sample sites and the library of dashboards.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod cli;
mod content;
mod dumps;
mod levels;
mod library;
mod sample;
mod stores;
