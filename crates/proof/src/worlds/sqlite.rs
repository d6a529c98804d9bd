//! Databases in memory.

use super::{Entry, Level, Place, Server, Worlds, filled};
use crate::engine::Engine;
use crate::fixture::World;

pub(super) fn make(level: Level) -> Worlds {
    let place = |world| {
        // A file is a tenant's own there: others' rows are in other files, whatever the world.
        let world = if level == Level::Database { World::Silo } else { world };
        let mut script = filled(Engine::Sqlite, level, world, "main");
        script.push("CREATE VIEW v_orders_all AS SELECT * FROM orders".to_owned());
        script.push("ANALYZE".to_owned());
        Place { engine: Engine::Sqlite, schema: "main".to_owned(), entry: Entry::Memory(script.join(";\n")) }
    };
    let shared = World::SHARED.into_iter().map(place).collect();
    Worlds::new(level, shared, place(World::Silo), Server::Memory)
}
