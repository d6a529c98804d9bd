//! What is known about the tables of a data source: whose a row is, which viewer reads it, which columns are masked.
//!
//! ```
//! use tenancy::model::rules::Tables;
//!
//! let tables: Tables = serde_json::from_value(serde_json::json!({
//!     "courses": {
//!         "tenant": { "column": "company_id" },
//!         "viewers": [
//!             { "when": { "role": ["manager"] } },
//!             { "when": { "role": ["teacher"] }, "column": "id", "attribute": "courses" }
//!         ]
//!     },
//!     "grades": {
//!         "tenant": { "column": "course_id", "table": "courses", "key": "id" },
//!         "viewers": [
//!             { "column": "course_id", "table": "courses", "key": "id" },
//!             { "when": { "role": ["student"] }, "column": "user_id", "attribute": "sub" }
//!         ],
//!         "masks": { "comment": { "mask": "null", "unless": { "role": ["manager"] } } }
//!     },
//!     "countries": { "shared": true }
//! })).unwrap();
//! tenancy::model::rules::validate(&tables).unwrap();
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Invalid;

/// Tables by name: `orders`, or `schema.orders`. A name without a schema lies in the placement's own schema (PostgreSQL:
/// `public` when it has none) or database.
pub type Tables = BTreeMap<String, TableDraft>;

/// Conditions on a viewer: each attribute has one of the values. An attribute that is a list has one in common.
pub type Conditions = BTreeMap<String, Vec<Value>>;

/// What is known about one table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableDraft {
    /// Reference data: every tenant and every viewer reads every row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// How a row says whose it is, where tenants share tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantRule>,
    /// Which rows a viewer reads: those for which one of the rules that apply holds, no row when none applies. API keys
    /// are no viewers and read all rows of their tenant. Absent: the table is not read for viewers where another table
    /// of the data source has such rules, unless it is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewers: Option<Vec<ViewerRule>>,
    /// What is shown instead of a column's values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub masks: BTreeMap<String, MaskDraft>,
}

/// How a row says whose it is: a column holds the tenant's key, or leads to a row of a table that says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantRule {
    /// The column: of the tenant's key, or of the other table's `key`.
    pub column: String,
    /// The table that it leads to, which has a tenant rule of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column of the other table that `column` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What must hold as well: a row is the tenant's when the column above and each of these say so. A grade, say, of one
    /// of the tenant's courses that was given to one of the tenant's people, where people are of several tenants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub and: Vec<TenantColumn>,
}

/// Another column that says whose a row is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantColumn {
    /// The column: of the tenant's key, or of the other table's `key`.
    pub column: String,
    /// The table that it leads to, which has a tenant rule of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column of the other table that `column` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// One of the columns by which a row says whose it is; all of them must say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantWay<'a> {
    /// The column.
    pub column: &'a str,
    /// The table that it leads to and the column there; nothing when it holds the tenant's key.
    pub leads_to: Option<(&'a str, &'a str)>,
}

impl TenantRule {
    /// A column that holds the tenant's key.
    #[must_use]
    pub const fn of_key(column: String) -> Self {
        Self { column, table: None, key: None, and: Vec::new() }
    }

    /// All columns that decide.
    pub fn ways(&self) -> impl Iterator<Item = TenantWay<'_>> {
        let first = (&self.column, &self.table, &self.key);
        let more = self.and.iter().map(|one| (&one.column, &one.table, &one.key));
        std::iter::once(first)
            .chain(more)
            .map(|(column, table, key)| TenantWay { column, leads_to: table.as_deref().zip(key.as_deref()) })
    }
}

/// Rows that a viewer reads. With no column: all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewerRule {
    /// Whom the rule is for; everybody when empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Vec<Object>>)]
    pub when: Conditions,
    /// The column that decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The viewer's attribute that the column must hold, or one value of it when it is a list; `sub` is the viewer itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// In place of an attribute: the table whose rows, as far as this viewer reads them, `column` must lead to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The column of the other table that `column` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A mask and who is spared it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MaskDraft {
    /// What is shown.
    pub mask: MaskKind,
    /// Viewers that read the values themselves. API keys never do.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Vec<Object>>)]
    pub unless: Conditions,
}

/// What is shown instead of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MaskKind {
    /// Nothing: the column is not there.
    Hidden,
    /// NULL.
    Null,
    /// A digest, in hexadecimal: equal values stay equal within one tenant, and differ between tenants.
    Hash,
    /// The last four characters; NULL for values that have no more than four.
    LastFour,
}

/// Checks the rules of all tables.
///
/// # Errors
/// The first field that is wrong.
pub fn validate(tables: &Tables) -> Result<(), Invalid> {
    if tables.len() > 2000 {
        return Err(Invalid::new("tables", "declare at most 2000 tables"));
    }
    for (name, table) in tables {
        let field = |rest: &str| format!("tables.{name}.{rest}");
        if !is_table_name(name) {
            return Err(Invalid::new(
                "tables",
                "write the name of a table, or schema.table: no quotes, one dot at most",
            ));
        }
        if table.shared && (table.tenant.is_some() || table.viewers.is_some()) {
            return Err(Invalid::new(field("shared"), "a shared table is read by everybody: it has no other rule"));
        }
        if let Some(rule) = &table.tenant {
            tenant_rule(tables, rule).map_err(|message| Invalid::new(field("tenant"), message))?;
        }
        for (place, rule) in table.viewers.iter().flatten().enumerate() {
            viewer_rule(tables, rule).map_err(|message| Invalid::new(field(&format!("viewers.{place}")), message))?;
        }
        let conditions = table.viewers.iter().flatten().map(|rule| &rule.when);
        for conditions in conditions.chain(table.masks.values().map(|mask| &mask.unless)) {
            check_conditions(conditions).map_err(|message| Invalid::new(field("when"), message))?;
        }
        if !table.masks.keys().all(|column| is_column(column)) {
            return Err(Invalid::new(field("masks"), COLUMN));
        }
    }
    for name in tables.keys() {
        no_circle(tables, name, tenant_leads)?;
        no_circle(tables, name, viewer_leads)?;
    }
    let mut ends = BTreeMap::new();
    for name in tables.keys() {
        if ends_of(tables, name, &mut ends) > MOST_ENDS {
            return Err(Invalid::new(
                format!("tables.{name}.tenant"),
                "it leads to more than 64 columns with the tenant's key: leave out some of \"and\"",
            ));
        }
    }
    Ok(())
}

/// To how many columns with the tenant's key a table's rule leads, over all tables in between. There are no circles.
fn ends_of<'a>(tables: &'a Tables, name: &'a str, known: &mut BTreeMap<&'a str, usize>) -> usize {
    if let Some(ends) = known.get(name) {
        return *ends;
    }
    let mut ends = 0_usize;
    for way in tables.get(name).and_then(|table| table.tenant.as_ref()).into_iter().flat_map(TenantRule::ways) {
        let more = way.leads_to.map_or(1, |(table, _)| ends_of(tables, table, known));
        ends = ends.saturating_add(more);
    }
    known.insert(name, ends);
    ends
}

const COLUMN: &str = "a column is a name of 1 to 128 characters without control characters";

/// The most columns beside the first that say whose a row is.
const MOST_AND: usize = 4;

/// The most columns with a tenant's key that one table's rule leads to.
const MOST_ENDS: usize = 64;

fn tenant_rule(tables: &Tables, rule: &TenantRule) -> Result<(), &'static str> {
    if rule.and.len() > MOST_AND {
        return Err("\"and\" has at most 4 entries");
    }
    tenant_column(tables, &rule.column, rule.table.as_ref(), rule.key.as_ref())?;
    rule.and.iter().try_for_each(|one| tenant_column(tables, &one.column, one.table.as_ref(), one.key.as_ref()))
}

fn tenant_column(
    tables: &Tables,
    column: &str,
    table: Option<&String>,
    key: Option<&String>,
) -> Result<(), &'static str> {
    if !is_column(column) {
        return Err(COLUMN);
    }
    match (table, key) {
        (None, None) => Ok(()),
        (Some(table), Some(key)) if is_column(key) => match tables.get(table) {
            Some(TableDraft { tenant: Some(_), .. }) => Ok(()),
            _ => Err("\"table\" is a declared table that has a tenant rule of its own"),
        },
        _ => Err("\"table\" and \"key\" belong together"),
    }
}

fn viewer_rule(tables: &Tables, rule: &ViewerRule) -> Result<(), &'static str> {
    if rule.column.as_ref().is_some_and(|column| !is_column(column)) {
        return Err(COLUMN);
    }
    match (&rule.column, &rule.attribute, &rule.table, &rule.key) {
        (None, None, None, None) => Ok(()),
        (Some(_), Some(attribute), None, None) if is_attribute(attribute) => Ok(()),
        (Some(_), None, Some(table), Some(key)) if is_column(key) => match tables.get(table) {
            Some(TableDraft { viewers: Some(_), .. }) => Ok(()),
            _ => Err("\"table\" is a declared table that has viewer rules of its own"),
        },
        _ => Err(
            "write \"column\" and \"attribute\", or \"column\", \"table\" and \"key\", or none of them for all rows",
        ),
    }
}

fn check_conditions(conditions: &Conditions) -> Result<(), &'static str> {
    let scalar = |value: &Value| value.is_string() || value.is_boolean() || value.is_number();
    let sound = |(name, values): (&String, &Vec<Value>)| {
        is_attribute(name) && !values.is_empty() && values.len() <= 100 && values.iter().all(scalar)
    };
    if conditions.len() <= 20 && conditions.iter().all(sound) {
        return Ok(());
    }
    Err("each condition is an attribute's name and a list of 1 to 100 texts, numbers or booleans")
}

/// The tables that a table's tenant rule leads to.
fn tenant_leads(table: &TableDraft) -> Vec<&str> {
    let ways = table.tenant.iter().flat_map(TenantRule::ways);
    ways.filter_map(|way| way.leads_to).map(|(table, _)| table).collect()
}

/// The tables that a table's rules for viewers lead to.
fn viewer_leads(table: &TableDraft) -> Vec<&str> {
    table.viewers.iter().flatten().filter_map(|rule| rule.table.as_deref()).collect()
}

/// A rule that leads to its own table, over others or not, would never end. Tenant rules lead to tenant rules only, and
/// rules for viewers to rules for viewers and, from there, to tenant rules: the two kinds make no circle together.
fn no_circle(tables: &Tables, start: &str, leads: fn(&TableDraft) -> Vec<&str>) -> Result<(), Invalid> {
    let leads_to = |name: &str| tables.get(name).map(leads).unwrap_or_default();
    let mut seen = std::collections::BTreeSet::new();
    let mut open = leads_to(start);
    while let Some(next) = open.pop() {
        if next == start {
            return Err(Invalid::new(format!("tables.{start}"), "its rules lead back to itself"));
        }
        if seen.insert(next) {
            open.extend(leads_to(next));
        }
    }
    Ok(())
}

fn is_column(name: &str) -> bool {
    let quotes = |c: char| c.is_control() || matches!(c, '`' | '"' | '\\' | '\'');
    (1..=128).contains(&name.chars().count()) && !name.chars().any(quotes)
}

fn is_table_name(name: &str) -> bool {
    name.split('.').count() <= 2 && name.split('.').all(is_column)
}

fn is_attribute(name: &str) -> bool {
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{Tables, validate};
    use serde_json::json;

    fn refused(tables: serde_json::Value) -> String {
        let tables: Tables = serde_json::from_value(tables).unwrap_or_default();
        validate(&tables).err().map(|invalid| invalid.field).unwrap_or_default()
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (tables, field) in [
            (json!({ "a.b.c": {} }), "tables"),
            (json!({ "a\"": {} }), "tables"),
            (json!({ "a": { "shared": true, "tenant": { "column": "t" } } }), "tables.a.shared"),
            (json!({ "a": { "tenant": { "column": "t", "table": "b" } } }), "tables.a.tenant"),
            (json!({ "a": { "tenant": { "column": "t", "table": "b", "key": "id" } }, "b": {} }), "tables.a.tenant"),
            (json!({ "a": { "tenant": { "column": "t", "and": [{ "column": "" }] } } }), "tables.a.tenant"),
            (
                json!({ "a": { "tenant": { "column": "t", "and": [{ "column": "u", "key": "id" }] } } }),
                "tables.a.tenant",
            ),
            (
                json!({ "a": { "tenant": { "column": "t", "and": vec![json!({ "column": "u" }); 5] } } }),
                "tables.a.tenant",
            ),
            (
                json!({ "a": { "tenant": { "column": "t", "and": [{ "column": "b", "table": "b", "key": "id" }] } },
                        "b": { "tenant": { "column": "a", "table": "a", "key": "id" } } }),
                "tables.a",
            ),
            (json!({ "a": { "viewers": [{ "column": "c" }] } }), "tables.a.viewers.0"),
            (json!({ "a": { "viewers": [{ "attribute": "c" }] } }), "tables.a.viewers.0"),
            (json!({ "a": { "viewers": [{ "when": { "role": [] } }] } }), "tables.a.when"),
            (json!({ "a": { "masks": { "": { "mask": "null" } } } }), "tables.a.masks"),
            (json!({ "a": { "tenant": { "column": "b", "table": "a", "key": "id" } } }), "tables.a"),
        ] {
            assert_eq!(refused(tables.clone()), field, "{tables}");
        }
    }

    #[test]
    fn what_would_grow_without_bounds_is_refused() {
        // Each table leads to the next by five ways: 5, 25, 125 columns with the key.
        let way = |table: usize| json!({ "column": "x", "table": format!("t{table}"), "key": "id" });
        let five = |table: usize| {
            let mut rule = way(table);
            rule["and"] = json!(vec![way(table); 4]);
            json!({ "tenant": rule })
        };
        let last = json!({ "tenant": { "column": "key" } });
        let two = json!({ "t1": five(2), "t2": five(3), "t3": last });
        assert_eq!(refused(two), "");
        let three = json!({ "t0": five(1), "t1": five(2), "t2": five(3), "t3": last });
        assert_eq!(refused(three), "tables.t0.tenant");
    }

    #[test]
    fn circles_are_found_over_several_tables() {
        let lead = |table: &str| json!({ "viewers": [{ "column": "x", "table": table, "key": "id" }] });
        assert_eq!(refused(json!({ "a": lead("b"), "b": lead("c"), "c": lead("a") })), "tables.a");
        assert_eq!(refused(json!({ "a": lead("b"), "b": lead("c"), "c": { "viewers": [{}] } })), "");
        // Whose a row is and who reads it are two ways: one there and one back is no circle.
        let both = json!({ "a": { "tenant": { "column": "t" }, "viewers": [{ "column": "x", "table": "b", "key": "id" }] },
            "b": { "tenant": { "column": "y", "table": "a", "key": "id" }, "viewers": [{}] } });
        assert_eq!(refused(both), "");
    }
}
