//! Proves at length what the tests prove briefly.

fn main() {}
