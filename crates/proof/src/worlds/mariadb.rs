//! Databases on MariaDB.

use testkit::servers::{Mariadb, Options};
use tokio::sync::Mutex;

use super::{Entry, Level, Place, Server, Worlds, filled, tables};
use crate::engine::Engine;
use crate::fixture::{self, ACME, Rule, Table, World};
use crate::session::{LIMIT, Login};

const PASSWORD: &str = "proof";

pub(super) async fn make(level: Level) -> anyhow::Result<Worlds> {
    let server = Mariadb::shared().await?;
    let (shared, silo) = places(&server, level).await?;
    Ok(Worlds::new(level, shared, silo, Server::Mariadb(server)))
}

pub(super) async fn apart(level: Level) -> anyhow::Result<Worlds> {
    let server = Mariadb::throwaway(Options::default()).await?;
    let (shared, silo) = places(&server, level).await?;
    Ok(Worlds::new(level, shared, silo, Server::OwnMariadb(Mutex::new(server))))
}

async fn places(server: &Mariadb, level: Level) -> anyhow::Result<(Vec<Place>, Place)> {
    let mut shared = Vec::new();
    for world in World::SHARED {
        shared.push(place(server, level, world).await?.0);
    }
    Ok((shared, place(server, level, World::Silo).await?.0))
}

/// A world in which nobody else has rows, whose optimiser is told of as many rows as there are in another one.
pub(super) async fn told(server: &Mariadb, level: Level, of: World) -> anyhow::Result<Place> {
    let (place, base) = place(server, level, World::Alone).await?;
    let tell = |table: Table| format!("('{base}', '{}', {})", table.name, fixture::count(&table, of));
    let told: Vec<String> = tables(level).into_iter().map(tell).collect();
    let columns = "db_name, table_name, cardinality";
    let script = format!("INSERT INTO mysql.table_stats ({columns}) VALUES {}; FLUSH TABLES", told.join(", "));
    server.execute(&base, &script).await?;
    Ok(place)
}

/// A's way into a world, and the database in which the tables are.
async fn place(server: &Mariadb, level: Level, world: World) -> anyhow::Result<(Place, String)> {
    let database = server.create_database("proof").await?;
    let user = server.create_login("acme", PASSWORD, &database).await?;
    let mut base = database.clone();
    let script = match (level, world) {
        (Level::ViewRows, World::Full | World::Alone | World::Altered) => {
            base = server.create_database("base").await?;
            let mut script = filled(Engine::Mariadb, level, world, &base);
            script.extend(tables(level).iter().map(|table| view(table, &database, &base, &user)));
            script
        }
        (Level::Database, _) => filled(Engine::Mariadb, level, World::Silo, &database),
        _ => {
            let mut script = filled(Engine::Mariadb, level, world, &database);
            script.push(format!("CREATE VIEW {database}.v_orders_all AS SELECT * FROM {database}.orders"));
            script
        }
    };
    server.execute(&database, &script.join(";\n")).await?;
    let login =
        Login { port: server.port(), database: database.clone(), user, password: PASSWORD.to_owned(), limit: LIMIT };
    Ok((Place { engine: Engine::Mariadb, schema: database, entry: Entry::Server(login) }, base))
}

/// A view that the optimiser moves nothing into, over A's rows. Compared byte by byte: the collation of the column
/// takes other tenants' names for A's.
fn view(table: &Table, schema: &str, base: &str, user: &str) -> String {
    let exact = |column: &str, key: &str| format!("{column} = '{key}' AND BINARY {column} = '{key}'");
    let condition = match table.rule {
        Rule::Shared => "1".to_owned(),
        Rule::Key | Rule::Owners | Rule::ThroughTickets => exact("tenant_id", ACME.0),
        Rule::Number => format!("tenant_id = {}", ACME.1),
        Rule::Uuid => exact("tenant_id", ACME.2),
        Rule::ThroughOrders => {
            format!("order_id IN (SELECT o.id FROM {base}.orders o WHERE {})", exact("o.tenant_id", ACME.0))
        }
    };
    let name = table.name;
    format!(
        "CREATE SQL SECURITY DEFINER VIEW {schema}.{name} AS SELECT * FROM {base}.{name} \
         WHERE {condition} AND SUBSTRING_INDEX(USER(), '@', 1) = '{user}' LIMIT 18446744073709551615"
    )
}
