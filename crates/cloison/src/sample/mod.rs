//! Sample data for the demo and the tests: three learning platforms of Moodle's shape, made from a seed.
//!
//! Nothing here is anybody's data: people, courses and what they did are drawn by chance, with the rhythms that real
//! sites have (terms and holidays, weekends, evenings, early drop-out, quick and slow teachers).

mod build;
mod course;
pub mod dumps;
mod forum;
mod history;
mod names;
mod people;
mod plan;
mod prng;
mod schema;
mod spec;
mod study;
mod table;
mod write;

pub use spec::Spec;
pub use table::{Cell, Column, Kind, Table};
pub use write::{write_sql, write_sqlite};

/// One learning platform's database, in memory.
pub struct Site {
    /// What it was made from.
    pub spec: Spec,
    tables: Vec<Table>,
}

impl Site {
    /// Makes the site as it is at `now`, in seconds since 1970, UTC: the same `spec` and `now` always give the same rows.
    #[must_use]
    pub fn generate(spec: &Spec, now: i64) -> Self {
        let spec = Spec { now, ..spec.clone() };
        let tables = build::tables(&spec);
        Self { spec, tables }
    }

    /// Its tables. They refer to each other by id only, so any order of writing will do.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}
