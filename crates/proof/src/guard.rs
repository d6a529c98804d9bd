//! The SQL guard, as the product would set it up for A in a world.

use sqlguard::{Catalogue, Column, ColumnKind, Fence, Place, Relation};

use crate::engine::Engine;
use crate::fixture::{self, Table, UNDECLARED, Value};

/// What A may read, and the values of its rules.
pub struct Guard {
    catalogue: Catalogue,
    values: Vec<Value>,
}

impl Guard {
    /// The guard for the fixture's tables, with rules for a viewer, where they lie in `schema`.
    pub fn of_fixture(engine: Engine, schema: &str) -> Self {
        Self::of(engine, schema, Table::relation)
    }

    /// The same, with masks.
    pub fn of_masked_fixture(engine: Engine, schema: &str) -> Self {
        Self::of(engine, schema, Table::masked_relation)
    }

    fn of(engine: Engine, schema: &str, relation: fn(&Table, &str, Engine) -> Relation) -> Self {
        let mut relations: Vec<_> = fixture::tables(true).iter().map(|table| relation(table, schema, engine)).collect();
        relations.extend(UNDECLARED.map(|name| undeclared(schema, name)));
        Self::new(engine, schema, relations, fixture::rule_values())
    }

    /// The guard for any tables.
    pub fn new(engine: Engine, schema: &str, relations: Vec<Relation>, values: Vec<Value>) -> Self {
        Self { catalogue: Catalogue { dialect: engine.dialect(), schema: schema.to_owned(), relations }, values }
    }

    /// The statement that may run instead, with the values of its places.
    ///
    /// # Errors
    /// The guard's refusal.
    pub fn guard(&self, sql: &str) -> Result<(String, Vec<Value>), String> {
        self.guard_with(sql, &[])
    }

    /// The same for a statement that has places of its own.
    ///
    /// # Errors
    /// The guard's refusal.
    pub fn guard_with(&self, sql: &str, given: &[Value]) -> Result<(String, Vec<Value>), String> {
        let guarded = sqlguard::guard(sql, &self.catalogue).map_err(|refusal| refusal.to_string())?;
        let value = |place: &Place| match place {
            Place::Rule(number) => self.values.get(*number).cloned(),
            Place::Given(number) => given.get(*number).cloned(),
        };
        let values = guarded.binds.iter().map(value).collect::<Option<_>>();
        Ok((guarded.sql, values.ok_or("a place without a value")?))
    }
}

fn undeclared(schema: &str, name: &str) -> Relation {
    let column = |name: &str| Column { name: name.to_owned(), kind: ColumnKind::Other, mask: None };
    Relation {
        schema: schema.to_owned(),
        name: name.to_owned(),
        columns: ["id", "tenant_id", "amount", "secret"].map(column).into(),
        fence: Fence::Withheld("is not declared in the data source: only declared tables are read"),
    }
}
