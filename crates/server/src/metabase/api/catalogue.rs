//! Databases, tables and columns, as far as a key may question them.
//!
//! What there is comes from this tenant's own data sources and through its own logins: the relations that preflight read and
//! that the guard holds the tenant's SQL to, kept with that proof for this tenant's placement. So the list depends on this
//! tenant's schema alone, tells of nothing that its queries would not, and no schema is scanned for it. Where the tenant's
//! SQL does not run there is nothing to name, and the database has no tables.

use std::collections::HashSet;
use std::sync::Arc;

use gateway::{PrepareError, Relation};
use tenancy::model::placing::Source;
use tenancy::placement::Placement;
use tenancy::{LookupError, TenantScope};

use super::super::numbers::{Named, settled};
use super::super::result::base_type;
use super::dataset::question;
use crate::app::App;
use crate::problem::{Problem, Reader};

/// A data source as it is set up for the tenant.
pub(super) struct Database<'s> {
    pub(super) source: &'s Source,
    pub(super) placement: Arc<Placement>,
}

/// What is known about a database's tables.
pub(super) enum Tables {
    /// The tenant's SQL may read these of the database with this number.
    Known(i32, Vec<Relation>),
    /// The tenant's SQL does not run there.
    None,
    /// It cannot be asked now.
    Away(Problem),
}

/// A table or view.
pub(super) struct Table {
    pub(super) id: Named,
    pub(super) database: i32,
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
}

/// A column.
pub(super) struct Field {
    pub(super) id: Named,
    pub(super) name: String,
    pub(super) base_type: &'static str,
}

/// The databases that a key may question, by slug.
pub(super) fn databases(scope: &TenantScope) -> Result<Vec<Database<'_>>, LookupError> {
    question::admit(scope)?;
    Ok(questionable(scope))
}

/// The same; none for a key that writes no SQL.
pub(super) fn questionable(scope: &TenantScope) -> Vec<Database<'_>> {
    scope.sources().into_iter().map(|(placement, source)| Database { source, placement }).collect()
}

/// The database with a number. Somebody else's, one that the key may not question and none are one answer.
pub(super) fn database<'s>(scope: &'s TenantScope, number: &str) -> Result<Database<'s>, LookupError> {
    let found = databases(scope)?.into_iter().find(|own| own.source.number.to_string() == number);
    found.ok_or(LookupError::Missing)
}

impl Database<'_> {
    pub(super) fn number(&self) -> i32 {
        self.source.number
    }

    pub(super) async fn tables(&self, app: &App) -> Tables {
        match app.gateway().relations(&self.placement).await {
            Ok(relations) => Tables::Known(self.number(), relations),
            Err(error @ PrepareError::Preflight(_)) => Tables::Away(Problem::preparing(error, Reader::Other)),
            Err(_) => Tables::None,
        }
    }

    /// The same for who asks about this database alone: that it is away is an error, and not an empty list.
    pub(super) async fn tables_now(&self, app: &App) -> Result<Vec<Table>, Problem> {
        match self.tables(app).await {
            Tables::Away(problem) => Err(problem),
            tables => Ok(tables.known()),
        }
    }
}

impl Tables {
    /// Those that are known, with their numbers.
    pub(super) fn known(self) -> Vec<Table> {
        match self {
            Self::Known(database, relations) => numbered(database, relations),
            Self::None | Self::Away(_) => Vec::new(),
        }
    }
}

/// Tables and columns with numbers that follow from their names.
fn numbered(database: i32, relations: Vec<Relation>) -> Vec<Table> {
    let (mut tables, mut columns) = (HashSet::new(), HashSet::new());
    let of = database.to_string();
    let mut table = |relation: Relation| {
        let Relation { schema, name, columns: own } = relation;
        let within = schema.as_deref().unwrap_or_default();
        let field = |column: gateway::Column| Field {
            id: settled(Named::of(&["field", &of, within, &name, &column.name]), &mut columns),
            base_type: base_type(column.kind),
            name: column.name,
        };
        let fields = own.into_iter().map(field).collect();
        let id = settled(Named::of(&["table", &of, within, &name]), &mut tables);
        Table { id, database, schema, name, fields }
    };
    relations.into_iter().map(&mut table).collect()
}

/// A table by number or entity id, in whichever database of this key's it is.
pub(super) async fn table<'s>(
    app: &App,
    scope: &'s TenantScope,
    name: &str,
) -> Result<(Database<'s>, Table), LookupError> {
    for database in databases(scope)? {
        if let Some(table) = database.tables(app).await.known().into_iter().find(|table| table.id.is(name)) {
            return Ok((database, table));
        }
    }
    Err(LookupError::Missing)
}
