//! What a viewer gives: `?city=Lyon&city=Nice`, or typed as `?parameters={"city": ["Lyon", "Nice"]}`, or, as clients write it
//! for public links, `?parameters=[{"id": "city", "value": ["Lyon", "Nice"]}]`.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use query::Parameter;
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::Values;

use super::refusal::Refusal;

/// The pairs of an address.
pub(super) struct Given(Vec<(String, String)>);

/// What stands in addresses and is no filter: choices of exports.
const CHOICES: [&str; 3] = ["format_rows", "pivot_results", "parameters"];

impl<S: Send + Sync> FromRequestParts<S> for Given {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, state).await;
        pairs.map(|Query(pairs)| Self(pairs)).map_err(|_| Refusal::bad("The address has a query that cannot be read."))
    }
}

impl Given {
    /// The first value of a name that is no filter.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a name that is no filter.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The same without a name that is no filter here.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self
    }

    /// Values for filters, typed as each filter wants them. An empty text is no value; an empty list turns the filter off.
    pub(super) fn values<'p>(&self, parameter: impl Fn(&str) -> Option<&'p Parameter>) -> Result<Values, Refusal> {
        if let Some(text) = self.first("parameters") {
            let typed: Typed = serde_json::from_str(text).map_err(|_| {
                Refusal::bad("parameters is a JSON object with the values by slug, or a list of {\"id\", \"value\"}.")
            })?;
            let given = typed.named()?.into_iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
            return Ok(given.map(|(name, value)| fit(parameter(&name), name, value)).collect());
        }
        let mut texts: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let pairs = self.0.iter().filter(|(name, text)| !CHOICES.contains(&name.as_str()) && !text.is_empty());
        for (name, text) in pairs {
            let value =
                parameter(name).map_or_else(|| Value::from(text.as_str()), |own| tenancy::fitted_text(own, text));
            texts.entry(name).or_default().push(value);
        }
        let given = texts.into_iter().map(|(name, values)| fit(parameter(name), name.to_owned(), Value::Array(values)));
        Ok(given.collect())
    }
}

/// Both forms.
#[derive(Deserialize)]
#[serde(untagged)]
enum Typed {
    Named(Values),
    Listed(Vec<Listed>),
}

#[derive(Deserialize)]
struct Listed {
    /// Of a filter, which is its name here.
    id: String,
    #[serde(default)]
    value: Value,
}

impl Typed {
    fn named(self) -> Result<Values, Refusal> {
        let listed = match self {
            Self::Named(values) => return Ok(values),
            Self::Listed(listed) => listed,
        };
        let mut values = Values::new();
        for Listed { id, value } in listed {
            if values.insert(id, value).is_some() {
                return Err(Refusal::bad("parameters names a filter twice."));
            }
        }
        Ok(values)
    }
}

fn fit(parameter: Option<&Parameter>, name: String, value: Value) -> (String, Value) {
    match parameter {
        Some(parameter) => (name, tenancy::fitted(parameter, value)),
        // Nobody knows it, and so it is refused by its name.
        None => (name, value),
    }
}
