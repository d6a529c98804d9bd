//! What decides over a relation's rows, in words: for operators, without any value that is compared with.

use tenancy::Viewer;
use tenancy::model::rules::{Conditions, MaskKind, TableDraft, Tables, TenantRule, TenantWay, ViewerRule};
use tenancy::placement::{Level, Placement};

/// The rules that decide for this caller. `applies` says whether a viewer rule is for it.
pub(super) fn decided(
    placement: &Placement,
    draft: Option<(&str, &TableDraft)>,
    viewer: Option<&Viewer>,
    applies: impl Fn(&ViewerRule) -> bool,
) -> String {
    let tables = &placement.rows().tables;
    let Some((_, draft)) = draft else { return "all rows that the tenant's login reads".to_owned() };
    let mut parts = Vec::new();
    if draft.shared {
        parts.push("shared: all rows".to_owned());
    } else {
        parts.push(of_tenant(placement.level(), tables, draft));
        parts.extend(of_viewers(tables, draft, viewer, applies));
    }
    let masks = draft.masks.iter().map(|(column, mask)| {
        let kind = match mask.mask {
            MaskKind::Hidden => "hidden",
            MaskKind::Null => "null",
            MaskKind::Hash => "hash",
            MaskKind::LastFour => "last-four",
        };
        let unless =
            if mask.unless.is_empty() { String::new() } else { format!(" unless {}", conditions(&mask.unless)) };
        format!("mask of {column}: {kind}{unless}")
    });
    parts.extend(masks);
    parts.join("; ")
}

fn of_tenant(level: Level, tables: &Tables, draft: &TableDraft) -> String {
    match (level, &draft.tenant) {
        (Level::Database, _) => "the tenant's own database".to_owned(),
        (Level::Schema, _) => "the tenant's own schema".to_owned(),
        (Level::NativeRows, Some(rule)) => format!("row level security: {}", chain(tables, rule)),
        (Level::ViewRows, Some(rule)) => format!("a view: {}", chain(tables, rule)),
        (Level::GuardedRows, Some(rule)) => format!("the guard's fence: {}", chain(tables, rule)),
        (_, None) => "no tenant rule: nobody reads it".to_owned(),
    }
}

/// `order_id in id of orders with tenant_id = the tenant's key`
fn chain(tables: &Tables, rule: &TenantRule) -> String {
    let way = |way: TenantWay<'_>| match way.leads_to {
        None => format!("{} = the tenant's key", way.column),
        // The catalog refuses circles, and what leads nowhere.
        Some((table, key)) => match tables.get(table).and_then(|table| table.tenant.as_ref()) {
            Some(rule) => format!("{} in {key} of {table} with {}", way.column, chain(tables, rule)),
            None => format!("{} in {key} of {table}, which nobody reads", way.column),
        },
    };
    rule.ways().map(way).collect::<Vec<_>>().join(" and ")
}

fn of_viewers(
    tables: &Tables,
    draft: &TableDraft,
    viewer: Option<&Viewer>,
    applies: impl Fn(&ViewerRule) -> bool,
) -> Option<String> {
    if !tables.values().any(|table| table.viewers.is_some()) {
        return None;
    }
    if viewer.is_none() {
        return Some("an API key is no viewer: all rows of the tenant".to_owned());
    }
    let Some(rules) = &draft.viewers else { return Some("no viewer rule: no viewer reads it".to_owned()) };
    let applying = rules.iter().enumerate().filter(|(_, rule)| applies(rule));
    let applying: Vec<_> = applying.map(|(place, rule)| format!("viewer rule {}: {}", place + 1, rows(rule))).collect();
    Some(match applying.is_empty() {
        true => "no viewer rule is for this viewer: no rows".to_owned(),
        false => applying.join(", or "),
    })
}

fn rows(rule: &ViewerRule) -> String {
    let whose = if rule.when.is_empty() { String::new() } else { format!(" (for {})", conditions(&rule.when)) };
    let rows = match (&rule.column, &rule.attribute, &rule.table, &rule.key) {
        (Some(column), Some(attribute), ..) => format!("{column} in the viewer's {attribute}"),
        (Some(column), _, Some(table), Some(key)) => {
            format!("{column} in {key} of the rows of {table} that the viewer reads")
        }
        _ => "all rows".to_owned(),
    };
    format!("{rows}{whose}")
}

/// The rules' own words are the operator's; the viewer's facts are not in them.
fn conditions(conditions: &Conditions) -> String {
    let one = |(name, values): (&String, &Vec<serde_json::Value>)| {
        let values: Vec<_> = values.iter().map(ToString::to_string).collect();
        format!("{name} = {}", values.join(" or "))
    };
    conditions.iter().map(one).collect::<Vec<_>>().join(" and ")
}
