//! What clients send to have something run: JSON, a form whose fields are JSON texts, or nothing at all.

use axum::body::Body;
use axum::extract::{Form, FromRequest, Request};
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tenancy::model::content::Values;

use super::denied::Denied;
use crate::app::App;
use crate::problem::Problem;

/// A body. Fields that nobody knows are passed over, as clients send many.
pub(in crate::metabase) struct Sent<T>(pub(in crate::metabase) T);

const FORM: &str = "application/x-www-form-urlencoded";

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Denied;
    async fn from_request(request: Request, app: &App) -> Result<Self, Denied> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_form =
            media.is_some_and(|media| media.get(..FORM.len()).is_some_and(|own| own.eq_ignore_ascii_case(FORM)));
        let limit = app.settings().body_bytes;
        let bytes = axum::body::to_bytes(request.into_body(), limit).await.map_err(|_| {
            let detail = format!("The body must arrive whole and have at most {limit} bytes.");
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", detail)
        })?;
        let fields = if is_form { of_form(bytes).await? } else { of_json(&bytes)? };
        shaped(inner(fields)).map(Self)
    }
}

/// What is in JSON, or which field has not its form.
pub(in crate::metabase) fn shaped<T: DeserializeOwned>(fields: Value) -> Result<T, Denied> {
    // The parser's own words may quote a value, and those are a tenant's.
    serde_path_to_error::deserialize(fields).map_err(|error| {
        let path = error.path().to_string();
        let named = !path.is_empty() && path.len() <= 120 && path.bytes().all(|b| b.is_ascii_graphic());
        Denied::field(if named { path } else { "body".to_owned() }, "has not the form that it must have here")
    })
}

/// A field of a partial body: absent, null, or a value.
pub(in crate::metabase) fn maybe<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn of_json(bytes: &Bytes) -> Result<Value, Denied> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_slice(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err(Denied::field("body", "must be a JSON object")),
    }
}

/// `parameters=[…]&format_rows=false`: each field is JSON, or a text.
async fn of_form(bytes: Bytes) -> Result<Value, Denied> {
    let mut request = Request::new(Body::from(bytes));
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let Form(pairs) = form.map_err(|_| Denied::field("body", "must be form fields, percent-encoded"))?;
    let read = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Value::Object(pairs.into_iter().map(|(name, text)| (name, read(text))).collect()))
}

/// Exports of questions that are not saved send the question as one field, `query`.
fn inner(mut fields: Value) -> Value {
    let is_wrapped = fields.get("database").is_none() && fields.pointer("/query/database").is_some();
    let question = fields.get_mut("query").filter(|_| is_wrapped).map(Value::take);
    question.unwrap_or(fields)
}

/// Values for a card or a dashboard.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    parameters: Option<Vec<Choice>>,
}

/// One value, and which parameter it is for: by its id, by its slug, or by the template tag that it is put into.
#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    target: Option<Value>,
    #[serde(default)]
    value: Value,
}

impl Chosen {
    /// By name, each fitted to its parameter. No value and an empty text leave the default.
    pub(super) fn values<'p>(
        self,
        by: By,
        parameter: impl Fn(&str) -> Option<&'p query::Parameter>,
    ) -> Result<Values, Denied> {
        values(self.parameters.unwrap_or_default(), by, parameter)
    }
}

/// What a choice's name is the name of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A dashboard's filter.
    Filter,
    /// A card's own parameter.
    Tag,
}

pub(super) fn values<'p>(
    choices: Vec<Choice>,
    by: By,
    parameter: impl Fn(&str) -> Option<&'p query::Parameter>,
) -> Result<Values, Denied> {
    let mut values = Values::new();
    for (place, choice) in choices.into_iter().enumerate() {
        let tag = choice.target.as_ref().and_then(tag).map(str::to_owned);
        let (first, then) = if by == By::Tag { (tag, choice.id) } else { (choice.id, None) };
        let name = first.or(then).or(choice.slug).ok_or_else(|| {
            let cure = "needs the \"id\" that the dashboard or card gives for it, or a \"target\" with a template tag";
            Denied::field(format!("parameters[{place}]"), cure)
        })?;
        if choice.value.is_null() || choice.value.as_str() == Some("") {
            continue;
        }
        let value = match parameter(&name) {
            Some(own) => tenancy::fitted(own, choice.value),
            // Nobody knows it, and so it is refused by its name.
            None => choice.value,
        };
        values.insert(name, value);
    }
    Ok(values)
}

/// The name in `["variable", ["template-tag", "x"]]`.
pub(super) fn tag(target: &Value) -> Option<&str> {
    match (target.get(0)?.as_str()?, target.pointer("/1/0")?.as_str()?) {
        ("variable" | "dimension", "template-tag") => target.pointer("/1/1")?.as_str(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tag_is_named_by_variables_and_dimensions_only() {
        for (target, wanted) in [
            (json!(["variable", ["template-tag", "x"]]), Some("x")),
            (json!(["dimension", ["template-tag", "x"], { "stage-number": 0 }]), Some("x")),
            (json!(["dimension", ["field", 1, null]]), None),
            (json!(["text-tag", "x"]), None),
            (json!({}), None),
            (json!([]), None),
        ] {
            assert_eq!(tag(&target), wanted, "{target}");
        }
    }

    #[test]
    fn a_question_may_stand_in_a_field() {
        let question = json!({ "database": 1, "type": "native", "native": { "query": "SELECT 1" } });
        assert_eq!(inner(json!({ "query": question, "format_rows": false })), question);
        assert_eq!(inner(question.clone()), question);
        let other = json!({ "database": 1, "query": { "database": 2 } });
        assert_eq!(inner(other.clone()), other);
    }
}
