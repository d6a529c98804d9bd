//! `/api/permissions/graph`: what the scopes of each group let it do with each database.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use tenancy::model::placing::Source;
use tenancy::{Action, LookupError, Resources};

use super::super::catalogue;
use super::super::denied::Denied;
use super::super::graph::{Graph, SentGraph};
use super::super::groups::Group;
use super::super::key::Key;
use super::super::people::People;
use super::super::sent::Sent;
use crate::app::App;
use crate::reply;

const CURE: &str = "it follows from the scopes of the group's keys and from where this tenant's SQL runs. Other scopes are another \
                    key's (POST /api/api-key); where data is and who may question it there is the operator's";

/// The whole graph.
pub(in super::super) async fn show(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    Ok(reply::json(&graph(&key, &app).await?))
}

/// One group of it.
pub(in super::super) async fn of_group(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let part = graph(&key, &app).await?.of_group(key.segment("id")?);
    Ok(reply::json(&part.ok_or(LookupError::Missing)?))
}

/// One database of it.
pub(in super::super) async fn of_database(key: Key, State(app): State<App>) -> Result<Response, Denied> {
    let part = graph(&key, &app).await?.of_thing(key.segment("id")?);
    Ok(reply::json(&part.ok_or(LookupError::Missing)?))
}

/// Accepts the graph that there is, and refuses another.
pub(in super::super) async fn replace(
    key: Key,
    State(app): State<App>,
    Sent(sent): Sent<SentGraph>,
) -> Result<Response, Denied> {
    let graph = graph(&key, &app).await?;
    graph.check(&sent, CURE)?;
    Ok(reply::json(&graph))
}

/// For keys that may manage keys, of the databases that they may question.
async fn graph(key: &Key, app: &App) -> Result<Graph, Denied> {
    let people = People::of(&key.scope.keys().await?, key.scope.now()).await?;
    let mut databases = Vec::new();
    for database in catalogue::questionable(&key.scope) {
        // What cannot be asked now runs nothing now.
        let takes_sql = app.gateway().takes_tenant_sql(&database.placement).await == Some(true);
        databases.push((database.source, takes_sql));
    }
    let cells = |group: &Group| -> BTreeMap<String, Value> {
        databases
            .iter()
            .map(|(source, takes_sql)| (source.number.to_string(), cell(group, source, *takes_sql)))
            .collect()
    };
    Ok(Graph::of("permissions", &Group::all(people.keys()), cells))
}

/// What a key narrowed to some dashboards may run of a database has no word there: it is blocked, as most of it is.
fn cell(group: &Group, source: &Source, takes_sql: bool) -> Value {
    let may = |action| group.has(action, |named: &Resources| named.sources.contains(source.id.as_str()));
    let (runs, writes) = (may(Action::CardsRun), may(Action::SqlRun) && takes_sql);
    json!({
        "view-data": if runs { "unrestricted" } else { "blocked" },
        "create-queries": if writes { "query-builder-and-native" } else { "no" },
        "download": { "schemas": if runs && may(Action::ResultsExport) { "full" } else { "none" } },
    })
}
