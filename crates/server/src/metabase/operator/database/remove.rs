//! `DELETE /api/database/{id}`

use axum::response::Response;

use super::super::super::api::denied::Denied;
use super::super::admin::{Admin, refused};
use super::found::{Found, destination};
use crate::reply;

/// Removes a data source that nothing uses, or a tenant's own place for one: the template's is in force again, if there is one.
pub(super) async fn remove(admin: Admin) -> Result<Response, Denied> {
    match Found::of(&admin).await? {
        Found::Source(source) => admin.operator.delete_source(source.id.as_str()).await?,
        Found::Destination(overview) => {
            let (_, own) = destination(&overview, &admin)?;
            let removed = admin.operator.delete_placement(own.tenant.id.as_str(), own.source.id.as_str()).await;
            removed.map_err(|error| refused(error, &[]))?;
        }
    }
    Ok(reply::done())
}
