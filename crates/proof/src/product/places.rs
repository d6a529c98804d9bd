//! The databases of the worlds, set up by the product itself: what its own scripts make is what is proven.

use std::path::Path;

use anyhow::Context as _;
use gateway::setup::Administrator;
use serde_json::{Value, json};
use tenancy::Secret;
use testkit::servers::{Mariadb, Postgres};

use super::instance::Instance;
use super::shops::{Shop, shares_tables};
use crate::engine::Engine;
use crate::fixture::{self, Table, World};
use crate::worlds::Level;

const PASSWORD: &str = "it's \"proof\"";

/// What is there besides, and what nobody declared: it shows all rows.
const UNDECLARED: [&str; 2] = [
    "CREATE VIEW {s}.v_orders_all AS SELECT * FROM {s}.orders",
    "CREATE MATERIALIZED VIEW {s}.mv_orders AS SELECT * FROM {s}.orders",
];

/// What a world calls the corpus's `app`.
#[derive(Clone)]
pub(super) struct Place(Option<String>);

impl Place {
    /// As the corpus has it.
    pub(super) const PLAIN: Self = Self(None);

    /// A statement of the corpus in this world's words.
    pub(super) fn localised(&self, sql: &str) -> String {
        match &self.0 {
            Some(schema) => sql.replace("`app`", &format!("`{schema}`")),
            None => sql.to_owned(),
        }
    }

    /// An answer in the corpus's words.
    pub(super) fn neutral(&self, body: &[u8]) -> Vec<u8> {
        match (&self.0, std::str::from_utf8(body)) {
            (Some(schema), Ok(text)) => text.replace(schema, "app").into_bytes(),
            _ => body.to_vec(),
        }
    }
}

/// The server that the databases are on.
pub(super) enum Server {
    /// PostgreSQL.
    Postgres(Postgres),
    /// MariaDB, with the beginning of all names: they have one length in all worlds, so that answers with a name in them
    /// have too.
    Mariadb(Mariadb, String),
    /// Files of the instance.
    Files,
}

impl Server {
    pub(super) async fn of(engine: Engine) -> anyhow::Result<Self> {
        Ok(match engine {
            Engine::Postgres => Self::Postgres(Postgres::shared().await?),
            Engine::Mariadb => {
                let server = Mariadb::shared().await?;
                let stem = server.create_database("product").await?;
                Self::Mariadb(server, stem)
            }
            Engine::Sqlite => Self::Files,
        })
    }

    fn administrator(&self) -> Option<Administrator> {
        let (user, password) = match self {
            Self::Postgres(server) => (server.admin_user(), server.admin_password()),
            Self::Mariadb(server, _) => (server.admin_user(), server.admin_password()),
            Self::Files => return None,
        };
        Some(Administrator { user: user.to_owned(), password: Secret::from(password.to_owned()) })
    }

    /// Makes the database of one source in one world and the tenant's placement there. What
    /// `app` is called there comes back.
    pub(super) async fn place(
        &self,
        instance: &Instance,
        shop: Shop,
        level: Level,
        world: World,
    ) -> anyhow::Result<Place> {
        // A silo is A's rows alone at a level that adds nothing: no shared table, no rule, no guard. In PostgreSQL it is
        // that at which names without a schema are those of the tenant's own.
        let level = match (world, self) {
            (World::Silo, Self::Postgres(_)) => Level::Schema,
            (World::Silo, _) => Level::Database,
            _ => level,
        };
        let tables = shop.tables(level);
        let (place, mut placement) = match self {
            Self::Postgres(server) => postgres(server, level, world, &tables).await?,
            Self::Mariadb(server, stem) => mariadb(server, &name(stem, shop, world), level, world, &tables).await?,
            Self::Files => sqlite(&instance.files(), shop, world, &tables)?,
        };
        set(&mut placement, "level", level.name());
        if shares_tables(level) {
            set(&mut placement, "row_key", shop.row_key());
        }
        instance.place(shop, placement, self.administrator().as_ref()).await?;
        Ok(place)
    }
}

fn set(placement: &mut Value, field: &str, value: impl Into<Value>) {
    if let Some(fields) = placement.as_object_mut() {
        fields.insert(field.to_owned(), value.into());
    }
}

fn name(stem: &str, shop: Shop, world: World) -> String {
    let letter = match world {
        World::Full => '1',
        World::Alone => '2',
        World::Altered => '3',
        World::Silo => '0',
    };
    format!("{stem}_{}{letter}", shop.slug())
}

fn filled(engine: Engine, tables: &[Table], world: World, schema: &str) -> Vec<String> {
    let of = |table: &Table| {
        let mut statements = fixture::create(table, engine, schema);
        statements.extend(fixture::insert(table, world, schema));
        statements
    };
    tables.iter().flat_map(of).collect()
}

fn undeclared(schema: &str, materialised: bool) -> Vec<String> {
    let wanted = if materialised { &UNDECLARED[..] } else { UNDECLARED.get(..1).unwrap_or_default() };
    wanted.iter().map(|statement| statement.replace("{s}", schema)).collect()
}

async fn postgres(server: &Postgres, level: Level, world: World, tables: &[Table]) -> anyhow::Result<(Place, Value)> {
    let database = server.create_database("product").await?;
    let base = if level == Level::ViewRows { "base" } else { "app" };
    let mut script = vec![format!("CREATE SCHEMA {base}")];
    script.extend(filled(Engine::Postgres, tables, world, base));
    script.extend(undeclared(base, true));
    if level == Level::Schema && world != World::Silo {
        script.push("CREATE SCHEMA bolt".to_owned());
        script.extend(filled(Engine::Postgres, &fixture::tables(true), world, "bolt"));
    }
    script.push("ANALYZE".to_owned());
    server.execute(&database, &script.join(";\n")).await?;
    let user = format!("{database}_acme");
    let mut placement = json!({ "host": server.host(), "port": server.port(), "database": database, "schema": "app",
        "user": user, "password": PASSWORD, "tls": "off" });
    if level == Level::ViewRows {
        set(&mut placement, "base", base);
    }
    Ok((Place::PLAIN, placement))
}

async fn mariadb(
    server: &Mariadb,
    database: &str,
    level: Level,
    world: World,
    tables: &[Table],
) -> anyhow::Result<(Place, Value)> {
    let views = level == Level::ViewRows;
    let base = if views { format!("{database}b") } else { database.to_owned() };
    let mut script = vec![format!("CREATE DATABASE {base}")];
    script.extend(filled(Engine::Mariadb, tables, world, &base));
    script.extend(undeclared(&base, false));
    server.execute("mysql", &script.join(";\n")).await?;
    let mut placement = json!({ "host": server.host(), "port": server.port(), "database": database, "user": database,
        "password": PASSWORD, "tls": "off" });
    if views {
        set(&mut placement, "base", base);
    }
    Ok((Place(Some(database.to_owned())), placement))
}

fn sqlite(files: &Path, shop: Shop, world: World, tables: &[Table]) -> anyhow::Result<(Place, Value)> {
    let name = format!("{}.db", shop.slug());
    let file = rusqlite::Connection::open(files.join(&name)).context("a tenant's file")?;
    let mut script = filled(Engine::Sqlite, tables, world, "main");
    script.push("CREATE VIEW v_orders_all AS SELECT * FROM orders".to_owned());
    script.push("ANALYZE".to_owned());
    file.execute_batch(&script.join(";\n"))?;
    Ok((Place::PLAIN, json!({ "file": name })))
}
