//! `POST /api/collection`

use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::CollectionDraft;

use super::super::super::api::denied::Denied;
use super::super::super::api::folders::Folder;
use super::super::super::api::sent::Sent;
use super::super::admin::Admin;
use super::list::folders;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parent_id: Option<Value>,
}

/// Makes a collection of the library. No tenant sees it before it is published.
pub(super) async fn create(admin: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let desk = admin.operator.library()?;
    let name = body.name.ok_or_else(|| Denied::field("name", "is needed"))?;
    let above = folders(admin.operator.overview().await?);
    let parent = match body.parent_id {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(number) => Some(number.to_string()),
    };
    let collection = match parent.map(|name| above.find(&name)).transpose() {
        Ok(None | Some(Folder::Root)) => None,
        Ok(Some(Folder::One(own))) => Some(own.id.to_string()),
        Err(_) => return Err(Denied::field("parent_id", "there is no such collection in the library")),
    };
    let description = body.description.filter(|text| !text.is_empty());
    let made = desk.create(CollectionDraft { slug: None, name, description, collection }).await?;
    let folders = folders(admin.operator.overview().await?);
    Ok(reply::versioned(made.version, &folders.shape(&made)))
}
