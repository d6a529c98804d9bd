//! What is checked on PostgreSQL, through the tenant's own login.
//!
//! The catalogue says who may do what, and everybody may read it: so a login is asked what it can do, not what an
//! administrator believes that it can.

mod reach;
mod relations;
mod role;
mod rows;
mod session;
mod signature;
mod tables;
#[cfg(test)]
mod tests;
mod views;

use tenancy::placement::{Level, Placement, Server};

use super::{Finding, Outcome, Report, declared};
use crate::connection::Connection;
use crate::error::RunError;
use relations::Relation;

pub(super) async fn inspect(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
) -> Result<Report, RunError> {
    let level = placement.level();
    if let Some(finding) = signature::missing(placement, connection).await? {
        return Ok(Report { findings: vec![finding], tables: [].into() });
    }
    let mut findings = session::check(connection).await?;
    findings.extend(role::check(level, server, connection).await?);
    findings.extend(reach::check(level, connection).await?);
    let relations = relations::read(connection).await?;
    findings.push(relations::foreign(level, &relations));
    match level {
        Level::Database | Level::GuardedRows => {}
        Level::Schema => findings.push(relations::elsewhere(placement, server, &relations)),
        Level::NativeRows => findings.extend(rows::check(placement, server, &relations, connection).await?),
        Level::ViewRows => findings.extend(views::check(placement, server, &relations, connection).await?),
    }
    let tables = tables::read(placement, server, connection).await?;
    if level.shares_tables() {
        findings.push(tables::key_fits(placement, server, &tables));
    }
    findings.extend(declared::check(placement, &tables));
    Ok(Report { findings, tables: tables.into() })
}

/// What follows when that is missing which the database's own walls between tenants rest on. A level that they are not
/// part of needs them only for SQL that a tenant writes.
fn walls(level: Level) -> Outcome {
    match level {
        Level::NativeRows | Level::ViewRows => Outcome::StopsEverything,
        Level::Database | Level::Schema | Level::GuardedRows => Outcome::StopsTenantSql,
    }
}

/// What follows when a login can do what nobody should who shares a database.
fn dangers(level: Level) -> Outcome {
    if level.shares_tables() { Outcome::StopsEverything } else { Outcome::StopsTenantSql }
}

/// One check over a list of what is wrong: holds when there is nothing.
fn none_of(
    check: &'static str,
    outcome: Outcome,
    wrong: &[String],
    holds: &str,
    fails: impl Fn(&str) -> String,
) -> Finding {
    if wrong.is_empty() {
        return Finding::holds(check, holds);
    }
    Finding::fails(check, outcome, fails(&declared::listed(wrong.iter().map(String::as_str))))
}

/// The first column of every row.
async fn texts(connection: &mut Connection, sql: &str) -> Result<Vec<String>, RunError> {
    Ok(connection.ask(sql, Vec::new()).await?.texts().map(str::to_owned).collect())
}
