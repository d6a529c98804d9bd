//! `GET /api/dashboard?f=`

use axum::response::Response;
use serde_json::Value;
use tenancy::View;

use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::shape;
use crate::metabase::given::Given;
use crate::reply;

/// Lists dashboards: all, or the tenant's own as `mine`. Nothing is archived here.
pub(in super::super) async fn list(key: Key, given: Given) -> Result<Response, Denied> {
    let filter = given.first("f").unwrap_or("all");
    if !["all", "mine", "archived"].contains(&filter) {
        return Err(Denied::field("f", "must be all, mine or archived"));
    }
    let folders = Folders::of(&key.scope);
    let mut dashboards: Vec<Value> = Vec::new();
    for dashboard in key.scope.dashboards() {
        let dashboard = key.scope.dashboard::<View>(dashboard.id.as_str())?;
        if filter == "all" || (filter == "mine" && !dashboard.is_from_library()) {
            dashboards.push(shape::listed_dashboard(&folders, &dashboard));
        }
    }
    Ok(reply::json(&dashboards))
}
