//! What the binary does, as a library, so that tests can use it.
#![expect(clippy::print_stdout, reason = "a command line talks to its terminal")]

pub mod commands;
pub mod config;
pub mod host;
pub mod library;
pub mod output;
pub mod sample;
