//! `POST /api/collection`, `PUT`, `DELETE /api/collection/{id}`: collections of the tenant's own.

use axum::extract::State;
use axum::response::Response;
use serde_json::Value;
use tenancy::model::content::CollectionDraft;
use tenancy::{Collection, Desk, LookupError, TenantScope, WriteError};

use super::super::authoring::{Common, Edited, Place, refused};
use super::super::denied::Denied;
use super::super::folders::{Folder, Folders};
use super::super::key::Key;
use super::super::sent::Sent;
use crate::app::App;
use crate::reply;

/// Makes a collection.
pub(in super::super) async fn create(
    key: Key,
    State(app): State<App>,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let mut common = Common::read(&body)?;
    common.needs_name()?;
    let mut draft = CollectionDraft { slug: None, name: String::new(), description: None, collection: None };
    put(&mut common, &folders, &mut draft)?;
    let made = desk.create(draft).await.map_err(refused)?;
    shown(&key.again(&app).await?, &made)
}

/// Changes what the body names of a collection.
pub(in super::super) async fn replace(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let record = found(&key, &desk, &folders).await?;
    edited.check(record.version)?;
    let mut draft = record.draft;
    put(&mut Common::read(&body)?, &folders, &mut draft)?;
    let made = desk.replace(record.id.as_str(), record.version, draft).await.map_err(refused)?;
    shown(&key.again(&app).await?, &made)
}

/// Removes a collection in which nothing lies.
pub(in super::super) async fn delete(key: Key) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let record = found(&key, &desk, &folders).await?;
    desk.delete::<CollectionDraft>(record.id.as_str()).await?;
    Ok(reply::done())
}

/// The tenant's own collection that the path names. Seen, and not among the tenant's own, it is published.
async fn found(key: &Key, desk: &Desk, folders: &Folders) -> Result<Collection, Denied> {
    let Folder::One(seen) = folders.find(key.segment("id")?)? else { return Err(LookupError::Missing.into()) };
    match desk.get::<CollectionDraft>(seen.id.as_str()).await {
        Err(WriteError::Missing) => Err(Denied::library()),
        found => Ok(found?),
    }
}

fn put(common: &mut Common, folders: &Folders, draft: &mut CollectionDraft) -> Result<(), Denied> {
    let (name, description, collection) = (&mut draft.name, &mut draft.description, &mut draft.collection);
    common.put(folders, Place { name, description, collection })
}

fn shown(scope: &TenantScope, made: &Collection) -> Result<Response, Denied> {
    Ok(reply::versioned(made.version, &Folders::of(scope).shape(made)))
}
