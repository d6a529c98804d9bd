//! Level `view-rows`: the login reads set-up's views and nothing else.

use std::collections::BTreeMap;

use tenancy::placement::{Placement, Server};

use super::relations::Kind;
use super::rows::{PINNED, mapping};
use super::{Finding, Outcome, Relation, none_of};
use crate::connection::Connection;
use crate::error::RunError;
use crate::setup::postgres::names::{home, place};
use crate::setup::postgres::policies::{MAPPING, digest};
use crate::setup::postgres::rule::Rule;
use crate::setup::postgres::views::shared_mark;

pub(super) async fn check(
    placement: &Placement,
    server: &Server,
    relations: &[Relation],
    connection: &mut Connection,
) -> Result<Vec<Finding>, RunError> {
    let notes = notes(connection).await?;
    let (mut tables, mut strange, mut weak, mut altered) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for relation in relations.iter().filter(|relation| relation.full_name() != MAPPING) {
        let name = relation.full_name();
        match (relation.kind, expected(placement, server, relation)) {
            (Kind::Table | Kind::Materialised | Kind::Sequence, _) => tables.push(name),
            // A finding of every level.
            (Kind::Foreign, _) => {}
            (Kind::View, None) => strange.push(name),
            (Kind::View, Some(mark)) => {
                let has_barrier = relation.has("security_barrier") && !relation.has("security_invoker");
                if !has_barrier || relation.owner_bypasses || relation.owner == server.user {
                    weak.push(name.clone());
                }
                if notes.get(&name).is_none_or(|(note, digest)| *note != format!("{mark}{digest}")) {
                    altered.push(name);
                }
            }
        }
    }
    let stops = Outcome::StopsEverything;
    Ok(vec![
        none_of("base-tables", stops, &tables, "the login reads no table itself", |what| {
            format!(
                "the login reads the tables {what} themselves, with everybody's rows: REVOKE SELECT from it and from PUBLIC"
            )
        }),
        none_of("other-views", stops, &strange, "the login reads the views of declared tables only", |what| {
            format!(
                "the login reads the views {what}, which set-up did not make: REVOKE SELECT from it and from PUBLIC"
            )
        }),
        none_of("view-owners", stops, &weak, "the views have a barrier and an owner without powers", |what| {
            format!(
                "{what}: a view here has security_barrier, not security_invoker, and an owner that is neither superuser \
                 nor above row security nor the tenant's login. Run the script of set-up again"
            )
        }),
        none_of("view-definitions", stops, &altered, "each view is as set-up made it", |what| {
            format!("{what}: the view was altered, or is of another rule. Run the script of set-up again")
        }),
        mapping(placement, server, relations, connection).await?,
    ])
}

/// What set-up notes beside the view of this name; nothing when it makes none.
fn expected(placement: &Placement, server: &Server, relation: &Relation) -> Option<String> {
    // A dot in a name would make it another table's.
    if relation.schema != home(server) || relation.name.contains('.') {
        return None;
    }
    let tables = &placement.rows().tables;
    let (name, draft) = tables.get_key_value(&relation.name).or_else(|| tables.get_key_value(&relation.full_name()))?;
    match Rule::of(placement, server, name) {
        Some(rule) => Some(rule.mark(false)),
        None if draft.shared => Some(shared_mark(&place(placement, server, name))),
        None => None,
    }
}

/// By view: what set-up noted, and a digest of the view as it is.
async fn notes(connection: &mut Connection) -> Result<BTreeMap<String, (String, String)>, RunError> {
    let text = digest("pg_catalog.pg_get_viewdef(c.oid)");
    let sql = format!(
        "{PINNED} SELECT n.nspname || '.' || c.relname, coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), ''), \
         CASE WHEN (SELECT path FROM pinned) IS NOT NULL THEN coalesce({text}, '') END \
         FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'v' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
         AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT') ORDER BY 1"
    );
    let answer = connection.ask(&sql, Vec::new()).await?;
    let mut notes = BTreeMap::new();
    for row in 0..answer.rows.len() {
        let text = |column| answer.text(row, column).map(str::to_owned).ok_or(RunError::Malformed);
        notes.insert(text(0)?, (text(1)?, text(2)?));
    }
    Ok(notes)
}
