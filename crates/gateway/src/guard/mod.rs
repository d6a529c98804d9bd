//! From a placement's rules and one caller to what the SQL guard lets through.
//!
//! The rules are written per table (`tenancy::model::rules`); the guard takes a catalogue of fences whose values are
//! binds. This is where they meet, and where a viewer's facts become values of a column's type.

mod making;
#[cfg(test)]
mod tests;
mod values;
mod words;

use std::collections::BTreeMap;

use query::{Bind, Statement};
use serde::Serialize;
use sqlguard::{Catalogue, Dialect, Fence, Place, Relation};
use tenancy::Viewer;
use tenancy::placement::{Connection, Placement};

use crate::preflight::Table;
use crate::prepare::PrepareError;
use making::Making;
pub(crate) use values::same_name;

const UNFIT: &str = "the rules of this data source's tables do not fit its database";

/// What the guard lets through for one caller at one placement.
pub(crate) struct Rules {
    catalogue: Catalogue,
    values: Vec<Bind>,
    about: BTreeMap<String, About>,
}

/// A relation that a statement reads, and what decides over its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowRule {
    /// Its name; with its schema where that is not the placement's own.
    pub relation: String,
    /// The rules in words, without the values that they compare with.
    pub decided: String,
}

/// What is known about one relation beside its fence.
struct About {
    decided: String,
    /// What the caller lacks for reading it.
    unmet: Option<Unmet>,
}

/// What keeps a viewer from every row of a relation, and must be said.
#[derive(Clone)]
enum Unmet {
    Missing(String),
    TooLong(String),
}

/// A statement that the guard wrote, and what decides over its rows.
pub(crate) struct Guarded {
    pub(crate) statement: Statement,
    pub(crate) rules: Vec<RowRule>,
}

/// Whether statements for this placement go through the guard.
pub(crate) fn applies(placement: &Placement, written_by_tenant: bool) -> bool {
    written_by_tenant || placement.level().shares_tables() || !placement.rows().tables.is_empty()
}

/// Where a name without a schema lies.
pub(crate) fn schema(placement: &Placement) -> String {
    match placement.connection() {
        Connection::Postgres(server) => server.schema.clone().unwrap_or_else(|| "public".to_owned()),
        Connection::Mysql(server) => server.database.clone(),
        Connection::Sqlite(_) => "main".to_owned(),
    }
}

impl Rules {
    /// The rules for a caller, over the relations that its login was found to read; `viewer` is none for an API key, which reads all rows of its tenant.
    pub(crate) fn new(placement: &Placement, found: &[Table], viewer: Option<&Viewer>) -> Self {
        let mut making = Making::new(placement, found, viewer);
        let relations = found.iter().map(|table| making.relation(table)).collect();
        let dialect = match placement.connection() {
            Connection::Postgres(_) => Dialect::Postgres,
            Connection::Mysql(_) => Dialect::Mysql,
            Connection::Sqlite(_) => Dialect::Sqlite,
        };
        let catalogue = Catalogue { dialect, schema: schema(placement), relations };
        Self { catalogue, values: making.values, about: making.about }
    }

    /// The relations that are not withheld.
    pub(crate) fn readable(&self) -> impl Iterator<Item = &Relation> {
        self.catalogue.relations.iter().filter(|relation| !matches!(relation.fence, Fence::Withheld(_)))
    }

    /// The statement that may run instead.
    pub(crate) fn guard(&self, statement: &Statement) -> Result<Guarded, PrepareError> {
        let guarded = sqlguard::guard(statement.sql(), &self.catalogue).map_err(PrepareError::Refused)?;
        let bind = |place: &Place| match place {
            Place::Given(number) => statement.binds().get(*number).cloned(),
            Place::Rule(number) => self.values.get(*number).cloned(),
        };
        // The guard gives back only numbers that it was given.
        let binds = guarded.binds.iter().map(bind).collect::<Option<_>>().ok_or(PrepareError::Rules(UNFIT))?;
        let mut rules = Vec::new();
        for relation in guarded.relations {
            // It reads only what is in the catalogue, and of that everything is known here.
            let about = self.about.get(&relation).ok_or(PrepareError::Rules(UNFIT))?;
            match about.unmet.clone() {
                Some(Unmet::Missing(attribute)) => return Err(PrepareError::AttributeMissing(attribute)),
                Some(Unmet::TooLong(attribute)) => return Err(PrepareError::AttributeTooLong(attribute)),
                None => rules.push(RowRule { relation, decided: about.decided.clone() }),
            }
        }
        Ok(Guarded { statement: Statement::new(guarded.sql, binds), rules })
    }
}
