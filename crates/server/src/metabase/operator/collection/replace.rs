//! `PUT /api/collection/graph`

use axum::response::Response;
use serde::Deserialize;

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::graph::Graph;
use super::plan::{Said, plan};
use crate::metabase::revision;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    revision: Option<i64>,
    #[serde(default)]
    groups: Said,
}

/// Publishes and withdraws so that the cells that are said hold, all of them or none. The others stay.
pub(super) async fn replace(admin: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let decide = |overview: &tenancy::Overview| {
        revision::check(body.revision, Graph::of(overview)?.revision)?;
        plan(overview, &body.groups)
    };
    admin.operator.republish(decide).await?;
    Ok(reply::json(&Graph::of(&admin.operator.overview().await?)?))
}
