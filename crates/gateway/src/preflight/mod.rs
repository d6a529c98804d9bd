//! Preflight: does a placement really have the isolation level that it claims?
//!
//! Asked through the tenant's own login, on a connection of the same pool that its cards use: what a preflight sees is
//! what a card would meet. See `docs/isolation.md` for what each level needs.

mod declared;
mod mysql;
mod postgres;
mod sqlite;

use std::sync::Arc;

use serde::Serialize;
use sqlguard::ColumnKind;
use tenancy::placement::{self, Placement};

use crate::connection::Connection;
use crate::error::RunError;
use crate::shown::shown;

/// Letters of one message.
const MOST_LETTERS: usize = 4000;

/// What a preflight found. For operators: it names tables, roles and settings.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Check by check, those that hold too.
    pub findings: Vec<Finding>,
    /// The relations that the login can read, in the order of their names.
    #[serde(skip)]
    pub(crate) tables: Arc<[Table]>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable word: `superuser`, `row-security`, `definer-functions` and others.
    pub check: &'static str,
    /// What follows.
    pub outcome: Outcome,
    /// What was seen, and what to do about it.
    pub message: String,
}

/// What follows from a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is as it must be.
    Holds,
    /// SQL written by the tenant does not run; the operator's cards do.
    StopsTenantSql,
    /// Nothing runs: the level rests on this.
    StopsEverything,
}

/// A relation that the login can read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Table {
    /// Schema or database; `main` in SQLite.
    pub(crate) schema: String,
    pub(crate) name: String,
    /// Columns in their order that the login can read.
    pub(crate) columns: Vec<(String, ColumnKind)>,
}

impl Outcome {
    /// The written form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::StopsTenantSql => "stops-tenant-sql",
            Self::StopsEverything => "stops-everything",
        }
    }
}

impl Report {
    /// The worst outcome.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.findings.iter().map(|finding| finding.outcome).max().unwrap_or(Outcome::StopsEverything)
    }
}

impl Finding {
    /// A check that holds.
    pub(crate) fn holds(check: &'static str, message: impl Into<String>) -> Self {
        Self::fails(check, Outcome::Holds, message)
    }

    /// A check that does not hold. Names in the message may be a hostile server's.
    pub(crate) fn fails(check: &'static str, outcome: Outcome, message: impl Into<String>) -> Self {
        Self { check, outcome, message: shown(&message.into(), MOST_LETTERS) }
    }
}

/// Looks at a placement through a connection to it.
///
/// # Errors
/// The database could not be asked; nothing is known then, and nothing may run that needs a proof.
pub(crate) async fn inspect(placement: &Placement, connection: &mut Connection) -> Result<Report, RunError> {
    match placement.connection() {
        placement::Connection::Postgres(server) => postgres::inspect(placement, server, connection).await,
        placement::Connection::Mysql(server) => mysql::inspect(placement, server, connection).await,
        placement::Connection::Sqlite(file) => sqlite::inspect(placement, file, connection).await,
    }
}
