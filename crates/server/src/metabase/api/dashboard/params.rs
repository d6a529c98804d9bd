//! `GET /api/dashboard/{id}/params/{key}/…`: the values that a filter offers.

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

/// Lists values: all, or those that hold a text. Values of linked filters in the address narrow the list.
pub(in super::super) async fn values(key: Key, State(app): State<App>, given: Given) -> Result<Response, Denied> {
    Ok(reply::json(&listing::shape(&list(&app, &key, &given).await?)))
}

/// `?value=`: one value with its label.
pub(in super::super) async fn remap(key: Key, State(app): State<App>, given: Given) -> Result<Response, Denied> {
    let wanted = listing::wanted(&given)?.to_owned();
    let list = list(&app, &key, &given.without("value")).await?;
    Ok(reply::json(&listing::remapped(&list, &wanted)))
}

async fn list(app: &App, key: &Key, given: &Given) -> Result<ValueList, Denied> {
    let dashboard = key.scope.dashboard_numbered::<View>(key.segment("id")?)?;
    let (name, draft) = (key.segment("key")?, &dashboard.get().draft);
    let mut beside = given.values(|name| draft.filter(name).map(|filter| &filter.parameter))?;
    // Clients send what is chosen everywhere; what does not narrow this list is passed over, as they are used to.
    beside.retain(|other, _| draft.filter(name).is_some_and(|filter| filter.linked.contains(other)));
    let search = key.segment("prefix").ok();
    Ok(listing::or_none(parameters::dashboard_values(app, &dashboard, name, search, beside).await)?)
}
