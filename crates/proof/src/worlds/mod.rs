//! Databases on real servers, alike but for the other tenants' rows.

mod mariadb;
mod postgres;
mod sqlite;

use serde::Serialize;
use tokio::sync::{Mutex, OnceCell};

use crate::answer::Answer;
use crate::engine::Engine;
use crate::fixture::{self, World};
use crate::session::{LIMIT, Login, Session};

/// What keeps tenants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing but the guard: one login reads all rows of all tenants.
    GuardedRows,
    /// The same, and columns of A's own rows are masked. Worlds differ in what is behind the masks, and in nothing else.
    Masks,
    /// Row level security, by the login.
    NativeRows,
    /// Views keyed on the login, over tables that it cannot read.
    ViewRows,
    /// A schema and a login each.
    Schema,
    /// A database and a login each.
    Database,
}

impl Level {
    /// The levels of an engine at which the database alone keeps tenants apart.
    pub const fn of_database(engine: Engine) -> &'static [Self] {
        match engine {
            Engine::Postgres => &[Self::NativeRows, Self::ViewRows, Self::Schema, Self::Database],
            Engine::Mariadb => &[Self::ViewRows, Self::Database],
            Engine::Sqlite => &[Self::Database],
        }
    }

    /// The written form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GuardedRows => "guarded-rows",
            Self::Masks => "masks",
            Self::NativeRows => "native-rows",
            Self::ViewRows => "view-rows",
            Self::Schema => "schema",
            Self::Database => "database",
        }
    }
}

/// A's way into one world.
pub struct Place {
    /// The engine.
    pub engine: Engine,
    /// What the corpus calls `app`: schema, or MariaDB's database.
    pub schema: String,
    entry: Entry,
}

enum Entry {
    Server(Login),
    /// A script that makes the database in memory.
    Memory(String),
}

/// The same level in every world that shares tables, and in the silo.
pub struct Worlds {
    /// What keeps tenants apart.
    pub level: Level,
    /// W1, W2, W3, in the order of [`World::SHARED`].
    pub shared: Vec<Place>,
    /// A's rows alone.
    pub silo: Place,
    told: OnceCell<Vec<Place>>,
    server: Server,
}

/// Lives as long as somebody uses it.
enum Server {
    Postgres(testkit::servers::Postgres),
    Mariadb(testkit::servers::Mariadb),
    /// Nobody else's: it is started again when it ends.
    OwnMariadb(Mutex<testkit::servers::Mariadb>),
    Memory,
}

impl Worlds {
    fn new(level: Level, shared: Vec<Place>, silo: Place, server: Server) -> Self {
        Self { level, shared, silo, told: OnceCell::new(), server }
    }

    /// Worlds with A's rows alone, like the one that nobody shares, but for what their planners believe: that there are as
    /// many rows as in the other worlds.
    ///
    /// # Errors
    /// The server refuses a statement.
    pub async fn told(&self) -> anyhow::Result<&[Place]> {
        let make = async || {
            let mut told = Vec::new();
            for of in [World::Full, World::Altered] {
                told.push(match &self.server {
                    Server::Postgres(server) => postgres::told(server, self.level, of).await?,
                    Server::Mariadb(server) => mariadb::told(server, self.level, of).await?,
                    Server::OwnMariadb(server) => mariadb::told(&*server.lock().await, self.level, of).await?,
                    Server::Memory => sqlite::told(self.level, of),
                });
            }
            anyhow::Ok(told)
        };
        Ok(self.told.get_or_try_init(make).await?)
    }

    /// Makes the databases.
    ///
    /// # Errors
    /// The server is not installed, or refuses a statement.
    pub async fn make(engine: Engine, level: Level) -> anyhow::Result<Self> {
        match engine {
            Engine::Postgres => postgres::make(level).await,
            Engine::Mariadb => mariadb::make(level).await,
            Engine::Sqlite => Ok(sqlite::make(level)),
        }
    }

    /// Makes them on a server that nobody else uses, where an engine is known to end at some statements.
    ///
    /// # Errors
    /// The server is not installed, or refuses a statement.
    pub async fn apart(engine: Engine, level: Level) -> anyhow::Result<Self> {
        match engine {
            Engine::Mariadb => mariadb::apart(level).await,
            Engine::Postgres | Engine::Sqlite => Self::make(engine, level).await,
        }
    }

    /// Starts the server again if it ended.
    ///
    /// # Errors
    /// It does not start.
    pub async fn revive(&self) -> anyhow::Result<()> {
        if let Server::OwnMariadb(server) = &self.server {
            let mut server = server.lock().await;
            if server.admin("mysql").await.is_err() {
                server.restart().await?;
            }
        }
        Ok(())
    }

    /// A session in each of the shared worlds.
    ///
    /// # Errors
    /// A server does not let us in.
    pub async fn sessions(&self) -> anyhow::Result<Vec<Session>> {
        let mut sessions = Vec::new();
        for place in &self.shared {
            sessions.push(place.enter().await?);
        }
        Ok(sessions)
    }
}

impl Place {
    /// The server's database; nothing for one in memory.
    fn database(&self) -> &str {
        match &self.entry {
            Entry::Server(login) => &login.database,
            Entry::Memory(_) => "",
        }
    }

    /// Connects.
    ///
    /// # Errors
    /// The server does not let us in.
    pub async fn enter(&self) -> anyhow::Result<Session> {
        match (&self.entry, self.engine) {
            (Entry::Server(login), Engine::Postgres) => Session::postgres(login).await,
            (Entry::Server(login), _) => Session::mariadb(login).await,
            (Entry::Memory(script), _) => Ok(crate::session::open_sqlite(script, LIMIT)?),
        }
    }

    /// A statement of the corpus in this world's words.
    pub fn localised(&self, sql: &str) -> String {
        match self.engine {
            Engine::Mariadb => sql.replace("`app`", &format!("`{}`", self.schema)),
            Engine::Postgres | Engine::Sqlite => sql.to_owned(),
        }
    }

    /// An answer in the corpus's words: databases have other names in each world.
    pub fn neutral(&self, answer: Answer) -> Answer {
        match answer {
            Answer::Failed { code, text } if self.engine == Engine::Mariadb => {
                Answer::Failed { code, text: self.named_app(&text) }
            }
            Answer::Refused(text) => Answer::Refused(text.replace(&self.schema, "app")),
            other => other,
        }
    }

    /// Also where the engine cut its text off within the name.
    fn named_app(&self, text: &str) -> String {
        let text = text.replace(&self.schema, "app");
        let mut cut = (4..self.schema.len()).rev().filter_map(|end| self.schema.get(..end));
        match cut.find_map(|start| text.strip_suffix(start)) {
            Some(rest) => format!("{rest}app"),
            None => text,
        }
    }
}

/// Whether the rules for viewers are part of the level: at the others the database knows nothing of viewers.
fn tables(level: Level) -> Vec<fixture::Table> {
    fixture::tables(matches!(level, Level::GuardedRows | Level::Masks))
}

/// The statements that make the tables with a world's rows.
fn filled(engine: Engine, level: Level, world: World, schema: &str) -> Vec<String> {
    let (tables, rows) = match (level, world) {
        (Level::Masks, World::Silo) => (fixture::behind_masks(world), world),
        // Others' rows are the same in all of them.
        (Level::Masks, _) => (fixture::behind_masks(world), World::Full),
        _ => (tables(level), world),
    };
    let mut script = Vec::new();
    for table in tables {
        script.extend(fixture::create(&table, engine, schema));
        script.extend(fixture::insert(&table, rows, schema));
    }
    script
}
