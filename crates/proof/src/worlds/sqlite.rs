//! Databases in memory.

use super::{Entry, Level, Place, Server, Worlds, filled, tables};
use crate::engine::Engine;
use crate::fixture::{self, Table, World};

pub(super) fn make(level: Level) -> Worlds {
    let shared = World::SHARED.into_iter().map(|world| place(level, world, None)).collect();
    Worlds::new(level, shared, place(level, World::Silo, None), Server::Memory)
}

/// A world in which nobody else has rows, whose planner is told of as many rows as there are in another one.
pub(super) fn told(level: Level, of: World) -> Place {
    place(level, World::Alone, Some(of))
}

fn place(level: Level, world: World, told: Option<World>) -> Place {
    // A file is a tenant's own there: others' rows are in other files, whatever the world.
    let world = if level == Level::Database { World::Silo } else { world };
    let mut script = filled(Engine::Sqlite, level, world, "main");
    script.push("CREATE VIEW v_orders_all AS SELECT * FROM orders".to_owned());
    script.push("ANALYZE".to_owned());
    if let Some(of) = told {
        let tell = |table: Table| format!("('{}', NULL, '{}')", table.name, fixture::count(&table, of));
        let told: Vec<String> = tables(level).into_iter().map(tell).collect();
        script.push("DELETE FROM sqlite_stat1".to_owned());
        script.push(format!("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {}", told.join(", ")));
        script.push("ANALYZE sqlite_schema".to_owned());
    }
    Place { engine: Engine::Sqlite, schema: "main".to_owned(), entry: Entry::Memory(script.join(";\n")) }
}
