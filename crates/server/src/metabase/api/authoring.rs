//! What writing cards, dashboards and collections has in common: partial bodies, and the author's desk behind them.
//!
//! The desk is the one of our own surface: it decides who may write, checks, and tells the audit log. A body says what changes;
//! what it has no words for stays as it is.

use std::collections::BTreeMap;

use http::header;
use http::request::Parts;
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::GuestFilter;
use tenancy::{Act, Authored, Content, Desk, Granted, WriteError};

use super::denied::Denied;
use super::folders::{Folder, Folders};
use super::sent::{maybe, shaped};
use crate::app::App;
use crate::extract::Version;
use crate::problem::Problem;

/// Fields that every kind of content has.
#[derive(Deserialize)]
pub(super) struct Common {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    pub(super) description: Option<Option<String>>,
    #[serde(default, deserialize_with = "maybe")]
    collection_id: Option<Value>,
    #[serde(default, deserialize_with = "maybe")]
    parent_id: Option<Value>,
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    enable_embedding: Option<bool>,
    #[serde(default, deserialize_with = "maybe")]
    embedding_params: Option<Option<BTreeMap<String, GuestFilter>>>,
}

/// Where they go.
pub(super) struct Place<'d> {
    pub(super) name: &'d mut String,
    pub(super) description: &'d mut Option<String>,
    pub(super) collection: &'d mut Option<String>,
}

/// Where those of what can be embedded go.
pub(super) struct Opened<'d> {
    pub(super) enable_embedding: &'d mut bool,
    pub(super) embedding_params: &'d mut BTreeMap<String, GuestFilter>,
}

/// How our fields are called by clients, where a refusal names one.
const THEIRS: [(&str, &str); 2] = [("source", "dataset_query.database"), ("collection", "collection_id")];

impl Common {
    /// Reads them, and refuses what cannot be said here.
    pub(super) fn read(body: &Value) -> Result<Self, Denied> {
        let read: Self = shaped(body.clone())?;
        if read.archived == Some(true) {
            let cure = "there is no archive here, and nothing is removed by halves: DELETE removes it, and a move to another \
                        collection keeps it";
            return Err(Denied::field("archived", cure));
        }
        Ok(read)
    }

    /// What is to be made must have a name.
    pub(super) fn needs_name(&self) -> Result<(), Denied> {
        if self.name.is_some() { Ok(()) } else { Err(Denied::field("name", "is needed")) }
    }

    /// Puts them in.
    pub(super) fn put(&mut self, folders: &Folders, place: Place<'_>) -> Result<(), Denied> {
        if let Some(name) = self.name.take() {
            *place.name = name;
        }
        if let Some(description) = self.description.take() {
            *place.description = description.filter(|text| !text.is_empty());
        }
        let collection = self.collection_id.take().map(|given| ("collection_id", given));
        let collection = collection.or_else(|| self.parent_id.take().map(|given| ("parent_id", given)));
        if let Some((field, given)) = collection {
            put_collection(folders, field, &given, place.collection)?;
        }
        Ok(())
    }

    /// Puts those in that open a thing to guests.
    pub(super) fn open(&mut self, opened: Opened<'_>) {
        if let Some(is_enabled) = self.enable_embedding {
            *opened.enable_embedding = is_enabled;
        }
        if let Some(given) = self.embedding_params.take() {
            *opened.embedding_params = given.unwrap_or_default();
        }
    }
}

fn put_collection(folders: &Folders, field: &str, given: &Value, own: &mut Option<String>) -> Result<(), Denied> {
    let name = match given {
        Value::Null => "root".to_owned(),
        Value::String(text) => text.clone(),
        number => number.to_string(),
    };
    // What lies in a collection that the key does not see is shown at the root, and is not moved there by saying so.
    let shown = folders.number(own.as_deref()).map_or_else(|| "root".to_owned(), |number| number.to_string());
    if name == shown {
        return Ok(());
    }
    *own = match folders.find(&name) {
        Ok(Folder::Root) => None,
        Ok(Folder::One(collection)) => Some(collection.id.to_string()),
        Err(_) => return Err(Denied::field(field, "there is no such collection here")),
    };
    Ok(())
}

/// Refuses a list that is longer than it may be.
pub(super) fn few<T>(field: &str, list: Option<&[T]>, most: usize) -> Result<(), Denied> {
    match list {
        Some(list) if list.len() > most => Err(Denied::field(field, format!("may have {most} entries at most"))),
        _ => Ok(()),
    }
}

/// A refusal of the desk, with the names that clients have for our fields.
pub(super) fn refused(error: impl Into<Problem>) -> Denied {
    Denied::from(error.into()).renamed(&THEIRS)
}

/// The tenant's own thing as its author reads it. What is seen and not its own is published to it, and stays as it is.
pub(super) async fn own<A: Act, D: Content + Authored>(
    desk: &Desk,
    seen: &Granted<'_, A, tenancy::model::Record<D::Id, D>>,
) -> Result<tenancy::model::Record<D::Id, D>, Denied> {
    if seen.is_from_library() {
        return Err(Denied::library());
    }
    Ok(desk.get::<D>(D::id_text(&seen.get().id)).await?)
}

/// The version that an edit is made on: what `If-Match` says, or else what was read for it just now. Clients that read, change and
/// write may send the `ETag` of what they read, and most do not.
pub(in crate::metabase) struct Edited(Option<i64>);

impl axum::extract::FromRequestParts<App> for Edited {
    type Rejection = Denied;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denied> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(Self(None));
        }
        let Version(version) = Version::from_request_parts(parts, app).await?;
        Ok(Self(Some(version)))
    }
}

impl Edited {
    /// Refuses an edit of something that is another by now.
    pub(in crate::metabase) fn check(&self, version: i64) -> Result<(), Denied> {
        match self.0 {
            Some(made_on) if made_on != version => Err(WriteError::Stale.into()),
            _ => Ok(()),
        }
    }
}
