//! `GET /api/card/{id}/dashboards` and `GET /api/card/{id}/series`

use axum::response::Response;
use serde::Serialize;
use tenancy::{TenantScope, View};

use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::key::Key;
use crate::reply;

#[derive(Serialize)]
struct Listed {
    id: i32,
    name: String,
    description: Option<String>,
    collection_id: Option<i32>,
}

/// Lists the dashboards that show a card, of those that the key sees.
pub(in super::super) async fn list(key: Key) -> Result<Response, Denied> {
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    let folders = Folders::of(&key.scope);
    let mut shown: Vec<Listed> = Vec::new();
    for dashboard in key.scope.dashboards() {
        let draft = &dashboard.draft;
        if shows(&key.scope, dashboard.id.as_str(), card.get().number)? {
            shown.push(Listed {
                id: dashboard.number,
                name: draft.name.clone(),
                description: draft.description.clone(),
                collection_id: folders.number(draft.collection.as_deref()),
            });
        }
    }
    Ok(reply::json(&shown))
}

/// Asked of each place and not of the texts in it, where a slug could be another owner's card.
fn shows(scope: &TenantScope, dashboard: &str, number: i32) -> Result<bool, Denied> {
    let dashboard = scope.dashboard::<View>(dashboard)?;
    let items = &dashboard.get().draft.items;
    let is_it = |place: &str| dashboard.item::<View>(place).is_ok_and(|card| card.get().number == number);
    Ok(items.iter().any(|item| is_it(item.id.as_str())))
}

/// Cards that could be drawn into this one: a card's own columns are its series.
pub(in super::super) async fn series(key: Key) -> Result<Response, Denied> {
    let _ = key.scope.card_numbered::<View>(key.segment("id")?)?;
    Ok(reply::json(&[(); 0]))
}
