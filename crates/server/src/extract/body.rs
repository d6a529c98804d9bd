//! Request bodies: JSON with known fields only, and creations that may be repeated.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tenancy::{Desk, KeyOffice, OperatorScope, WriteError};

use crate::app::App;
use crate::problem::Problem;

/// A JSON body. What it says wrong is named by its path.
pub(crate) struct Body<T>(pub(crate) T);

/// A body that makes something, with the caller's Idempotency-Key when there is one.
pub(crate) struct Creation<T> {
    pub(crate) draft: T,
    idempotency: Option<(String, [u8; 32])>,
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let bytes = read(request, app).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Creation<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let key = request.headers().get("idempotency-key").map(idempotency_key).transpose()?;
        let target = format!("{} {}", request.method(), request.uri());
        let bytes = read(request, app).await?;
        let draft = parse(&bytes)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(target.as_bytes()).update(&[0]).update(&bytes);
        Ok(Self { draft, idempotency: key.map(|key| (key, *hasher.finalize().as_bytes())) })
    }
}

fn idempotency_key(value: &HeaderValue) -> Result<String, Problem> {
    let text = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()));
    let detail = "Write 1 to 255 visible ASCII characters.";
    text.map(str::to_owned)
        .ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "field-invalid", detail).on_field("Idempotency-Key"))
}

async fn read(request: Request, app: &App) -> Result<Bytes, Problem> {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let detail = "Send JSON with \"Content-Type: application/json\".";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", detail));
    }
    axum::body::to_bytes(request.into_body(), app.settings().body_bytes).await.map_err(|_| {
        let detail = format!("The body must arrive whole and have at most {} bytes.", app.settings().body_bytes);
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let field = error.path().to_string();
        let problem = Problem::new(StatusCode::BAD_REQUEST, "body-invalid", describe(error.inner()));
        if field == "." { problem } else { problem.on_field(field) }
    })?;
    deserializer.end().map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "body-invalid", describe(&error)))?;
    Ok(value)
}

/// The parser's words without what the caller sent: it quotes wrong values, and those are a tenant's.
fn describe(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!("line {} column {}", error.line(), error.column());
    let said = text.split(" at line ").next().unwrap_or_default();
    if let Some((_, expected)) = said.split_once(", expected ") {
        return format!("Expected {expected} ({place}).");
    }
    match said {
        said if said.starts_with("missing field") || said.starts_with("duplicate field") => {
            format!("A {said} ({place}).")
        }
        said if said.starts_with("unknown field") => format!("There is no such field ({place})."),
        said if error.is_data() => match said.split_once(": ") {
            None => format!(
                "{}{} ({place}).",
                said.get(..1).unwrap_or_default().to_uppercase(),
                said.get(1..).unwrap_or_default()
            ),
            Some(_) => format!("This value does not fit ({place})."),
        },
        _ => format!("This is not JSON ({place})."),
    }
}

/// Whoever can make things once for each Idempotency-Key.
pub(crate) trait Once {
    fn mark(&mut self, key: String, digest: [u8; 32]);
    async fn earlier(&self) -> Result<Option<Vec<u8>>, WriteError>;
}

macro_rules! once_for {
    ($($office:ty),*) => {$(
        impl Once for $office {
            fn mark(&mut self, key: String, digest: [u8; 32]) {
                self.with_idempotency(key, digest);
            }
            async fn earlier(&self) -> Result<Option<Vec<u8>>, WriteError> {
                self.replay().await
            }
        }
    )*};
}

once_for!(OperatorScope, Desk, KeyOffice);

/// Makes a thing, or gives the answer to the same request again. 201 either way.
pub(crate) async fn once<O: Once, D, T: Serialize>(
    mut office: O,
    creation: Creation<D>,
    make: impl AsyncFnOnce(&O, D) -> Result<T, WriteError>,
) -> Result<Response, Problem> {
    if let Some((key, digest)) = creation.idempotency {
        office.mark(key, digest);
        if let Some(answer) = office.earlier().await? {
            let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
            return Ok((StatusCode::CREATED, headers, [("idempotency-replayed", "true")], answer).into_response());
        }
    }
    let made = make(&office, creation.draft).await?;
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], axum::Json(made)).into_response())
}
