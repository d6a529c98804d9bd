//! `PUT /api/permissions/graph`

use std::collections::BTreeMap;

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::graph::Graph;
use crate::metabase::revision;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    revision: Option<i64>,
    #[serde(default)]
    groups: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
    #[serde(default)]
    sandboxes: Option<Vec<Value>>,
    #[serde(default)]
    impersonations: Option<Vec<Value>>,
}

const CURE: &str = "follows from where the tenant's rows are: give it a place (POST /api/ee/database-routing/destination-database, PUT \
    /v1/tenants/:tenant/placements/:source) or take it away; what a key may do is in its scopes";

/// Accepts a graph that says what is so. Rights follow from placements, and are changed there.
pub(super) async fn replace(admin: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let graph = Graph::of(&admin.operator.overview().await?)?;
    revision::check(body.revision, graph.revision)?;
    for (name, list) in [("sandboxes", &body.sandboxes), ("impersonations", &body.impersonations)] {
        if list.as_ref().is_some_and(|list| !list.is_empty()) {
            return Err(Denied::field(
                name,
                "which rows a viewer reads is declared in the data source's tables: PUT /v1/sources/:source",
            ));
        }
    }
    for (number, row) in &body.groups {
        let own = number.parse().ok().and_then(|number: i32| graph.groups.get(&number));
        let own = own.ok_or_else(|| Denied::field(format!("groups.{number}"), "there is no such group"))?;
        for (database, said) in row {
            let field = format!("groups.{number}.{database}");
            let cell = database.parse().ok().and_then(|database: i32| own.get(&database));
            let cell = cell.ok_or_else(|| Denied::field(field.as_str(), "there is no such database"))?;
            for (name, value) in said {
                let is_so = match name.as_str() {
                    "view-data" => value.as_str() == Some(cell.view_data),
                    "create-queries" => value.as_str() == Some(cell.create_queries),
                    _ => value.is_null(),
                };
                if !is_so {
                    return Err(Denied::field(format!("{field}.{name}"), CURE));
                }
            }
        }
    }
    Ok(reply::json(&graph))
}
