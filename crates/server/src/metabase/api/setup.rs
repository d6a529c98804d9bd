//! `POST /api/setup` and `GET /api/util/random_token`: what scripts that set up a new instance call.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::super::refusal::Refusal;
use super::key::Key;
use crate::app::App;
use crate::reply;

#[derive(Serialize)]
struct Token {
    token: String,
}

/// One constant for everybody, whatever is sent: an instance that strangers can set up is theirs.
pub(super) async fn refuse() -> Refusal {
    Refusal::forbidden(
        "This was set up on the command line of its host (cloison operator create), and is not set up from here. Clients get a \
         key from whoever runs it, and send it as x-api-key.",
    )
}

/// 32 random bytes in hexadecimal digits, and nothing that is kept: signing secrets are made with `POST /v1/embed-keys`.
pub(super) async fn random(_: Key, State(app): State<App>) -> Response {
    let bytes = app.tenancy().host().bytes::<32>();
    let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    reply::json(&Token { token })
}
