//! `POST` and `DELETE /api/session`: logging in with a key as the password.
//!
//! The session's id is the key. A session of its own would be a second credential to store, to list and to revoke; so
//! revoking the key ends every session at once, and there is nothing else to end.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::operator::{self, is_operators};
use super::denied::Denied;
use super::key::{Key, Segments};
use super::sent::Sent;
use crate::app::App;
use crate::extract::admit_tenant;
use crate::problem::Problem;
use crate::reply;

/// Names and passwords, of which the name is not read: a key says by itself whose it is.
#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    password: Option<String>,
}

/// Bytes of a body.
const LONGEST: usize = 4096;

/// A key that was admitted.
pub(in crate::metabase) struct Admitted(String);

#[derive(Serialize)]
struct Session {
    id: String,
}

impl FromRequest<App> for Admitted {
    type Rejection = Response;
    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let path = Segments::from_request_parts(&mut parts, app).await.map_err(IntoResponse::into_response)?;
        // Nobody is admitted yet: what a stranger sends is held in memory only as far as a key could fill it.
        let body = to_bytes(body, LONGEST).await.map_err(|_| {
            Denied::field("body", format!("must arrive whole and have at most {LONGEST} bytes")).into_response()
        })?;
        let mut request = Request::new(body.into());
        request
            .headers_mut()
            .extend(parts.headers.get(header::CONTENT_TYPE).map(|own| (header::CONTENT_TYPE, own.clone())));
        let Sent(login) = Sent::<Login>::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        let wanted = || Denied::field("password", "is needed: an API key").into_response();
        let password = login.password.ok_or_else(wanted)?;
        if path.slug().is_none() && is_operators(&password) {
            operator::admit(&password, parts, app).await.map_err(refused)?;
        } else {
            admit_tenant(&password, path.slug(), &parts, app).await.map_err(refused)?;
        }
        Ok(Self(password))
    }
}

/// Clients look for the field here, where elsewhere they look for a text.
fn refused(problem: Problem) -> Response {
    if problem.status() != StatusCode::UNAUTHORIZED {
        return Denied::from(problem).into_response();
    }
    let says = "did not match stored password";
    let body = json!({ "errors": { "password": says }, "specific-errors": { "password": [says] } });
    let mut response = (StatusCode::UNAUTHORIZED, axum::Json(body)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Logs in.
pub(in crate::metabase) async fn create(Admitted(id): Admitted) -> Response {
    reply::json(&Session { id })
}

/// Logs out, which ends nothing: the key is revoked where keys are.
pub(super) async fn end(_: Key) -> Response {
    reply::done()
}
