//! The kernel as its callers meet it: a real store of each kind, two tenants, and whoever tries to cross between them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that is surprised has failed"
)]

mod at_once;
mod crash;
mod credentials;
mod drawings;
mod guests;
mod isolation;
mod keys;
mod library;
mod links;
mod locks;
mod numbered;
mod placements;
mod revocation;
mod seals;
mod store;
mod tokens;
mod world;
