//! `PUT /api/database/{id}`

use axum::response::Response;
use tenancy::model::placing::Source;

use super::super::super::api::authoring::Edited;
use super::super::super::api::denied::Denied;
use super::super::super::api::sent::Sent;
use super::super::admin::{Admin, refused};
use super::details::FIELDS;
use super::found::{Found, destination};
use super::shape::Shape;
use super::template::Fields;
use crate::reply;

/// Changes what the body names of a data source, or of a tenant's own place for one. Tables, limits and everything else stays.
pub(super) async fn replace(admin: Admin, edited: Edited, Sent(fields): Sent<Fields>) -> Result<Response, Denied> {
    let overview = match Found::of(&admin).await? {
        Found::Source(source) => {
            let Source { id, version, mut draft, .. } = *source;
            edited.check(version)?;
            if fields.slug.as_deref().is_some_and(|slug| slug != draft.slug.as_str()) {
                return Err(Denied::field("slug", "a slug never changes: cards and placements use it"));
            }
            fields.put(&mut draft)?;
            let made = admin.operator.replace_source(id.as_str(), version, draft).await;
            let made = made.map_err(|error| refused(error, &FIELDS))?;
            return Ok(reply::versioned(made.version, &Shape::of_source(&made)));
        }
        Found::Destination(overview) => overview,
    };
    let (_, own) = destination(&overview, &admin)?;
    edited.check(own.version)?;
    if fields.name.as_deref().is_some_and(|name| name != own.tenant.draft.slug.as_str()) {
        return Err(Denied::field("name", "is the tenant's slug, and a destination stays its tenant's"));
    }
    let mut draft = own.draft.clone();
    // Absent keeps the stored one.
    draft.password = None;
    if let Some(name) = &fields.engine {
        let engine = super::template::engine(name)?;
        draft.engine = draft.engine.or((engine != own.source.draft.engine).then_some(engine)).map(|_| engine);
    }
    if let Some(details) = fields.details()? {
        details.put(&mut draft);
    }
    let (tenant, source) = (own.tenant.id.as_str(), own.source.id.as_str());
    let made = admin.operator.put_placement(tenant, source, own.version, draft).await;
    made.map_err(|error| refused(error, &FIELDS))?;
    let overview = admin.operator.overview().await?;
    let (number, own) = destination(&overview, &admin)?;
    Ok(reply::versioned(own.version, &Shape::of_destination(number, &own)))
}
