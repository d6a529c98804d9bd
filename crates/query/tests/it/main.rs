//! Every promise of the crate as a table or a property. No server: what the engines themselves say about the finished
//! text is tested where there are connections, in `gateway`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod declarations;
mod engines;
mod filters;
mod library;
mod moments;
mod properties;
mod templates;
mod values;
mod world;
