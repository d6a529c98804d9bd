//! Invariants over the tenant's real rows: every shape of one count is the same number, and no row is another tenant's.

use std::sync::Arc;

use query::{Bind, Statement};
use tenancy::placement::{Connection, Level, Placement};

use super::{Verdict, Verified, number};
use crate::Gateway;
use crate::error::RunError;
use crate::guard::Rules;
use crate::preflight::{Report, Table};

/// Tables that are counted, at most.
const MOST_TABLES: usize = 25;

/// The same count in the ways in which filters are forgotten. `{t}` is the table.
const SHAPES: [(&str, &str); 9] = [
    ("subquery", "SELECT (SELECT count(*) FROM {t}) AS n"),
    ("derived-table", "SELECT count(*) FROM (SELECT * FROM {t}) AS x"),
    ("cte", "WITH x AS (SELECT * FROM {t}) SELECT count(*) FROM x"),
    ("cte-named-like-the-table", "WITH {n} AS (SELECT * FROM {t}) SELECT count(*) FROM {n}"),
    ("union", "SELECT count(*) FROM (SELECT 1 AS one FROM {t} UNION ALL SELECT 1 FROM {t} WHERE 1 = 0) AS x"),
    ("alias", "SELECT count(*) FROM {t} AS other"),
    ("where-true", "SELECT count(*) FROM {t} WHERE 1 = 1 OR 1 = 0"),
    ("case", "SELECT sum(CASE WHEN 1 = 1 THEN 1 ELSE 0 END) FROM {t}"),
    ("left-join", "SELECT count(*) FROM (SELECT 1 AS one) AS x LEFT JOIN {t} AS y ON 1 = 1"),
];

pub(super) async fn check(gateway: &Gateway, placement: &Arc<Placement>, report: &Report, verdict: &mut Verdict) {
    let rules = Rules::new(placement, &report.tables, None);
    let mut tables: Vec<&Table> = report.tables.iter().collect();
    tables.truncate(MOST_TABLES);
    if tables.is_empty() {
        verdict.add("counts", Verified::Skipped, "the login can read no table");
    }
    for table in tables {
        one_table(gateway, placement, &rules, table, verdict).await;
    }
}

async fn one_table(gateway: &Gateway, placement: &Arc<Placement>, rules: &Rules, table: &Table, verdict: &mut Verdict) {
    let name = format!("counts/{}.{}", table.schema, table.name);
    let guarded = async |sql: &str| -> Result<Option<i64>, RunError> {
        let Ok(guarded) = rules.guard(&Statement::new(sql.to_owned(), Vec::new())) else { return Ok(None) };
        let answer = gateway.ask(placement, &guarded.statement).await?;
        Ok(number(&answer))
    };
    let baseline = match guarded(&spelled(placement, table, "SELECT count(*) FROM {t}")).await {
        Ok(Some(count)) => count,
        Ok(None) => {
            verdict.add(name, Verified::Skipped, "the guard lets nobody read it");
            return;
        }
        Err(error) => {
            verdict.add(name, Verified::Failed, error.to_string());
            return;
        }
    };
    let mut wrong = Vec::new();
    for (shape, sql) in SHAPES {
        // A left join has one row where the table has none.
        let expected = if shape == "left-join" { baseline.max(1) } else { baseline };
        match guarded(&spelled(placement, table, sql)).await {
            Ok(Some(count)) if count == expected => {}
            // The sum of no rows is NULL.
            Ok(None) if shape == "case" && baseline == 0 => {}
            Ok(None) => wrong.push(format!("{shape} was refused")),
            Ok(Some(_)) => wrong.push(format!("{shape} gives another number")),
            Err(error) => wrong.push(format!("{shape}: {error}")),
        }
    }
    let says = if wrong.is_empty() { format!("{} shapes of one count agree", SHAPES.len()) } else { wrong.join(", ") };
    verdict.expect(format!("{name}/shapes"), wrong.is_empty(), says);
    foreign(gateway, placement, table, verdict).await;
}

/// Rows whose tenant column holds another key, as the database alone shows them: none, where the login decides.
async fn foreign(gateway: &Gateway, placement: &Arc<Placement>, table: &Table, verdict: &mut Verdict) {
    if !matches!(placement.level(), Level::NativeRows | Level::ViewRows) {
        return;
    }
    let rows = placement.rows();
    let qualified = format!("{}.{}", table.schema, table.name);
    let declared = rows.tables.get(&qualified).or_else(|| rows.tables.get(&table.name));
    let rule = declared.and_then(|table| table.tenant.as_ref());
    // A column that leads to another table does not hold the key.
    let Some(way) = rule.and_then(|rule| rule.ways().find(|way| way.leads_to.is_none())) else {
        return;
    };
    let (column, sql) = match placement.connection() {
        Connection::Postgres(_) => (
            format!("\"{}\"", way.column.replace('"', "\"\"")),
            "SELECT count(*) FROM {t} WHERE {c}::text IS DISTINCT FROM $1::text",
        ),
        Connection::Mysql(_) => (
            format!("`{}`", way.column.replace('`', "``")),
            "SELECT count(*) FROM {t} WHERE NOT (CAST({c} AS CHAR) <=> CAST(? AS CHAR))",
        ),
        Connection::Sqlite(_) => return,
    };
    let sql = spelled(placement, table, sql).replace("{c}", &column);
    let name = format!("foreign-rows/{qualified}");
    match gateway.ask(placement, &Statement::new(sql, vec![Bind::Text(rows.key.clone())])).await {
        Ok(answer) => match number(&answer) {
            Some(0) => {
                verdict.add(name, Verified::Passed, "the login sees no row of another tenant, without the guard")
            }
            _ => verdict.add(name, Verified::Failed, "the login sees rows of other tenants"),
        },
        Err(error) => verdict.add(name, Verified::Failed, error.to_string()),
    }
}

fn spelled(placement: &Placement, table: &Table, shape: &str) -> String {
    let quote = if matches!(placement.connection(), Connection::Mysql(_)) { '`' } else { '"' };
    let quoted = |name: &str| format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")));
    let name = quoted(&table.name);
    shape.replace("{t}", &format!("{}.{name}", quoted(&table.schema))).replace("{n}", &name)
}
