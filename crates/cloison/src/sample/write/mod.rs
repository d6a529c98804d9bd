//! Writers: the same tables into a SQLite file, or as SQL for a server. No driver of a server is needed here.

mod script;
mod sqlite;

pub use script::write_sql;
pub use sqlite::write_sqlite;

use super::table::{Column, Kind, Table};

/// How one engine writes what the others write differently.
struct Dialect {
    kind: fn(Kind) -> String,
    /// What stands after the closing parenthesis.
    options: &'static str,
}

impl Dialect {
    fn create(&self, table: &Table) -> String {
        let column = |column: &Column| {
            let key = match (column.name, column.nullable) {
                ("id", _) => " NOT NULL PRIMARY KEY",
                (_, true) => "",
                (_, false) => " NOT NULL",
            };
            format!("{} {}{key}", column.name, (self.kind)(column.kind))
        };
        let columns: Vec<String> = table.columns.iter().map(column).collect();
        format!("CREATE TABLE {} ({}){}", table.name, columns.join(", "), self.options)
    }

    /// Made after the rows are in: that is faster than keeping them up to date.
    fn indexes(&self, table: &Table) -> Vec<String> {
        let index = |(number, columns): (usize, &&str)| {
            let (unique, columns) = columns.strip_prefix('!').map_or(("", *columns), |columns| ("UNIQUE ", columns));
            format!("CREATE {unique}INDEX {}_ix{} ON {} ({columns})", table.name, number + 1, table.name)
        };
        table.indexes.iter().enumerate().map(index).collect()
    }
}
