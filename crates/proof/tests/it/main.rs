//! The proof, on real servers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "the figures are the point")]

mod attacks;
mod generated;
mod honest;
mod plans;
mod product;
