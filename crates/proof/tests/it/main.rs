//! The proof at a size that fits every change; `cargo xtask prove` does it at length.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the figures are the point")]

mod attacks;
mod honest;
