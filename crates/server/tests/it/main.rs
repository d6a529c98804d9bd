//! The server as its callers meet it: real metadata, real databases, whole answers.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that is surprised has failed")]

mod access;
mod edits;
mod engines;
mod exports;
mod isolation;
mod main_job;
mod tokens;
mod world;
