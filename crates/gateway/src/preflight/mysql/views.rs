//! Level `view-rows`: nothing but the views that set-up made can be read, and they show this tenant's rows.

use query::Bind;
use tenancy::placement::{Placement, Server};

use super::{Finding, Outcome, listed};
use crate::cell::Cell;
use crate::connection::Connection;
use crate::error::RunError;
use crate::mysql::words::{DEFINER, ME, VIEWS, name};

const RELATIONS: &str = "SELECT t.table_name AS n, t.table_type AS k, v.definer AS d, v.security_type AS s \
                         FROM information_schema.tables AS t LEFT JOIN information_schema.views AS v \
                         ON v.table_schema = t.table_schema AND v.table_name = t.table_name \
                         WHERE t.table_schema = ? ORDER BY t.table_name";

const AGAIN: &str = "run the script of set-up again";

pub(super) async fn check(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
) -> Result<Vec<Finding>, RunError> {
    let binds = vec![Bind::Text(server.database.clone())];
    let relations = connection.ask(RELATIONS, binds).await?;
    let seen: Vec<Relation> = (0..relations.rows.len())
        .map(|row| Relation {
            name: relations.text(row, 0).unwrap_or_default().to_owned(),
            is_view: relations.text(row, 1) == Some("VIEW"),
            definer: relations.text(row, 2).unwrap_or_default().to_owned(),
            security: relations.text(row, 3).unwrap_or_default().to_owned(),
        })
        .collect();
    let mut findings = vec![base_tables(&seen), definers(&seen)];
    findings.push(row_key(placement, server, connection).await?);
    findings.extend(definitions(&seen, server, connection).await?);
    Ok(findings)
}

struct Relation {
    name: String,
    is_view: bool,
    definer: String,
    security: String,
}

fn base_tables(seen: &[Relation]) -> Finding {
    let tables = listed(seen.iter().filter(|relation| !relation.is_view).map(|relation| relation.name.as_str()));
    if tables.is_empty() {
        return Finding::holds("base-tables", "the login reads views only");
    }
    let message =
        format!("the login reads tables themselves: {tables}. Only the views of set-up belong into its database");
    Finding::fails("base-tables", Outcome::StopsEverything, message)
}

fn definers(seen: &[Relation]) -> Finding {
    let (user, host) = DEFINER;
    let definer = format!("{user}@{host}");
    let sound = |relation: &&Relation| relation.definer == definer && relation.security == "DEFINER";
    let wrong = listed(seen.iter().filter(|view| view.is_view && !sound(view)).map(|view| view.name.as_str()));
    if wrong.is_empty() {
        return Finding::holds("definers", format!("the views use the rights of {definer}"));
    }
    let message = format!(
        "these views do not use the rights of {definer}: {wrong}. Drop those that nobody needs, declare the others and {AGAIN}"
    );
    Finding::fails("definers", Outcome::StopsEverything, message)
}

/// Whether the login is mapped to the rows that the placement says are its own.
async fn row_key(placement: &Placement, server: &Server, connection: &mut Connection) -> Result<Finding, RunError> {
    let question = format!("SELECT row_key FROM {}.{}", name(&server.database), name(ME));
    let message = match connection.ask(&question, Vec::new()).await {
        Ok(answer) if answer.rows.len() == 1 && answer.text(0, 0) == Some(placement.rows().key.as_str()) => {
            return Ok(Finding::holds("row-key", "the login sees the rows with the placement's key"));
        }
        Ok(answer) if answer.rows.is_empty() => format!("the login has no key, so it sees no rows: {AGAIN}"),
        Ok(_) => {
            format!("the login sees the rows with another key than the placement's: {AGAIN}, or correct the placement")
        }
        Err(RunError::QueryFailed { .. }) => format!("the view {ME} is not there, or does not work: {AGAIN}"),
        Err(error) => return Err(error),
    };
    Ok(Finding::fails("row-key", Outcome::StopsEverything, message))
}

/// Whether the views are as set-up made them. The login cannot read definitions; their digests are compared on the server.
async fn definitions(
    seen: &[Relation],
    server: &Server,
    connection: &mut Connection,
) -> Result<Vec<Finding>, RunError> {
    let check = "definitions";
    let question = format!("SELECT name, intact FROM {}.{}", name(&server.database), name(VIEWS));
    let answer = match connection.ask(&question, Vec::new()).await {
        Ok(answer) => answer,
        Err(RunError::QueryFailed { .. }) => {
            let message = format!("the view {VIEWS} is not there, or does not work: {AGAIN}");
            return Ok(vec![Finding::fails(check, Outcome::StopsEverything, message)]);
        }
        Err(error) => return Err(error),
    };
    let intact = |row: &usize| matches!(answer.rows.get(*row).and_then(|row| row.get(1)), Some(Cell::Int(1)));
    let rows = || 0..answer.rows.len();
    // A view that is gone shows nothing.
    let there = |name: &&str| seen.iter().any(|view| view.name == *name);
    let changed = listed(rows().filter(|row| !intact(row)).filter_map(|row| answer.text(row, 0)).filter(there));
    let mut findings = Vec::new();
    if !changed.is_empty() {
        let message = format!(
            "these views are not as they were made (a new version of the server may write them anew): {changed}. Look what changed, and {AGAIN}"
        );
        findings.push(Finding::fails(check, Outcome::StopsEverything, message));
    }
    let known =
        |view: &&Relation| [ME, VIEWS].contains(&view.name.as_str()) || answer.texts().any(|name| name == view.name);
    let unknown = listed(seen.iter().filter(|view| view.is_view && !known(view)).map(|view| view.name.as_str()));
    if !unknown.is_empty() {
        let message = format!(
            "nobody knows how these views were made: {unknown}. Drop them, or declare their tables and {AGAIN}"
        );
        findings.push(Finding::fails(check, Outcome::StopsTenantSql, message));
    }
    if findings.is_empty() {
        findings.push(Finding::holds(check, "the views are as set-up made them"));
    }
    Ok(findings)
}
