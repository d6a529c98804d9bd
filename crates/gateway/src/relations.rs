//! Which tables a tenant that writes SQL may name.
//!
//! Not asked for anew: it is what preflight read through the tenant's own login before the tenant's first statement, and what
//! the guard holds that statement to. So a list of tables never tells of more than a query would, and costs no scan.

use std::sync::Arc;

use query::Engine;
use tenancy::placement::Placement;

use crate::Gateway;
use crate::cell::{Column, ColumnKind};
use crate::guard::{self, Rules};
use crate::prepare::PrepareError;

/// A table or view that SQL written by the tenant may read.
pub struct Relation {
    /// Its schema; `main` in SQLite. None in MariaDB's and MySQL's own database of the placement: SQL need not name it, and
    /// what it is called is the operator's.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The columns that are shown, masked or not, in their order. Of types only what the guard needs is known: whole numbers and
    /// texts, everything else is unknown.
    pub columns: Vec<Column>,
}

impl Gateway {
    /// The relations that SQL written by this placement's tenant may read, by schema and name.
    ///
    /// # Errors
    /// What such SQL would be refused with: where it does not run there is nothing to list.
    pub async fn relations(&self, placement: &Arc<Placement>) -> Result<Vec<Relation>, PrepareError> {
        let found = self.admitting(placement, true).await?.unwrap_or_default();
        let unnamed = (placement.engine() == Engine::Mysql).then(|| guard::schema(placement));
        let rules = Rules::new(placement, &found, None);
        let named = |relation: &sqlguard::Relation| Relation {
            schema: Some(&relation.schema).filter(|schema| unnamed.as_ref() != Some(schema)).cloned(),
            name: relation.name.clone(),
            columns: relation.columns.iter().filter_map(shown).collect(),
        };
        let mut relations: Vec<Relation> = rules.readable().map(named).collect();
        relations.sort_by(|one, other| (&one.schema, &one.name).cmp(&(&other.schema, &other.name)));
        Ok(relations)
    }
}

/// The column as such SQL sees it; none when it is hidden.
fn shown(column: &sqlguard::Column) -> Option<Column> {
    let kind = match column.shown()? {
        sqlguard::ColumnKind::Integer => ColumnKind::Integer,
        sqlguard::ColumnKind::Text => ColumnKind::Text,
        sqlguard::ColumnKind::Uuid | sqlguard::ColumnKind::Other => ColumnKind::Unknown,
    };
    Some(Column { name: column.name.clone(), kind })
}
