//! A site as SQL text.

use query::Engine;

use super::{Dialect, sqlite};
use crate::sample::Site;
use crate::sample::table::{Cell, Kind, Table};

/// About how long a statement gets, in bytes: well below any server's limit for one.
const LENGTH: usize = 256 * 1024;

const POSTGRES: Dialect = Dialect {
    kind: |kind| match kind {
        Kind::Int => "bigint".to_owned(),
        Kind::Small => "smallint".to_owned(),
        Kind::Decimal(all, after) => format!("numeric({all},{after})"),
        Kind::Varchar(length) => format!("varchar({length})"),
        Kind::Text => "text".to_owned(),
    },
    options: "",
};

const MARIADB: Dialect = Dialect {
    kind: |kind| match kind {
        Kind::Int => "bigint".to_owned(),
        Kind::Small => "smallint".to_owned(),
        Kind::Decimal(all, after) => format!("decimal({all},{after})"),
        Kind::Varchar(length) => format!("varchar({length})"),
        Kind::Text => "longtext".to_owned(),
    },
    options: " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci",
};

/// Gives the site to `execute` as statements, one at a time and without a `;` at the end: tables, rows (many in one
/// statement), indexes, statistics. The database must have none of the tables.
///
/// Literals are written for a server's usual settings: a backslash escapes in MariaDB and is plain elsewhere. Inside one
/// transaction PostgreSQL takes all or nothing; MariaDB commits at every `CREATE`, so drop the database after an error.
pub fn write_sql(site: &Site, engine: Engine, mut execute: impl FnMut(&str)) {
    let dialect = match engine {
        Engine::Postgres => &POSTGRES,
        Engine::Mysql => &MARIADB,
        Engine::Sqlite => &sqlite::DIALECT,
    };
    for table in site.tables() {
        execute(&dialect.create(table));
        inserts(table, engine, &mut execute);
        for index in dialect.indexes(table) {
            execute(&index);
        }
        let statistics = if engine == Engine::Mysql { "ANALYZE TABLE" } else { "ANALYZE" };
        execute(&format!("{statistics} {}", table.name));
    }
}

fn inserts(table: &Table, engine: Engine, execute: &mut impl FnMut(&str)) {
    let head = format!("INSERT INTO {} VALUES ", table.name);
    let mut statement = String::with_capacity(LENGTH + 4_096);
    for row in table.rows() {
        statement.push_str(if statement.is_empty() { &head } else { "," });
        statement.push('(');
        for (place, cell) in row.iter().enumerate() {
            if place > 0 {
                statement.push(',');
            }
            write(cell, engine, &mut statement);
        }
        statement.push(')');
        if statement.len() >= LENGTH {
            execute(&statement);
            statement.clear();
        }
    }
    if !statement.is_empty() {
        execute(&statement);
    }
}

fn write(cell: &Cell, engine: Engine, to: &mut String) {
    let Some(text) = cell.text() else { return to.push_str("NULL") };
    if matches!(cell, Cell::Int(_) | Cell::Decimal(_)) {
        return to.push_str(&text);
    }
    to.push('\'');
    for c in text.chars() {
        // Twice the quote is the quote; twice the backslash is the backslash where it escapes.
        if c == '\'' || (c == '\\' && engine == Engine::Mysql) {
            to.push(c);
        }
        to.push(c);
    }
    to.push('\'');
}
