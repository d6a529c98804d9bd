//! Tables and columns, for the SQL guard.

use sqlguard::ColumnKind;
use tenancy::placement::{Placement, Server};

use super::super::Table;
use super::{Finding, Outcome, none_of};
use crate::connection::Connection;
use crate::error::RunError;
use crate::setup::postgres::names::{home, literal};
use crate::setup::postgres::rule::Rule;

/// Relations that are listed when none is declared.
const MOST: usize = 2000;

pub(super) async fn read(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
) -> Result<Vec<Table>, RunError> {
    let names = placement.rows().tables.keys().map(|name| name.split_once('.').unwrap_or((home(server), name)));
    let names: Vec<_> = names.map(|(schema, name)| format!("({}, {})", literal(schema), literal(name))).collect();
    let declared = match names.is_empty() {
        true => String::new(),
        false => format!("AND (n.nspname::text, c.relname::text) IN (VALUES {})", names.join(", ")),
    };
    // Texts that compare inexactly (citext, blanks at the end of char, collations that do not tell apart) carry no rule.
    let columns = format!(
        "SELECT r.nspname::text, r.relname::text, a.attname::text, CASE \
         WHEN a.atttypid IN ('pg_catalog.int2'::regtype, 'pg_catalog.int4'::regtype, 'pg_catalog.int8'::regtype) THEN 'integer' \
         WHEN a.atttypid IN ('pg_catalog.text'::regtype, 'pg_catalog.varchar'::regtype) AND l.collisdeterministic THEN 'text' \
         WHEN a.atttypid = 'pg_catalog.uuid'::regtype THEN 'uuid' ELSE 'other' END \
         FROM (SELECT n.nspname, c.relname, c.oid FROM pg_catalog.pg_class AS c \
           JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') \
           AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'cloison' {declared} \
           AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') \
           OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) ORDER BY n.nspname, c.relname LIMIT {MOST}) AS r \
         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation \
         WHERE pg_catalog.has_column_privilege(r.oid, a.attnum, 'SELECT') ORDER BY r.nspname, r.relname, a.attnum"
    );
    let answer = connection.ask(&columns, Vec::new()).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in 0..answer.rows.len() {
        let text = |column| answer.text(row, column).ok_or(RunError::Malformed);
        let (schema, name, column) = (text(0)?, text(1)?, text(2)?.to_owned());
        let kind = match text(3)? {
            "integer" => ColumnKind::Integer,
            "text" => ColumnKind::Text,
            "uuid" => ColumnKind::Uuid,
            _ => ColumnKind::Other,
        };
        match tables.last_mut() {
            Some(last) if last.schema == schema && last.name == name => last.columns.push((column, kind)),
            _ => tables.push(Table { schema: schema.to_owned(), name: name.to_owned(), columns: vec![(column, kind)] }),
        }
    }
    Ok(tables)
}

/// Where tenants share tables: the column with the key compares exactly, and the key has one spelling in its type.
pub(super) fn key_fits(placement: &Placement, server: &Server, found: &[Table]) -> Finding {
    let key = placement.rows().key.as_str();
    let mut wrong = Vec::new();
    let tables = placement.rows().tables.keys();
    let rules: Vec<Rule> = tables.filter_map(|name| Rule::of(placement, server, name)).collect();
    for (end, column) in rules.iter().flat_map(Rule::ends) {
        // At level `view-rows` the rule ends at the shared table; what is found is the view of the same name.
        let schema = if placement.rows().base.is_some() { home(server) } else { end.schema.as_str() };
        let table = found.iter().find(|table| table.schema == schema && table.name == end.name);
        let kind = table.and_then(|table| table.columns.iter().find(|(own, _)| own == column)).map(|(_, kind)| *kind);
        let fits = match kind {
            // Other findings say so.
            None => true,
            Some(ColumnKind::Integer) => key.parse().is_ok_and(|number: i64| number.to_string() == key),
            Some(ColumnKind::Uuid) => is_uuid(key),
            Some(ColumnKind::Text) => true,
            Some(ColumnKind::Other) => false,
        };
        if !fits {
            wrong.push(format!("{}.{column}", end.name));
        }
    }
    wrong.sort();
    wrong.dedup();
    none_of("tenant-columns", Outcome::StopsEverything, &wrong, "the key fits the columns that hold it", |what| {
        format!(
            "the key {key:?} does not fit the type of {what}: an integer is written without zeros in front, a UUID in \
             small letters, and other types than integers, text, varchar and uuid compare inexactly"
        )
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}
