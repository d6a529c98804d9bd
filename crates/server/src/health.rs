//! For those who run the instance: is it alive, is it ready, what has it done.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::assets;
use crate::extract::Operator;
use crate::problem::Problem;

/// `GET /health/live`: the process answers.
pub(crate) async fn live() -> Response {
    axum::Json(json!({ "status": "ok" })).into_response()
}

/// `GET /health/ready`: the metadata answers and the pages are there.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let metadata = app.tenancy().is_ready().await;
    let pages = assets::are_built();
    let status = if metadata && pages { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = if status.is_success() { "ok" } else { "not ready" };
    (status, axum::Json(json!({ "status": word, "metadata": metadata, "pages": pages }))).into_response()
}

/// `GET /metrics`: Prometheus text, by route and outcome, never by tenant. For operators: it names database servers.
pub(crate) async fn metrics(Operator(_): Operator, State(app): State<App>) -> Result<Response, Problem> {
    let handle = app.metrics().ok_or_else(Problem::missing)?;
    let stats = app.gateway().stats();
    for server in &stats.servers {
        metrics::gauge!("cloison_gateway_connections_open", "server" => server.server.clone()).set(server.open);
        metrics::gauge!("cloison_gateway_connections_idle", "server" => server.server.clone()).set(server.idle);
        metrics::gauge!("cloison_gateway_queries_waiting", "server" => server.server.clone()).set(server.waiting);
    }
    metrics::counter!("cloison_gateway_cache_hits_total").absolute(stats.cache_hits);
    metrics::counter!("cloison_gateway_cache_misses_total").absolute(stats.cache_misses);
    metrics::counter!("cloison_metadata_queries_total").absolute(app.tenancy().metadata_queries());
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()).into_response())
}
