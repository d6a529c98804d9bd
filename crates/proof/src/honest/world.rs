//! Two databases of one shape: with A's rows only, and with A's and another tenant's. Both are read without limits by
//! one login; the guard stands in front of the second.

use testkit::servers::{Mariadb, Postgres};

use super::catalogue;
use super::rules::Rules;
use crate::engine::Engine;
use crate::fixture::{ACME, Value};
use crate::guard::Guard;
use crate::session::{Login, PATIENT, Session, open_sqlite};

/// Two databases and what is between the second one and a statement.
pub(super) struct World {
    pub(super) alone: Session,
    pub(super) both: Session,
    pub(super) guard: Guard,
    entries: Option<[Login; 2]>,
    _server: Server,
}

enum Server {
    Postgres { _server: Postgres },
    Mariadb { _server: Mariadb },
    Memory,
}

/// How a world is made: statements for the database with A's rows, and for that with everybody's.
pub(super) struct Scripts {
    pub(super) alone: Vec<String>,
    pub(super) both: Vec<String>,
    pub(super) rules: Rules,
}

const PASSWORD: &str = "proof";

impl World {
    pub(super) async fn make(engine: Engine, scripts: Scripts) -> anyhow::Result<Self> {
        let Scripts { alone, both, rules } = scripts;
        let (mut sessions, mut entries, mut schema) = (Vec::new(), Vec::new(), "main".to_owned());
        let server = match engine {
            Engine::Postgres => {
                let server = Postgres::shared().await?;
                for script in [alone, both] {
                    entries.push(on_postgres(&server, script).await?);
                }
                "app".clone_into(&mut schema);
                Server::Postgres { _server: server }
            }
            Engine::Mariadb => {
                let server = Mariadb::shared().await?;
                for script in [alone, both] {
                    let login = on_mariadb(&server, script).await?;
                    schema.clone_from(&login.database);
                    entries.push(login);
                }
                Server::Mariadb { _server: server }
            }
            Engine::Sqlite => {
                for script in [alone, both] {
                    sessions.push(open_sqlite(&script.join(";\n"), PATIENT)?);
                }
                Server::Memory
            }
        };
        for login in &entries {
            sessions.push(enter(engine, login).await?);
        }
        let [alone, mut both]: [Session; 2] =
            sessions.try_into().map_err(|_| anyhow::anyhow!("there are two databases"))?;
        let relations = catalogue::relations(engine, &schema, &mut both, &rules).await?;
        let guard = Guard::new(engine, &schema, relations, vec![Value::Text(ACME.0.to_owned())]);
        Ok(Self { alone, both, guard, entries: entries.try_into().ok(), _server: server })
    }

    /// Forgets what statements left, and connects anew where a session is broken.
    pub(super) async fn reset(&mut self) -> anyhow::Result<()> {
        let Some(entries) = &self.entries else { return Ok(()) };
        for (login, session) in entries.iter().zip([&mut self.alone, &mut self.both]) {
            if session.reset().await.is_err() {
                let engine = if matches!(session, Session::Postgres(_)) { Engine::Postgres } else { Engine::Mariadb };
                *session = enter(engine, login).await?;
            }
        }
        Ok(())
    }
}

async fn enter(engine: Engine, login: &Login) -> anyhow::Result<Session> {
    if engine == Engine::Postgres { Session::postgres(login).await } else { Session::mariadb(login).await }
}

async fn on_postgres(server: &Postgres, script: Vec<String>) -> anyhow::Result<Login> {
    let database = server.create_database("honest").await?;
    let user = server.create_login("honest", PASSWORD, &database).await?;
    server.execute(&database, &script.join(";\n")).await?;
    let grants = format!("GRANT USAGE ON SCHEMA app TO {user}; GRANT SELECT ON ALL TABLES IN SCHEMA app TO {user}");
    server.execute(&database, &grants).await?;
    server.execute(&database, "ANALYZE").await?;
    Ok(Login { port: server.port(), database, user, password: PASSWORD.to_owned(), limit: PATIENT })
}

async fn on_mariadb(server: &Mariadb, script: Vec<String>) -> anyhow::Result<Login> {
    let database = server.create_database("honest").await?;
    let user = server.create_login("honest", PASSWORD, &database).await?;
    server.execute(&database, &script.join(";\n")).await?;
    Ok(Login { port: server.port(), database, user, password: PASSWORD.to_owned(), limit: PATIENT })
}
