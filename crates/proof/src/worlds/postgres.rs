//! Databases on PostgreSQL.

use testkit::servers::Postgres;

use super::{Entry, Level, Place, Server, Worlds, filled, tables};
use crate::engine::Engine;
use crate::fixture::{self, ACME, Rule, Table, World};
use crate::session::{LIMIT, Login};

const PASSWORD: &str = "proof";

/// Only its parts have rows.
const PARTITIONED: &str = "events";

/// What is there besides, and what nobody may read: it shows all rows.
const UNDECLARED: &str = "CREATE VIEW app.v_orders_all AS SELECT * FROM app.orders; \
                          CREATE MATERIALIZED VIEW app.mv_orders AS SELECT * FROM app.orders";

pub(super) async fn make(level: Level) -> anyhow::Result<Worlds> {
    let server = Postgres::shared().await?;
    let mut shared = Vec::new();
    for world in World::SHARED {
        shared.push(place(&server, level, world).await?);
    }
    let silo = place(&server, level, World::Silo).await?;
    Ok(Worlds::new(level, shared, silo, Server::Postgres(server)))
}

async fn place(server: &Postgres, level: Level, world: World) -> anyhow::Result<Place> {
    let database = server.create_database("proof").await?;
    let user = server.create_login("acme", PASSWORD, &database).await?;
    let script = set_up(level, world, &user);
    server.execute(&database, &script).await?;
    server.execute(&database, "ANALYZE").await?;
    let login = Login { port: server.port(), database, user, password: PASSWORD.to_owned(), limit: LIMIT };
    Ok(Place { engine: Engine::Postgres, schema: "app".to_owned(), entry: Entry::Server(login) })
}

/// A world in which nobody else has rows any more, whose planner still knows another one's.
pub(super) async fn told(server: &Postgres, level: Level, of: World) -> anyhow::Result<Place> {
    let place = place(server, level, of).await?;
    let (schema, view) = match level {
        Level::ViewRows => ("base", ""),
        Level::GuardedRows | Level::Masks | Level::NativeRows => ("app", "REFRESH MATERIALIZED VIEW app.mv_orders"),
        Level::Schema | Level::Database => ("app", ""),
    };
    // Or the server counts anew, sooner or later.
    let stays = |table: &Table| format!("ALTER TABLE {schema}.{} SET (autovacuum_enabled = off)", table.name);
    let tables = tables(level);
    let mut script: Vec<String> = tables.iter().filter(|table| table.name != PARTITIONED).map(stays).collect();
    script.extend(tables.iter().map(|table| fixture::delete_others(table, schema)));
    script.push(view.to_owned());
    server.execute(place.database(), &script.join(";\n")).await?;
    Ok(place)
}

/// What keeps tenants apart, by hand.
fn set_up(level: Level, world: World, user: &str) -> String {
    let tables = tables(level);
    let fill = |world, schema: &str| filled(Engine::Postgres, level, world, schema).join(";\n");
    let (mut script, everything) = match (level, world) {
        (_, World::Silo) | (Level::GuardedRows | Level::Masks, _) => {
            (format!("CREATE SCHEMA app; {}; {UNDECLARED}", fill(world, "app")), true)
        }
        (Level::NativeRows, _) => {
            let mut script = format!("CREATE SCHEMA app; {}; {UNDECLARED}", fill(world, "app"));
            for table in &tables {
                script += &native(table, user);
            }
            (script, false)
        }
        (Level::ViewRows, _) => {
            let mut script = format!("CREATE SCHEMA base; {}; CREATE SCHEMA app", fill(world, "base"));
            for table in &tables {
                script += &view(table, user);
            }
            (script, false)
        }
        (Level::Schema, _) => {
            let others = format!("CREATE SCHEMA bolt; {}", fill(world, "bolt"));
            (format!("CREATE SCHEMA app; {}; {others}", fill(World::Silo, "app")), true)
        }
        (Level::Database, _) => (format!("CREATE SCHEMA app; {}", fill(World::Silo, "app")), true),
    };
    script += &format!(";\nGRANT USAGE ON SCHEMA app TO {user}");
    if everything {
        script += &format!("; GRANT SELECT ON ALL TABLES IN SCHEMA app TO {user}");
    } else {
        for table in &tables {
            script += &format!("; GRANT SELECT ON app.{} TO {user}", table.name);
        }
    }
    script
}

/// What holds for a row of A, in SQL.
fn condition(table: &Table, orders: &str) -> Option<String> {
    Some(match table.rule {
        Rule::Shared => return None,
        Rule::Key | Rule::Owners | Rule::ThroughTickets => format!("tenant_id = '{}'", ACME.0),
        Rule::Number => format!("tenant_id = {}", ACME.1),
        Rule::Uuid => format!("tenant_id = '{}'", ACME.2),
        Rule::ThroughOrders => {
            format!("order_id IN (SELECT o.id FROM {orders} o WHERE o.tenant_id = '{}')", ACME.0)
        }
    })
}

fn native(table: &Table, user: &str) -> String {
    let Some(condition) = condition(table, "app.orders") else { return String::new() };
    let name = table.name;
    format!(
        "; ALTER TABLE app.{name} ENABLE ROW LEVEL SECURITY; ALTER TABLE app.{name} FORCE ROW LEVEL SECURITY; \
         CREATE POLICY own ON app.{name} TO {user} USING ({condition})"
    )
}

fn view(table: &Table, user: &str) -> String {
    let name = table.name;
    let condition = condition(table, "base.orders")
        .map(|condition| format!(" WHERE {condition} AND session_user = '{user}'"))
        .unwrap_or_default();
    format!("; CREATE VIEW app.{name} WITH (security_barrier) AS SELECT * FROM base.{name}{condition}")
}
