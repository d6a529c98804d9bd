//! What the binary does beside wiring, as a library, so that tests can use it.

pub mod sample;
