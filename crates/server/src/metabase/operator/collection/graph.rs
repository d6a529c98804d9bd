//! `GET /api/collection/graph`

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Serialize;
use tenancy::Overview;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::super::group::Group;
use super::cells::Publications;
use crate::metabase::revision::{self, fits};
use crate::reply;

/// Who sees which of the library's collections.
#[derive(Serialize)]
pub(super) struct Graph {
    pub(super) revision: i32,
    groups: BTreeMap<i32, BTreeMap<String, &'static str>>,
}

/// The name of what lies in no collection.
pub(super) const ROOT: &str = "root";

impl Graph {
    pub(super) fn of(overview: &Overview) -> Result<Self, Denied> {
        fits(overview.tenants.len(), overview.collections.len())?;
        let publications = Publications::of(overview);
        let row = |group: Group<'_>| {
            let cell = |own: &tenancy::Collection| (own.number.to_string(), publications.cell(group, own.id.as_str()));
            // What lies in no collection is published thing by thing.
            let root = if matches!(group, Group::Administrators) { "write" } else { "none" };
            let cells = overview.collections.iter().map(cell).chain([(ROOT.to_owned(), root)]).collect();
            (group.number(), cells)
        };
        let groups = Group::all(overview).map(row).collect();
        Ok(Self { revision: revision::of(&groups), groups })
    }
}

/// Shows the graph.
pub(super) async fn show(admin: Admin) -> Result<Response, Denied> {
    Ok(reply::json(&Graph::of(&admin.operator.overview().await?)?))
}
