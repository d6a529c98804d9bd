//! `GET /api/permissions/graph`, `…/group/{id}` and `…/db/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::admin::Admin;
use super::graph::Graph;
use crate::problem::Problem;
use crate::reply;

/// Shows the graph.
pub(super) async fn show(admin: Admin) -> Result<Response, Denied> {
    Ok(reply::json(&Graph::of(&admin.operator.overview().await?)?))
}

/// Shows a group's part. The revision is the whole graph's.
pub(super) async fn of_group(admin: Admin) -> Result<Response, Denied> {
    let (mut graph, name) = (Graph::of(&admin.operator.overview().await?)?, admin.id()?);
    graph.groups.retain(|group, _| group.to_string() == name);
    if graph.groups.is_empty() { Err(Problem::missing().into()) } else { Ok(reply::json(&graph)) }
}

/// Shows a database's part. The revision is the whole graph's.
pub(super) async fn of_database(admin: Admin) -> Result<Response, Denied> {
    let source = admin.source().await?;
    let mut graph = Graph::of(&admin.operator.overview().await?)?;
    for row in graph.groups.values_mut() {
        row.retain(|database, _| *database == source.number);
    }
    Ok(reply::json(&graph))
}
