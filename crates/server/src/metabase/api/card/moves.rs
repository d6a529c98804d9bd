//! `POST /api/card/collections` and `POST /api/cards/move`: several cards at once into a collection.

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::View;
use tenancy::model::content::CardDraft;

use super::super::authoring::{Common, few, own, refused};
use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use super::super::sent::{Sent, shaped};
use super::draft;
use crate::reply;

/// Each of them is a look-up and a write.
const MOST: usize = 200;

#[derive(Deserialize)]
struct Moved {
    card_ids: Vec<i32>,
    #[serde(default)]
    collection_id: Value,
    #[serde(default)]
    dashboard_id: Option<i32>,
}

/// Moves cards. All of them are looked at before the first is moved, and they are moved one by one.
pub(in super::super) async fn into_collection(key: Key, Sent(body): Sent<Value>) -> Result<Response, Denied> {
    let (desk, folders) = (key.scope.desk()?, Folders::of(&key.scope));
    let moved: Moved = shaped(body)?;
    if moved.dashboard_id.is_some() {
        let cure = "must be null: cards lie in collections, and dashboards show them (PUT /api/dashboard/:id)";
        return Err(Denied::field("dashboard_id", cure));
    }
    few("card_ids", Some(&moved.card_ids), MOST)?;
    let mut records = Vec::new();
    for number in moved.card_ids {
        let card = key.scope.card_numbered::<View>(&number.to_string())?;
        let mut record = own::<View, CardDraft>(&desk, &card).await?;
        let into = json!({ "collection_id": moved.collection_id });
        draft::place(&mut Common::read(&into)?, &folders, &mut record.draft)?;
        records.push(record);
    }
    for record in records {
        desk.replace(record.id.as_str(), record.version, record.draft).await.map_err(refused)?;
    }
    Ok(reply::json(&json!({ "status": "ok" })))
}
