//! Databases in memory.

use super::{Entry, Level, Place, Server, Worlds, filled, tables};
use crate::engine::Engine;
use crate::fixture::{self, World};

pub(super) fn make(level: Level) -> Worlds {
    let shared = World::SHARED.into_iter().map(|world| place(level, world, false)).collect();
    Worlds::new(level, shared, place(level, World::Silo, false), Server::Memory)
}

/// A world in which nobody else has rows any more, whose planner still knows another one's.
pub(super) fn told(level: Level, of: World) -> Place {
    place(level, of, true)
}

fn place(level: Level, world: World, told: bool) -> Place {
    // A file is a tenant's own there: others' rows are in other files, whatever the world.
    let world = if level == Level::Database { World::Silo } else { world };
    let mut script = filled(Engine::Sqlite, level, world, "main");
    script.push("CREATE VIEW v_orders_all AS SELECT * FROM orders".to_owned());
    script.push("ANALYZE".to_owned());
    if told {
        script.extend(tables(level).iter().map(|table| fixture::delete_others(table, "main")));
    }
    Place { engine: Engine::Sqlite, schema: "main".to_owned(), entry: Entry::Memory(script.join(";\n")) }
}
