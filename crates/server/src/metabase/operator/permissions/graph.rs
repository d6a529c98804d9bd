//! The graph: a tenant reads its own rows of a data source where it has a place for it, and writes SQL where its level lets it.

use std::collections::BTreeMap;

use serde::Serialize;
use tenancy::Overview;
use tenancy::placement::Level;

use super::super::super::api::denied::Denied;
use super::super::group::Group;
use crate::metabase::revision::{self, fits};

/// Which group reads which database.
#[derive(Serialize)]
pub(super) struct Graph {
    pub(super) revision: i32,
    pub(super) groups: BTreeMap<i32, BTreeMap<i32, Cell>>,
}

/// What a group may do with a database.
#[derive(Serialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Cell {
    pub(super) view_data: &'static str,
    pub(super) create_queries: &'static str,
}

impl Graph {
    pub(super) fn of(overview: &Overview) -> Result<Self, Denied> {
        fits(overview.tenants.len(), overview.sources.len())?;
        let row = |group: Group<'_>| {
            let cell = |source| {
                let level = match group {
                    Group::Tenant(tenant) => overview.level(tenant, source),
                    // Nothing is read without a tenant, by operators neither.
                    Group::Everybody | Group::Administrators => None,
                };
                (source.number, Cell::at(level))
            };
            (group.number(), overview.sources.iter().map(cell).collect())
        };
        let groups = Group::all(overview).map(row).collect();
        Ok(Self { revision: revision::of(&groups), groups })
    }
}

impl Cell {
    fn at(level: Option<Level>) -> Self {
        let create_queries = match level {
            None | Some(Level::GuardedRows) => "no",
            Some(Level::Database | Level::Schema | Level::NativeRows | Level::ViewRows) => "query-builder-and-native",
        };
        let view_data = if level.is_some() { "unrestricted" } else { "blocked" };
        Self { view_data, create_queries }
    }
}
