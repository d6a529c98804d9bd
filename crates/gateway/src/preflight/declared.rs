//! Whether the tables that a data source declares are there, with the columns that its rules name.

use tenancy::model::rules::{TableDraft, Tables, TenantRule};
use tenancy::placement::Placement;

use super::{Finding, Outcome, Table};
use crate::guard::{self, same_name};
use crate::shown::shown;

/// Names in one message.
pub(super) const MOST_NAMES: usize = 10;

/// Letters of one name.
const LONGEST_NAME: usize = 200;

/// Two findings, for tables and for columns; none when nothing is declared.
pub(super) fn check(placement: &Placement, found: &[Table]) -> Vec<Finding> {
    let tables = &placement.rows().tables;
    if tables.is_empty() {
        return Vec::new();
    }
    vec![presence(placement, tables, found), columns(placement, tables, found)]
}

/// A table that is not there is read by nobody; where tenants share tables, it should be.
fn presence(placement: &Placement, tables: &Tables, found: &[Table]) -> Finding {
    let shares = placement.level().shares_tables();
    // Where tenants share tables, one that does not say whose a row is has no use.
    let used = |draft: &TableDraft| !shares || draft.shared || draft.tenant.is_some();
    let missing = tables.iter().filter(|(name, draft)| used(draft) && look_up(placement, found, name).is_none());
    let missing = listed(missing.map(|(name, _)| name.as_str()));
    match (missing.is_empty(), shares) {
        (true, _) => Finding::holds("declared-tables", "the declared tables are there"),
        (false, false) => {
            Finding::holds("declared-tables", format!("declared, but not there for this tenant: {missing}"))
        }
        (false, true) => {
            let message = format!(
                "declared, but the login cannot read them: {missing}. Run the script of set-up again, or take them out of the data source"
            );
            Finding::fails("declared-tables", Outcome::StopsTenantSql, message)
        }
    }
}

/// A rule whose column is not there cannot be kept.
fn columns(placement: &Placement, tables: &Tables, found: &[Table]) -> Finding {
    let mut missing = Vec::new();
    for (name, draft) in tables {
        if look_up(placement, found, name).is_none() {
            continue;
        }
        for (table, column) in needed(name, draft) {
            let columns = look_up(placement, found, table).map(|table| table.columns.as_slice()).unwrap_or_default();
            if !columns.iter().any(|(own, _)| same_name(placement, own, column)) {
                missing.push(format!("{table}.{column}"));
            }
        }
    }
    missing.sort();
    missing.dedup();
    if missing.is_empty() {
        return Finding::holds("declared-columns", "the columns that rules name are there");
    }
    let shares = placement.level().shares_tables();
    let outcome = if shares { Outcome::StopsEverything } else { Outcome::StopsTenantSql };
    let missing = listed(missing.iter().map(String::as_str));
    let message =
        format!("rules name columns that the login cannot read: {missing}. Correct the rules, or let it read them");
    Finding::fails("declared-columns", outcome, message)
}

/// The columns that a table's rules name, with their tables.
fn needed<'a>(name: &'a str, draft: &'a TableDraft) -> Vec<(&'a str, &'a str)> {
    let tenant = draft.tenant.iter().flat_map(TenantRule::ways).map(|way| (Some(way.column), way.leads_to));
    let viewers = draft.viewers.iter().flatten();
    let viewers = viewers.map(|rule| (rule.column.as_deref(), rule.table.as_deref().zip(rule.key.as_deref())));
    let mut needed = Vec::new();
    for (column, leads_to) in tenant.chain(viewers) {
        needed.extend(column.map(|column| (name, column)));
        needed.extend(leads_to);
    }
    needed
}

fn look_up<'a>(placement: &Placement, found: &'a [Table], name: &str) -> Option<&'a Table> {
    let own = guard::schema(placement);
    let (schema, name) = name.split_once('.').unwrap_or((own.as_str(), name));
    found.iter().find(|table| table.schema == schema && table.name == name)
}

/// Some names, as a message shows them.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = names.into_iter();
    let some: Vec<_> = all.by_ref().take(MOST_NAMES).map(|name| shown(name, LONGEST_NAME)).collect();
    let more = all.next().is_some();
    some.join(", ") + if more { " and more" } else { "" }
}
