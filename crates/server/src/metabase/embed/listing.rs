//! `…/params/{key}/values`, `…/search/{prefix}` and `…/remapping`: the values that a filter offers.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use tenancy::model::content::Values;

use super::dashboard;
use crate::app::App;
use crate::metabase::given::Given;
use crate::metabase::guest::Guest;
use crate::metabase::refusal::Refusal;
use crate::problem::Problem;
use crate::reply;
use crate::v1::content::parameters::{self, ListedValue, ValueList};

/// Lists the values of a dashboard's filter: all, or those that hold a text.
pub(crate) async fn of_dashboard(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    Ok(reply::json(&shape(&dashboard_list(&app, &guest, &given).await?)))
}

/// Lists the values of a card's parameter.
pub(crate) async fn of_card(guest: Guest, State(app): State<App>) -> Result<Response, Refusal> {
    Ok(reply::json(&shape(&card_list(&app, &guest).await?)))
}

/// `?value=`: one value with its label.
pub(crate) async fn remap_of_dashboard(
    guest: Guest,
    State(app): State<App>,
    given: Given,
) -> Result<Response, Refusal> {
    let wanted = wanted(&given)?.to_owned();
    let list = dashboard_list(&app, &guest, &given.without("value")).await?;
    Ok(reply::json(&remapped(&list, &wanted)))
}

/// The same for a card's parameter.
pub(crate) async fn remap_of_card(guest: Guest, State(app): State<App>, given: Given) -> Result<Response, Refusal> {
    let wanted = wanted(&given)?;
    Ok(reply::json(&remapped(&card_list(&app, &guest).await?, wanted)))
}

/// The filter that the path names, if the viewer may set it: whoever may not does not see its values either.
fn key(guest: &Guest) -> Result<&str, Refusal> {
    let key = guest.segment("key").ok_or_else(Refusal::missing)?;
    guest.scope.check_guest(&Values::from([(key.to_owned(), Value::Null)]))?;
    Ok(key)
}

async fn dashboard_list(app: &App, guest: &Guest, given: &Given) -> Result<ValueList, Refusal> {
    let shown = guest.dashboard()?;
    let key = key(guest)?;
    let mut beside = dashboard::values(guest, given)?;
    guest.scope.check_guest(&beside)?;
    // Clients send what is chosen everywhere; what does not narrow this list is passed over, as they are used to.
    let draft = &shown.get().draft;
    beside.retain(|name, _| draft.filter(key).is_some_and(|filter| filter.linked.contains(name)));
    Ok(or_none(parameters::dashboard_values(app, &shown, key, guest.segment("prefix"), beside).await)?)
}

async fn card_list(app: &App, guest: &Guest) -> Result<ValueList, Refusal> {
    let card = guest.card()?;
    Ok(or_none(parameters::card_values(app, &card, key(guest)?, guest.segment("prefix")).await)?)
}

/// A filter without a list has an empty one here.
pub(in crate::metabase) fn or_none(list: Result<ValueList, Problem>) -> Result<ValueList, Problem> {
    match list {
        Err(problem) if problem.status() == StatusCode::NOT_FOUND => Ok(ValueList { values: Vec::new(), more: false }),
        list => list,
    }
}

pub(in crate::metabase) fn shape(list: &ValueList) -> Value {
    let values: Vec<Value> = list.values.iter().map(pair).collect();
    json!({ "values": values, "has_more_values": list.more })
}

/// `[value]`, or `[value, label]` where people read something else.
fn pair(listed: &ListedValue) -> Value {
    if text(listed) == listed.label { json!([listed.value]) } else { json!([listed.value, listed.label]) }
}

fn text(listed: &ListedValue) -> String {
    let raw = listed.value.get();
    serde_json::from_str::<String>(raw).unwrap_or_else(|_| raw.to_owned())
}

pub(in crate::metabase) fn wanted(given: &Given) -> Result<&str, Refusal> {
    given.first("value").ok_or_else(|| Refusal::bad("value is missing: ?value= is the one whose label is asked for."))
}

pub(in crate::metabase) fn remapped(list: &ValueList, wanted: &str) -> Value {
    list.values.iter().find(|listed| text(listed) == wanted).map_or_else(|| json!([wanted]), pair)
}
