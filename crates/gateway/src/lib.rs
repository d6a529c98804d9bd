//! The data plane: placement, connection, [`ScopedQuery`], rows; limits, fairness, result cache.
//!
//! # What must never be here
//! A tenant id next to something that already has one; SQL text from outside a
//! [`ScopedQuery`]; a database's own error text; a value of a row in a log.
//!
//! # The way of a query
//! `run` looks into the cache, joins an identical running query, or starts a task:
//! it waits for a unit of the server's budget, takes or opens a connection of the
//! same placement, runs one read-only statement, and hands rows on as they arrive.

mod ask;
mod budget;
mod cache;
mod cell;
mod connection;
mod egress;
pub mod encode;
mod error;
mod flight;
mod gateway;
mod guard;
mod key;
mod mysql;
mod net;
mod postgres;
pub mod preflight;
mod prepare;
mod proofs;
mod relations;
mod running;
mod scoped;
mod settings;
pub mod setup;
mod shown;
mod sink;
mod sqlite;
mod stream;
mod tls;
pub mod verify;
mod work;

pub use cell::{Batch, Cell, Column, ColumnKind};
pub use egress::Networks;
pub use error::{Code, RunError};
pub use gateway::{Gateway, Probe, ServerStats, Stats};
pub use guard::RowRule;
pub use prepare::{PrepareError, Prepared};
pub use relations::Relation;
pub use scoped::ScopedQuery;
pub use settings::{Limits, Settings};
pub use shown::shown;
pub use stream::{RowStream, Summary};
