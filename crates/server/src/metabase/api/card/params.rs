//! `GET /api/card/{id}/params/{key}/…`: the values that a parameter offers.

use axum::extract::State;
use axum::response::Response;
use tenancy::View;

use super::super::denied::Denied;
use super::super::key::Key;
use crate::app::App;
use crate::metabase::embed::listing;
use crate::metabase::given::Given;
use crate::reply;
use crate::v1::content::parameters::{self, ValueList};

/// Lists values: all, or those that hold a text.
pub(in super::super) async fn values(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    Ok(reply::json(&listing::shape(&list(&app, &key).await?)))
}

/// `?value=`: one value with its label.
pub(in super::super) async fn remap(key: Key, State(app): State<App>, given: Given) -> Result<Response, Denied> {
    let list = list(&app, &key).await?;
    Ok(reply::json(&listing::remapped(&list, listing::wanted(&given)?)))
}

async fn list(app: &App, key: &Key) -> Result<ValueList, Denied> {
    let card = key.scope.card_numbered::<View>(key.segment("id")?)?;
    let search = key.segment("prefix").ok();
    Ok(listing::or_none(parameters::card_values(app, &card, key.segment("key")?, search).await)?)
}
