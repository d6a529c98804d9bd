//! Public links of cards and dashboards, at the office that `/v1/public-links` has. The tenant's, not the thing's (ADR 10): only
//! digests are kept, so no UUID is told a second time, and each call makes a link of its own.

use std::collections::BTreeSet;

use axum::response::Response;
use serde::Serialize;
use tenancy::model::link::{PublicLink, PublicLinkDraft};
use tenancy::{FreshLink, KeyOffice, LookupError, Resource, WriteError};

use super::denied::Denied;
use super::key::Key;
use crate::reply;

/// What each link is called in the list of links.
const NAME: &str = "public_link";

#[derive(Serialize)]
struct Made {
    uuid: FreshLink,
}

/// A thing in a list of things that strangers may see. Guests' lists have no `public_uuid`.
#[derive(Serialize)]
pub(super) struct Listed<'r> {
    pub(super) id: i32,
    pub(super) name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_uuid: Option<Untold>,
}

/// `null`: of a link's UUID there is a digest only.
#[derive(Serialize)]
pub(super) struct Untold;

/// Makes a link. Files may be had with it where this key may have them: there is no word for it here.
pub(super) async fn make(office: &KeyOffice, resource: Resource, export: bool) -> Result<Response, Denied> {
    let draft = PublicLinkDraft { name: NAME.to_owned(), resource, expires_at: None, export };
    let made = office.create_public_link(draft).await?;
    Ok(reply::json(&Made { uuid: made.uuid }))
}

/// Ends every link of a thing that this key may end.
///
/// Each is a change with its own entry in the log. Where one fails, those before it have ended, and the call is made again.
pub(super) async fn end(office: &KeyOffice, resource: &Resource) -> Result<Response, Denied> {
    let links: Vec<PublicLink> =
        office.public_links_in_force().await?.into_iter().filter(|link| link.draft.resource == *resource).collect();
    if links.is_empty() {
        return Err(LookupError::Missing.into());
    }
    for link in links {
        match office.revoke_public_link(link.id.as_str()).await {
            // Somebody else was first.
            Ok(()) | Err(WriteError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(reply::done())
}

/// The ids of what there is a link to, as far as this key may manage links.
pub(super) async fn linked(key: &Key) -> Result<BTreeSet<String>, Denied> {
    let links = key.scope.keys().await?.public_links_in_force().await?;
    let id = |link: PublicLink| match link.draft.resource {
        Resource::Dashboard(id) | Resource::Card(id) => id,
    };
    Ok(links.into_iter().map(id).collect())
}
