//! The guard from outside: what it makes of statements, and what it promises whatever the statement.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that is surprised has failed"
)]

mod cost;
mod golden;
mod output;
mod properties;
mod shop;
mod verdicts;
