//! Whose a row is, as `rules.json` says it.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;
use sqlguard::{Fence, Operand, Predicate};

use crate::fixture::ACME;

/// The rule of each table.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(super) struct Rules(BTreeMap<String, Rule>);

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    /// The same rows for everybody.
    Shared(bool),
    Tenant(Tenant),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tenant {
    column: String,
    table: Option<String>,
    key: Option<String>,
}

impl Rules {
    pub(super) fn of_shop() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("../../honest/rules.json")).context("honest/rules.json")
    }

    /// All tables have the tenant's key in a column `tenant_id`.
    pub(super) fn by_key<'a>(tables: impl IntoIterator<Item = &'a str>) -> Self {
        let tenant = || Rule::Tenant(Tenant { column: "tenant_id".to_owned(), table: None, key: None });
        Self(tables.into_iter().map(|name| (name.to_owned(), tenant())).collect())
    }

    /// The rule of a table as the guard takes it; operand 0 is the tenant's key.
    pub(super) fn fence(&self, schema: &str, table: &str) -> anyhow::Result<Fence> {
        Ok(match self.tenant(table)? {
            None => Fence::Open,
            Some(_) => Fence::Rows(self.predicate(schema, table)?),
        })
    }

    fn tenant(&self, table: &str) -> anyhow::Result<Option<&Tenant>> {
        Ok(match self.0.get(table).with_context(|| format!("the table {table} has no rule"))? {
            Rule::Shared(shared) => {
                anyhow::ensure!(*shared, "{table}: not shared, and no tenant");
                None
            }
            Rule::Tenant(tenant) => Some(tenant),
        })
    }

    fn predicate(&self, schema: &str, table: &str) -> anyhow::Result<Predicate> {
        let Some(tenant) = self.tenant(table)? else { return Ok(Predicate::Always) };
        let column = tenant.column.clone();
        Ok(match (&tenant.table, &tenant.key) {
            (Some(other), Some(key)) => Predicate::Through {
                column,
                schema: schema.to_owned(),
                relation: other.clone(),
                key: key.clone(),
                holds: Box::new(self.predicate(schema, other)?),
            },
            _ => Predicate::Equals { column, value: Operand(0) },
        })
    }

    /// Statements that leave A's rows only: those which lead to another table before that table itself.
    pub(super) fn leave_ours(&self, schema: &str) -> anyhow::Result<Vec<String>> {
        let mut all = Vec::new();
        for table in self.0.keys() {
            if let Some((length, condition)) = self.ours(schema, table)? {
                all.push((length, format!("DELETE FROM {schema}{table} WHERE NOT ({condition})")));
            }
        }
        all.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        Ok(all.into_iter().map(|(_, statement)| statement).collect())
    }

    /// How far a row is from the tenant's key, and what holds for A's, in SQL.
    fn ours(&self, schema: &str, table: &str) -> anyhow::Result<Option<(usize, String)>> {
        let Some(Tenant { column, table: other, key }) = self.tenant(table)? else { return Ok(None) };
        let (Some(other), Some(key)) = (other, key) else { return Ok(Some((0, format!("{column} = '{}'", ACME.0)))) };
        let (length, condition) = self.ours(schema, other)?.unwrap_or_default();
        Ok(Some((length + 1, format!("{column} IN (SELECT {key} FROM {schema}{other} WHERE {condition})"))))
    }
}
