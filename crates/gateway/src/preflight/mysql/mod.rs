//! What is checked on MariaDB and MySQL, through the tenant's own login.
//!
//! A login cannot read the definition of a view, nor who else has a login on the server. What set-up made of the views
//! is compared by digest, on the server; that no row of another tenant comes through them is for planted rows to show.

mod grants;
mod relations;
mod session;
mod views;

use tenancy::placement::{Level, Placement, Server};

use super::declared::{self, MOST_NAMES, listed};
use super::{Finding, Outcome, Report};
use crate::connection::Connection;
use crate::error::RunError;
use session::Session;

pub(super) async fn inspect(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
) -> Result<Report, RunError> {
    let level = placement.level();
    let fails = fails(level);
    let mut findings = vec![session::version(&connection.version(), fails)];
    let session = Session::read(connection).await?;
    findings.extend(session.check(server, level));
    findings.extend(grants::check(placement, server, connection, &session).await?);
    let relations = relations::read(placement, server, connection, &session).await?;
    if level == Level::ViewRows {
        findings.extend(views::check(placement, server, connection).await?);
    }
    findings.extend(declared::check(placement, &relations));
    Ok(Report { findings, tables: relations.into() })
}

/// What follows when the server does not keep tenants apart as the level says. Where tenants share no tables, the login
/// that a card runs under reads its own database whatever else it may do; SQL by a tenant would do the else.
/// At `guarded-rows` no tenant's SQL runs, and the guard holds whatever the login may read.
fn fails(level: Level) -> Outcome {
    match level {
        Level::ViewRows => Outcome::StopsEverything,
        Level::Database | Level::Schema | Level::NativeRows | Level::GuardedRows => Outcome::StopsTenantSql,
    }
}
