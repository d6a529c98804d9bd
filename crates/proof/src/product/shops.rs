//! The data sources of the tenant `acme`: what is declared of their tables, and which attack is about which.
//!
//! A placement has one row key, and the fixture has three: two small sources beside the shop hold the tables whose keys
//! are a number and a UUID.

use serde_json::{Map, Value, json};

use crate::corpus::Item;
use crate::fixture::{ACME, Rule, Table, Whose, tables};
use crate::worlds::Level;

/// A data source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shop {
    /// All rows of A are the caller's: for API keys, which are no viewers.
    Keyed,
    /// Some rows of A are not the viewer's: for embed tokens.
    Viewed,
    /// The table whose tenant column is a number.
    Numbers,
    /// The table whose tenant column is a UUID.
    Uuids,
}

/// Whether tenants share tables there.
pub(super) const fn shares_tables(level: Level) -> bool {
    matches!(level, Level::GuardedRows | Level::NativeRows | Level::ViewRows)
}

impl Shop {
    /// The sources at a level. Where a database or schema is one tenant's there is no row key, and one will do for all
    /// tables.
    pub(super) const fn all(level: Level) -> &'static [Self] {
        if shares_tables(level) {
            &[Self::Keyed, Self::Viewed, Self::Numbers, Self::Uuids]
        } else {
            &[Self::Keyed, Self::Viewed]
        }
    }

    /// The source that an attack by an API key is about, or by a viewer.
    pub(super) fn of(item: &Item, level: Level, by_viewer: bool) -> Self {
        let names = |table| item.sql.to_lowercase().contains(table);
        match (shares_tables(level), by_viewer) {
            (true, _) if names("accounts") => Self::Numbers,
            (true, _) if names("devices") => Self::Uuids,
            (_, true) => Self::Viewed,
            (_, false) => Self::Keyed,
        }
    }

    /// Its slug; one letter, for names of databases.
    pub(super) const fn slug(self) -> &'static str {
        match self {
            Self::Keyed => "k",
            Self::Viewed => "v",
            Self::Numbers => "n",
            Self::Uuids => "u",
        }
    }

    /// What the tenant's rows hold in the tenant column.
    pub(super) fn row_key(self) -> String {
        match self {
            Self::Keyed | Self::Viewed => ACME.0.to_owned(),
            Self::Numbers => ACME.1.to_string(),
            Self::Uuids => ACME.2.to_owned(),
        }
    }

    /// The tables with the rows that are in its database in a full world.
    pub(super) fn tables(self, level: Level) -> Vec<Table> {
        let mut tables = tables(self == Self::Viewed);
        if !shares_tables(level) {
            // Others' rows are in others' databases and schemas.
            for table in &mut tables {
                table.rows.retain(|row| row.whose != Whose::Theirs);
            }
        }
        tables
    }

    /// What an operator declares.
    pub(super) fn declared(self, level: Level) -> Value {
        let mut declared = Map::new();
        for table in tables(true) {
            let is_here = match table.rule {
                Rule::Shared => true,
                Rule::Number => self == Self::Numbers || !shares_tables(level),
                Rule::Uuid => self == Self::Uuids || !shares_tables(level),
                _ => matches!(self, Self::Keyed | Self::Viewed),
            };
            if is_here {
                declared.insert(table.name.to_owned(), rule(table.rule));
            }
        }
        Value::Object(declared)
    }
}

/// A rule of the fixture in the product's words. `people` and `sub` are what the token says of the viewer.
fn rule(rule: Rule) -> Value {
    let own = json!({ "column": "tenant_id" });
    match rule {
        Rule::Shared => json!({ "shared": true }),
        Rule::Key | Rule::Number | Rule::Uuid => json!({ "tenant": own, "viewers": [{}] }),
        Rule::ThroughOrders => {
            json!({ "tenant": { "column": "order_id", "table": "orders", "key": "id" }, "viewers": [{}] })
        }
        Rule::Owners => json!({ "tenant": own, "viewers": [{ "column": "owner", "attribute": "people" }] }),
        Rule::ThroughTickets => json!({ "tenant": own, "viewers": [
            { "column": "ticket_id", "table": "tickets", "key": "id" }, { "column": "author", "attribute": "sub" }] }),
    }
}
