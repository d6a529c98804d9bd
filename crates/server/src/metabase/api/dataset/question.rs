//! A question as clients send it: native SQL in the old form or the new one. Questions made of tables, filters and
//! aggregations are not read; a card's SQL says the same.

use std::collections::BTreeMap;

use query::{NativeQuery, Parameter};
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::Values;
use tenancy::{LookupError, TenantScope};

use super::super::denied::Denied;
use super::super::sent::{self, By, Choice};
use super::super::tags::{self, Tag};

/// What a client sends.
#[derive(Deserialize)]
pub(in super::super) struct Sent {
    #[serde(default)]
    database: Option<i64>,
    #[serde(default)]
    native: Option<Native>,
    #[serde(default)]
    stages: Option<Vec<Stage>>,
    #[serde(default)]
    parameters: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
struct Native {
    query: String,
    #[serde(default, rename = "template-tags")]
    tags: Option<BTreeMap<String, Tag>>,
}

/// One stage of the new form.
#[derive(Deserialize)]
struct Stage {
    /// SQL in a native stage.
    #[serde(default)]
    native: Value,
    #[serde(default, rename = "template-tags")]
    tags: Option<BTreeMap<String, Tag>>,
}

/// A question that can be asked.
pub(super) struct Question {
    /// The data source's id; empty when the key has none of this number, which is no data source's.
    pub(super) source: String,
    pub(super) query: NativeQuery,
    pub(super) given: Values,
}

const INSTEAD: &str = "must be native: {\"database\": 1, \"type\": \"native\", \"native\": {\"query\": \"SELECT …\"}}. Questions made \
     of tables, filters and aggregations are not run here; write them as SQL";

impl Sent {
    /// The number of the data source.
    pub(super) fn database(&self) -> Option<i32> {
        self.database.and_then(|number| i32::try_from(number).ok())
    }

    fn parts(self, scope: &TenantScope) -> Result<(String, Native, Vec<Choice>), Denied> {
        let number = self.database();
        let native = match (self.native, self.stages) {
            (Some(native), _) => native,
            (None, Some(stages)) => only(stages)?,
            (None, None) => return Err(Denied::field("type", INSTEAD)),
        };
        if self.database.is_none() {
            return Err(Denied::field("database", "is needed: a number of GET /api/database"));
        }
        let sources = scope.sources();
        let source = sources.iter().find(|(_, source)| Some(source.number) == number);
        let source = source.map(|(_, source)| source.id.to_string()).unwrap_or_default();
        Ok((source, native, self.parameters.unwrap_or_default()))
    }

    /// The question as a card is to keep it, over the parameters that the card has: the data source's id, and the query.
    pub(in super::super) fn saved(
        self,
        scope: &TenantScope,
        own: &[Parameter],
    ) -> Result<(String, NativeQuery), Denied> {
        let (source, native, _) = self.parts(scope)?;
        let parameters = tags::read_over(native.tags.unwrap_or_default(), &native.query, own)?;
        Ok((source, NativeQuery { sql: native.query, parameters }))
    }

    /// The question, for what this key may question.
    pub(super) fn read(self, scope: &TenantScope) -> Result<Question, Denied> {
        let (source, native, choices) = self.parts(scope)?;
        let parameters = tags::read(native.tags.unwrap_or_default(), &native.query)?;
        let find = |name: &str| parameters.iter().find(|parameter| parameter.name == name);
        let given = sent::values(choices, By::Tag, find)?;
        Ok(Question { source, query: NativeQuery { sql: native.query, parameters }, given })
    }
}

/// The one stage that is SQL; what is piled upon SQL is no SQL.
fn only(stages: Vec<Stage>) -> Result<Native, Denied> {
    let mut stages = stages.into_iter();
    match (stages.next(), stages.next()) {
        (Some(Stage { native: Value::String(query), tags }), None) => Ok(Native { query, tags }),
        _ => Err(Denied::field("stages", INSTEAD)),
    }
}

/// What somebody who may not ask hears before anything is said about the question.
pub(in super::super) fn admit(scope: &TenantScope) -> Result<(), LookupError> {
    if scope.may(tenancy::Action::SqlRun) { Ok(()) } else { Err(LookupError::Forbidden(tenancy::Action::SqlRun)) }
}
