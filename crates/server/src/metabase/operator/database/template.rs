//! From a body to what is written about a data source.

use query::Engine;
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::placing::{PlacementDraft, SourceDraft};

use super::super::super::api::denied::Denied;
use super::super::super::api::sent::maybe;
use super::details::Details;

/// What a body says of a database. What it does not say stays.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) slug: Option<String>,
    #[serde(default)]
    pub(super) engine: Option<String>,
    #[serde(default, deserialize_with = "maybe")]
    description: Option<Option<String>>,
    #[serde(default)]
    details: Option<Value>,
}

/// An engine by the name that clients give it.
pub(in super::super) fn engine(name: &str) -> Result<Engine, Denied> {
    match name {
        "postgres" => Ok(Engine::Postgres),
        "mysql" | "mariadb" => Ok(Engine::Mysql),
        "sqlite" => Ok(Engine::Sqlite),
        _ => Err(Denied::field("engine", "is postgres, mysql (for MariaDB too) or sqlite")),
    }
}

impl Fields {
    /// What they say of where it is.
    pub(super) fn details(&self) -> Result<Option<Details>, Denied> {
        self.details.as_ref().map(Details::read).transpose()
    }

    /// Puts them in.
    ///
    /// Details that are the same for every tenant are no template: they would be one place for all. Such a database is one that
    /// tenants have their own places for, as a router database there, and its own login is nobody's and not kept. The answer
    /// shows what was.
    pub(super) fn put(self, draft: &mut SourceDraft) -> Result<(), Denied> {
        let details = self.details()?;
        if let Some(name) = self.name {
            draft.name = name;
        }
        if let Some(name) = self.engine {
            draft.engine = engine(&name)?;
        }
        if let Some(description) = self.description {
            draft.description = description.filter(|text| !text.is_empty());
        }
        // Absent keeps the stored one; what is here may be no secret but the mark of one.
        if let Some(template) = &mut draft.template {
            template.password = None;
        }
        let Some(details) = details.filter(|details| !details.is_empty()) else { return Ok(()) };
        match &mut draft.template {
            Some(template) => details.put(template),
            None if details.is_template() => {
                let mut template = PlacementDraft::default();
                details.put(&mut template);
                draft.template = Some(template);
            }
            None => {}
        }
        Ok(())
    }
}
