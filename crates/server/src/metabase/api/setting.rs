//! `GET /api/setting` and `GET /api/setting/{key}`: the settings that clients read before they do other things.
//!
//! What is said is how things are here, for this tenant: nothing of it can be set.

use axum::response::{IntoResponse, Response};
use http::header;
use serde::Serialize;
use serde_json::{Value, json};
use tenancy::{LookupError, TenantScope};

use super::denied::Denied;
use super::key::Key;
use super::properties::VERSION;
use super::sent::Sent;
use crate::metabase::result::zone_name;
use crate::reply;

#[derive(Serialize)]
struct Setting {
    key: &'static str,
    value: Value,
    is_env_setting: bool,
    /// Named as clients expect it, who refuse a list without; no variable is read.
    env_name: String,
    description: &'static str,
    default: Option<()>,
}

/// Lists them.
pub(super) async fn list(key: Key) -> Response {
    let setting = |(key, value): (&'static str, Value)| Setting {
        key,
        value,
        is_env_setting: false,
        env_name: format!("MB_{}", key.to_uppercase().replace('-', "_")),
        description: "How it is for this tenant.",
        default: None,
    };
    reply::json(&all(&key.scope).map(setting))
}

/// Shows one. A text is told as it is, without quotes.
pub(super) async fn show(key: Key) -> Result<Response, Denied> {
    let name = key.segment("key")?;
    let found = all(&key.scope).into_iter().find(|(own, _)| *own == name);
    Ok(match found.ok_or(LookupError::Missing)?.1 {
        Value::String(text) => {
            let headers =
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
            (headers, text).into_response()
        }
        value => reply::json(&value),
    })
}

fn all(scope: &TenantScope) -> [(&'static str, Value); 7] {
    [
        ("enable-embedding", json!(true)),
        ("enable-public-sharing", json!(scope.profile().draft.public_links)),
        // Names of tables and columns are shown as they are.
        ("humanization-strategy", json!("none")),
        ("report-timezone", json!(zone_name(scope.timezone()))),
        ("site-locale", json!(scope.locale())),
        ("site-name", json!(scope.profile().draft.name)),
        ("version", json!(VERSION)),
    ]
}

/// Sets what is so already: tools that open dashboards to guests turn embedding on first. Everything else is not set here.
pub(super) async fn set(key: Key, Sent(body): Sent<Value>) -> Result<Response, Denied> {
    // Who may write nothing hears that, and nothing of settings.
    key.scope.desk()?;
    if key.segment("key")? != "enable-embedding" {
        return Err(Denied::bad(
            "Settings are not changed here. A tenant's name, locale, time zone and theme are its operator's: PUT /v1/tenants/:tenant.",
        ));
    }
    if body.get("value") != Some(&Value::Bool(true)) {
        return Err(Denied::bad(
            "Embedding is always on here. What guests see is each dashboard's and card's enable_embedding; who embeds has an embed key.",
        ));
    }
    Ok(reply::done())
}
