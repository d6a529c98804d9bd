//! The data plane against real engines.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::expect_used, reason = "a test stops at what it did not expect")]
#![expect(clippy::indexing_slicing, reason = "a test stops at what it did not expect")]

mod egress;
mod exports;
mod fake;
mod faults;
mod hostile;
mod mysql;
mod pooled_postgres;
mod postgres;
mod preflight_mysql;
mod preflight_postgres;
mod preflight_sqlite;
mod relations;
mod seals;
mod servers;
mod setup_mysql;
mod setup_postgres;
mod sharing;
mod signed;
mod sqlite;
mod tenant_columns;
mod world;
