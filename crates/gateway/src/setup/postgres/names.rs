//! Names and texts inside PostgreSQL statements.

use tenancy::placement::{Level, Placement, Server};

use crate::setup::SetupError;

/// The longest name, in bytes. PostgreSQL cuts longer ones off, and then they name something else.
const LONGEST: usize = 63;

/// A name in quotes.
pub(crate) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text in quotes, read the same whether `standard_conforming_strings` is on or off.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// A block of PL/pgSQL, its variables first; nothing in it can end its quotes.
pub(super) fn block(variables: &str, body: &str) -> String {
    let body = format!(
        "DECLARE\n  {variables}\nBEGIN\n  PERFORM pg_catalog.set_config('search_path', 'pg_catalog', true);\n{body}\nEND"
    );
    let mut tag = "$cloison$".to_owned();
    while body.contains(&tag) {
        tag.insert(1, 'x');
    }
    format!("DO {tag}\n{body}\n{tag}")
}

/// PL/pgSQL by which the administrator may act for a role; a superuser may anyway. Since PostgreSQL 16 whoever made a role
/// may grant it to itself, but does not have it yet. `role` is a name in quotes where it needs them.
pub(super) fn acting_for(role: &str) -> String {
    let name = literal(role);
    format!(
        "  IF NOT (pg_has_role(to_regrole({name}), 'USAGE') AND pg_has_role(to_regrole({name}), \
         CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)) \
         THEN GRANT {role} TO CURRENT_USER; END IF;"
    )
}

/// A table of the data source, where the shared tables are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) schema: String,
    pub(crate) name: String,
}

impl Place {
    /// `"schema"."name"`.
    pub(crate) fn quoted(&self) -> String {
        format!("{}.{}", ident(&self.schema), ident(&self.name))
    }
}

/// The schema in which the tenant's login finds a name that was declared without one.
pub(crate) fn home(server: &Server) -> &str {
    server.schema.as_deref().unwrap_or("public")
}

/// Where a declared table is. At level `view-rows` that is the shared table, not the view.
pub(crate) fn place(placement: &Placement, server: &Server, declared: &str) -> Place {
    let base = placement.rows().base.as_deref().filter(|_| placement.level() == Level::ViewRows);
    let (schema, name) = match (base, declared.split_once('.')) {
        (Some(base), Some((_, name))) => (base, name),
        (Some(base), None) => (base, declared),
        (None, Some((schema, name))) => (schema, name),
        (None, None) => (home(server), declared),
    };
    Place { schema: schema.to_owned(), name: name.to_owned() }
}

/// Refuses names that cannot be written as they are.
pub(super) fn check(placement: &Placement, server: &Server) -> Result<(), SetupError> {
    let rows = placement.rows();
    let rules = rows.tables.values().filter_map(|table| table.tenant.as_ref());
    let columns = rules.flat_map(|rule| [Some(&rule.column), rule.key.as_ref()]).flatten();
    let own = [Some(&server.user), Some(&server.database), server.schema.as_ref(), rows.base.as_ref()];
    let parts = rows.tables.keys().flat_map(|name| name.split('.'));
    for name in own.into_iter().flatten().chain(columns).map(String::as_str).chain(parts) {
        if name.len() > LONGEST {
            return Err(refused(&format!(
                "PostgreSQL cuts names off after {LONGEST} bytes, and then {name:?} names something else: shorten it"
            )));
        }
    }
    let home = home(server);
    if rows.base.as_deref() == Some(home) {
        return Err(refused(&format!(
            "the shared tables are in schema {home:?}, where the views would be: name another \"schema\" for the views"
        )));
    }
    let elsewhere = |name: &&String| name.split_once('.').is_some_and(|(schema, _)| schema != home);
    if placement.level() == Level::ViewRows
        && let Some(name) = rows.tables.keys().find(elsewhere)
    {
        return Err(refused(&format!(
            "at level \"view-rows\" every table is in schema \"base\" and every view in schema {home:?}: declare {name:?} without a schema"
        )));
    }
    for schema in rows.tables.keys().filter_map(|name| name.split_once('.')).map(|(schema, _)| schema).chain([home]) {
        if schema == "cloison" || schema == "information_schema" || schema.starts_with("pg_") {
            return Err(refused(&format!("schema {schema:?} is not for tables of tenants")));
        }
    }
    Ok(())
}

pub(super) fn refused(message: &str) -> SetupError {
    SetupError::Placement(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{block, ident, literal};

    #[test]
    fn nothing_ends_its_quotes() {
        assert_eq!(ident("a\"; DROP"), "\"a\"\"; DROP\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("\\' OR 1"), "E'\\\\'' OR 1'");
        let text = block("", "PERFORM '$cloison$ $xcloison$';");
        assert!(text.starts_with("DO $xxcloison$\n") && text.ends_with("\n$xxcloison$"), "{text}");
    }
}
