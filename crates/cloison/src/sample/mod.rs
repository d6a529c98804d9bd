//! Sample data for the demo and the tests: three learning platforms of Moodle's shape, made from a seed.
//!
//! Nothing here is anybody's data: people, courses and what they did are drawn by chance, with the rhythms that real
//! sites have (terms and holidays, weekends, evenings, early drop-out, quick and slow teachers).

mod build;
pub mod dumps;
mod forum;
mod history;
mod names;
mod plan;
mod prng;
mod schema;
mod spec;
mod study;
mod table;
pub mod write;

pub use spec::Spec;
pub use table::{Cell, Column, Kind, Table};

/// One learning platform's database, in memory.
pub struct Site {
    /// What it was made from.
    pub spec: Spec,
    tables: Vec<Table>,
}

impl Site {
    /// Makes the site: the same `spec` always gives the same rows.
    #[must_use]
    pub fn generate(spec: Spec) -> Self {
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
