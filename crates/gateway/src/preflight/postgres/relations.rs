//! What the login can read, with what decides over it.

use tenancy::placement::{Level, Placement, Server};

use super::{Finding, Outcome, dangers, none_of};
use crate::ask::Answer;
use crate::connection::Connection;
use crate::error::RunError;
use crate::setup::postgres::names::home;

/// `true` and `false` as texts. Toast tables, catalogue and information schema apart: they are everybody's or nobody's.
const READABLE: &str = "SELECT n.nspname::text, c.relname::text, c.relkind::text, c.relispartition::text, \
    c.relrowsecurity::text, c.relforcerowsecurity::text, pg_catalog.pg_get_userbyid(c.relowner)::text, \
    (o.rolsuper OR o.rolbypassrls)::text, coalesce(pg_catalog.array_to_string(c.reloptions, ','), '') \
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
    JOIN pg_catalog.pg_roles AS o ON o.oid = c.relowner \
    WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
    AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) \
    ORDER BY n.nspname, c.relname";

/// A relation that the login can read, or some column of it.
pub(super) struct Relation {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) is_partition: bool,
    /// Row security: enabled, and forced on the owner too.
    pub(super) rows: (bool, bool),
    pub(super) owner: String,
    /// Whether row security does not hold the owner.
    pub(super) owner_bypasses: bool,
    options: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Table,
    Foreign,
    Materialised,
    View,
    /// Tells how many rows there were ever, of all tenants.
    Sequence,
}

impl Relation {
    fn of(answer: &Answer, row: usize) -> Option<Self> {
        let text = |column| answer.text(row, column);
        let is = |column| text(column).map(|text| text == "true");
        Some(Self {
            schema: text(0)?.to_owned(),
            name: text(1)?.to_owned(),
            kind: match text(2)? {
                "f" => Kind::Foreign,
                "m" => Kind::Materialised,
                "v" => Kind::View,
                "S" => Kind::Sequence,
                _ => Kind::Table,
            },
            is_partition: is(3)?,
            rows: (is(4)?, is(5)?),
            owner: text(6)?.to_owned(),
            owner_bypasses: is(7)?,
            options: text(8)?.to_owned(),
        })
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Whether an option of the relation is on, in one of the spellings that the server takes.
    pub(super) fn has(&self, option: &str) -> bool {
        let on = |value: &str| ["true", "on", "yes", "1", "t", "y"].contains(&value.to_ascii_lowercase().as_str());
        self.options.split(',').filter_map(|one| one.split_once('=')).any(|(name, value)| name == option && on(value))
    }
}

pub(super) async fn read(connection: &mut Connection) -> Result<Vec<Relation>, RunError> {
    let answer = connection.ask(READABLE, Vec::new()).await?;
    let relations = (0..answer.rows.len()).map(|row| Relation::of(&answer, row));
    relations.collect::<Option<_>>().ok_or(RunError::Malformed)
}

/// Foreign tables read other servers and files, with rights that are not the login's.
pub(super) fn foreign(level: Level, relations: &[Relation]) -> Finding {
    let foreign = relations.iter().filter(|relation| relation.kind == Kind::Foreign);
    none_of(
        "foreign-tables",
        dangers(level),
        &foreign.map(Relation::full_name).collect::<Vec<_>>(),
        "no foreign table",
        |what| format!("the login reads the foreign tables {what}, and what is behind them: REVOKE SELECT"),
    )
}

/// Level `schema`: what lies in other schemas is other tenants', unless it is declared.
pub(super) fn elsewhere(placement: &Placement, server: &Server, relations: &[Relation]) -> Finding {
    let tables = &placement.rows().tables;
    let strange = relations.iter().filter(|relation| relation.schema != home(server));
    let strange = strange.map(Relation::full_name).filter(|name| !tables.contains_key(name));
    none_of(
        "other-schemas",
        Outcome::StopsTenantSql,
        &strange.collect::<Vec<_>>(),
        "the login reads its own schema, and what is declared",
        |what| {
            format!(
                "the login reads {what}, outside of its schema: REVOKE SELECT from it and from PUBLIC, or declare the \
                 table in the data source when it is the same for all"
            )
        },
    )
}
