//! The HTTP edge: it turns requests into scopes and scopes into answers.
//!
//! # What must never be here
//! A way to rows that is not [`gateway::Gateway::run`], a permission check of its own, or a tenant that was
//! read from anything but a credential. Status codes and reply bodies are here and nowhere else.

mod app;
mod assets;
mod extract;
mod health;
mod metabase;
mod openapi;
mod own_host;
mod pages;
mod problem;
mod reply;
mod router;
mod rows;
mod v1;

pub use app::{App, Demo, Portal, Settings};
pub use assets::are_built as has_pages;
pub use metabase::{
    key_routes as metabase_key_routes, key_writes as metabase_key_writes, operator_routes as metabase_operator_routes,
    paths as metabase_paths,
};
pub use openapi::openapi;
pub use router::{router, serve};
