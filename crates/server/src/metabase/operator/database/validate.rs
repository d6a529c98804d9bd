//! `POST /api/database/validate`

use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::{Sent, shaped};
use super::super::admin::Admin;
use super::create::draft;
use super::details::FIELDS;
use super::template::Fields;
use crate::reply;

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    details: Option<Value>,
}

/// Checks the fields, as making the database would. It dials nothing: where a tenant's rows are is only known with the tenant,
/// and `POST /v1/tenants/:tenant/placements/:source/check` looks there.
pub(super) async fn validate(_: Admin, Sent(body): Sent<Body>) -> Result<Response, Denied> {
    let mut sent = body.details.ok_or_else(|| Denied::field("details", "is needed: {\"engine\", \"details\"}"))?;
    if let Some(fields) = sent.as_object_mut() {
        fields.entry("name").or_insert(json!("Database"));
    }
    let fields: Fields = shaped(sent)?;
    let checked = draft(fields).and_then(|(draft, _)| Ok(draft.validate()?));
    Ok(reply::json(&match checked {
        Ok(()) => json!({ "valid": true }),
        Err(denied) => {
            let (field, message) =
                denied.renamed(&FIELDS).said().ok_or_else(|| Denied::field("details", "cannot be read"))?;
            json!({ "valid": false, "message": message, "errors": { field: message } })
        }
    }))
}
