//! Setup: what an administrator of a database server runs so that a placement has the isolation level that it claims.
//!
//! A script is text, made without asking anybody. Each may run again at any time: what is there stays, what is missing
//! is added. [`crate::preflight`] looks afterwards, through the tenant's own login, whether it is so.

mod mysql;
pub(crate) mod postgres;

use std::time::Duration;

use tenancy::Secret;
use tenancy::placement::{Connection, Placement};

use crate::error::{Code, RunError};
use crate::settings::Settings;

/// What is to be run, in this order.
#[derive(Default)]
pub struct Script {
    /// For the data source, whoever the tenant is; again when a table was declared or has new columns.
    pub once: Vec<Step>,
    /// For the tenant.
    pub tenant: Vec<Step>,
}

/// One statement.
pub struct Step {
    /// What it is for.
    pub why: &'static str,
    /// The table that it is about; empty when it is about none.
    pub about: String,
    /// The statement, without a semicolon at its end; `***` stands where a password belongs.
    pub sql: String,
    /// The same with the password.
    complete: Option<Secret>,
    /// Codes that say that there is nothing to do: what is to go is not there.
    gone: &'static [&'static str],
}

/// As whom a script runs: on PostgreSQL the owner of the tables or a superuser, on MariaDB and MySQL an account that
/// may make accounts, grant, and make views.
pub struct Administrator {
    /// Login name.
    pub user: String,
    /// Login password.
    pub password: Secret,
}

/// Why there is no script, or why it did not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// The placement cannot be set up as it is written; what to change.
    #[error("{0}")]
    Placement(String),
    /// The server could not be reached or did not let the administrator in.
    #[error("{0}")]
    Connection(#[from] RunError),
    /// A statement failed. On PostgreSQL nothing of the script is in force then.
    #[error("the database refuses a step with code {}: {step}", code.as_str())]
    Step {
        /// [`Step::why`] of the statement.
        step: &'static str,
        /// SQLSTATE, or the engine's number. The server's own words may quote rows, and are not kept.
        code: Code,
    },
    /// A statement about one table failed.
    #[error("the database refuses a step with code {}: {step} ({table})", code.as_str())]
    Table {
        /// [`Step::why`] of the statement.
        step: &'static str,
        /// [`Step::about`] of the statement.
        table: String,
        /// SQLSTATE, or the engine's number.
        code: Code,
    },
}

/// The script that sets a placement up. Pure text: nothing is asked.
///
/// # Errors
/// [`SetupError::Placement`].
pub fn script(placement: &Placement) -> Result<Script, SetupError> {
    match placement.connection() {
        Connection::Postgres(server) => postgres::script(placement, server),
        Connection::Mysql(server) => mysql::script(placement, server),
        // The file is the tenant's own, and it is opened read-only.
        Connection::Sqlite(_) => Ok(Script::default()),
    }
}

/// Takes away logins that a script made, their lines in the mapping, and what was made for the placement's own tables,
/// which other placements must not use. `keys` are those of the logins' tenants.
pub(crate) fn removal(placement: &Placement, keys: &[&str], logins: &[&str]) -> Vec<Step> {
    match placement.connection() {
        Connection::Postgres(server) => postgres::removal(placement, server, keys, logins),
        Connection::Mysql(server) => mysql::removal(placement, server, logins),
        Connection::Sqlite(_) => Vec::new(),
    }
}

/// Runs a script on the placement's server, in its database, with its TLS: on PostgreSQL in one transaction.
/// `settings` say which networks and authorities are trusted; `timeout` is for each statement.
///
/// # Errors
/// The server is not reached, or refuses a step.
pub async fn apply(
    placement: &Placement,
    administrator: &Administrator,
    script: &Script,
    settings: &Settings,
    timeout: Duration,
) -> Result<(), SetupError> {
    match placement.connection() {
        Connection::Postgres(server) => postgres::apply(server, administrator, script, settings, timeout).await,
        Connection::Mysql(server) => mysql::apply(server, administrator, script, settings, timeout).await,
        Connection::Sqlite(_) => Ok(()),
    }
}

impl Script {
    /// Every step in its order.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.once.iter().chain(&self.tenant)
    }

    /// The script as a file for the engine's own command line client. Without the password a comment says what is left
    /// to do by hand.
    #[must_use]
    pub fn to_sql(&self, with_password: bool) -> String {
        let mut text = String::new();
        for (title, steps) in [("Once for the data source", &self.once), ("For the tenant", &self.tenant)] {
            if steps.is_empty() {
                continue;
            }
            text += &format!("-- ==== {title}\n\n");
            for step in steps {
                text += &format!("-- {}\n", step.why.replace('\n', "\n-- "));
                if !step.about.is_empty() {
                    text += &format!("-- Table: {}\n", step.about);
                }
                if step.complete.is_some() && !with_password {
                    // A comment, so that no login ends up with three stars for a password.
                    let shown = step.sql.replace('\n', "\n-- ");
                    text +=
                        &format!("-- Put the login's password in place of *** and run this by hand:\n-- {shown};\n\n");
                } else {
                    text += &format!("{};\n\n", step.complete());
                }
            }
        }
        text
    }
}

impl Step {
    /// A step that anybody may read.
    pub(crate) fn new(why: &'static str, sql: impl Into<String>) -> Self {
        Self { why, about: String::new(), sql: sql.into(), complete: None, gone: &[] }
    }

    /// A step with a password in it: `sql` makes the statement from a literal, quotes included; `literal` is the
    /// password's, escaped for the engine.
    pub(crate) fn with_password(why: &'static str, literal: &Secret, sql: impl Fn(&str) -> String) -> Self {
        let complete = Some(Secret::from(sql(literal.expose())));
        Self { why, about: String::new(), sql: sql("'***'"), complete, gone: &[] }
    }

    /// The same, about a table.
    pub(crate) fn about(self, table: &str) -> Self {
        Self { about: table.to_owned(), ..self }
    }

    /// The same, where these codes say that there is nothing to do.
    pub(crate) fn unless_gone(self, gone: &'static [&'static str]) -> Self {
        Self { gone, ..self }
    }

    /// What runs.
    pub(crate) fn complete(&self) -> &str {
        self.complete.as_ref().map_or(&self.sql, Secret::expose)
    }
}
