//! `PUT /api/ee/database-routing/router-database/{id}`

use axum::response::Response;
use serde::Deserialize;

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::super::database::Shape;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    user_attribute: Option<String>,
}

/// Says what decides where a tenant reads, which here is the tenant alone: that is accepted, and nothing else.
pub(super) async fn replace(admin: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let source = admin.source().await?;
    if body.user_attribute.as_deref().is_some_and(|name| name != "slug" && name != "@tenant.slug") {
        let cure = "no attribute of a viewer decides where rows are read, the credential's tenant does: write \"slug\", and name each \
                    destination by its tenant's slug";
        return Err(Denied::field("user_attribute", cure));
    }
    Ok(reply::versioned(source.version, &Shape::of_source(&source)))
}
