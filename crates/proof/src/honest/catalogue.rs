//! The guard's catalogue, from the columns that an engine says a database has.

use anyhow::bail;
use sqlguard::{Column, ColumnKind, Relation};

use super::rules::Rules;
use crate::answer::Answer;
use crate::engine::Engine;
use crate::session::Session;

/// Every table that the session reads in `schema`, with its rule.
pub(super) async fn relations(
    engine: Engine,
    schema: &str,
    session: &mut Session,
    rules: &Rules,
) -> anyhow::Result<Vec<Relation>> {
    let asked = match engine {
        Engine::Postgres | Engine::Mariadb => format!(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = '{schema}' \
             ORDER BY table_name, ordinal_position"
        ),
        Engine::Sqlite => "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c \
                           WHERE t.type = 'table' ORDER BY t.name, c.cid"
            .to_owned(),
    };
    let answer = session.run_text(&asked).await;
    let Answer::Rows { rows, .. } = &answer else { bail!("the columns cannot be read: {}", answer.shown()) };
    let mut relations: Vec<Relation> = Vec::new();
    for row in rows {
        let text = |place: usize| {
            let bytes = row.get(place).and_then(Option::as_deref).unwrap_or_default();
            String::from_utf8_lossy(bytes).into_owned()
        };
        let (name, column) = (text(0), Column { name: text(1), kind: kind(&text(2)), mask: None });
        match relations.last_mut() {
            Some(last) if last.name == name => last.columns.push(column),
            _ => {
                let fence = rules.fence(schema, &name)?;
                relations.push(Relation { schema: schema.to_owned(), name, columns: vec![column], fence });
            }
        }
    }
    Ok(relations)
}

/// The families of types that the product's own look at a database tells apart.
fn kind(data_type: &str) -> ColumnKind {
    // SQLite gives the length too.
    match data_type.split('(').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "smallint" | "integer" | "bigint" | "int" | "tinyint" | "mediumint" => ColumnKind::Integer,
        "text" | "character varying" | "varchar" | "char" | "longtext" => ColumnKind::Text,
        "uuid" => ColumnKind::Uuid,
        _ => ColumnKind::Other,
    }
}
