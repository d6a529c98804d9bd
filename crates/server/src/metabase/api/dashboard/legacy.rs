//! `POST`, `PUT`, `DELETE /api/dashboard/{id}/cards`: places as clients of before version 47 write them, without those that stay.
//! Who names `tabs` too writes as those of version 47 do: all that there is afterwards.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use tenancy::model::content::{DashboardDraft, Item, MOST_ITEMS};
use tenancy::{Dashboard, Desk};

use super::super::super::numbers;
use super::super::authoring::{Edited, few, refused};
use super::super::denied::Denied;
use super::super::key::Key;
use super::super::sent::{Sent, shaped};
use super::super::shape::Whole;
use super::draft::{self, Before, tidy};
use super::filters::{self, Filters};
use super::places::{self, Placed};
use super::write::found;
use crate::app::App;
use crate::metabase::given::Given;
use crate::reply;

/// Places that are changed or new.
#[derive(Deserialize)]
pub(in super::super) struct Changed {
    cards: Vec<Placed>,
}

/// Puts a card on the dashboard, below what is there.
pub(in super::super) async fn add(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    edited.check(record.version)?;
    let mut placed: Placed = shaped(body.clone())?;
    placed.id = None;
    let (mut items, fresh) = written(&key, &record, vec![placed])?;
    if body.get("row").is_none_or(Value::is_null) {
        let below = items.iter().map(|item| item.y.saturating_add(item.h.into())).max().unwrap_or(0);
        items.extend(fresh.into_iter().map(|item| Item { y: below, ..item }));
    } else {
        items.extend(fresh);
    }
    let saved = saved(&key, &app, &desk, &record, with(&key, &record, items)).await?;
    Ok(reply::json(&saved.told().next_back().transpose()?))
}

/// Changes places. Those that are not named stay.
pub(in super::super) async fn change(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    Sent(body): Sent<Value>,
) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    edited.check(record.version)?;
    if let Some(tabs) = body.get("tabs").filter(|tabs| !tabs.is_null()) {
        let whole = json!({ "dashcards": body.get("cards"), "tabs": tabs });
        let saved = saved(&key, &app, &desk, &record, draft::changed(&key.scope, &record, &whole)?).await?;
        return Ok(shown(&saved));
    }
    let Changed { cards } = shaped(body)?;
    few("cards", Some(&cards), MOST_ITEMS)?;
    let (mut items, changed) = written(&key, &record, cards)?;
    for item in changed {
        match items.iter_mut().find(|own| own.id == item.id) {
            Some(own) => *own = item,
            None => items.push(item),
        }
    }
    let saved = saved(&key, &app, &desk, &record, with(&key, &record, items)).await?;
    Ok(shown(&saved))
}

fn shown(saved: &Whole) -> Response {
    let frame = json!({ "status": "ok", "tabs": saved.frame.get("tabs") });
    reply::pieces(reply::framed(&frame, vec![("cards", Box::new(reply::listed(saved.told())))]))
}

/// Takes a place off: `?dashcardId=`.
pub(in super::super) async fn remove(
    key: Key,
    State(app): State<App>,
    edited: Edited,
    given: Given,
) -> Result<Response, Denied> {
    let desk = key.scope.desk()?;
    let record = found(&key, &desk).await?;
    edited.check(record.version)?;
    let name = given.first("dashcardId").ok_or_else(|| Denied::field("dashcardId", "is needed"))?;
    let places = numbers::dashcards(&record);
    if !places.iter().any(|place| place.id.is(name)) {
        return Err(Denied::field("dashcardId", "is no place of this dashboard"));
    }
    let stays = places.into_iter().filter(|place| !place.id.is(name)).map(|place| place.item.clone()).collect();
    saved(&key, &app, &desk, &record, with(&key, &record, stays)).await?;
    Ok(reply::done())
}

/// What is there, and what is written over it.
fn written(key: &Key, record: &Dashboard, placed: Vec<Placed>) -> Result<(Vec<Item>, Vec<Item>), Denied> {
    let before = Before::of(record);
    let names = filters::own_names(&record.draft.parameters);
    let items = places::read(&key.scope, placed, &before, &Filters { names: &names }, &before.tab_numbers())?;
    Ok((record.draft.items.clone(), items))
}

/// The same dashboard with other places.
fn with(key: &Key, record: &Dashboard, items: Vec<Item>) -> DashboardDraft {
    let mut draft = DashboardDraft { items, ..record.draft.clone() };
    tidy(&key.scope, &mut draft);
    draft
}

/// The dashboard as it is after the change.
async fn saved(key: &Key, app: &App, desk: &Desk, record: &Dashboard, draft: DashboardDraft) -> Result<Whole, Denied> {
    desk.replace(record.id.as_str(), record.version, draft).await.map_err(refused)?;
    Ok(Whole::of(Arc::new(key.again(app).await?), record.id.as_str())?)
}
