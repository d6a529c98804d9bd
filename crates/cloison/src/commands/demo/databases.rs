//! The demo's databases: a SQLite file for each client, or a database and a login of its own on a server.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use indicatif::ProgressBar;
use mysql_async::prelude::Queryable as _;
use query::Engine;
use serde::Deserialize;
use tenancy::Keyring;
use tenancy::model::placing::PlacementDraft;
use tenancy::placement::Tls;

use super::clients::Client;
use crate::host::host;
use crate::sample::dumps::{Dump, DumpEngine, Target, find, load};
use crate::sample::{Site, write_sql, write_sqlite};

/// A throw-away database server, with a login that may make databases and logins.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Server {
    engine: Engine,
    host: String,
    port: u16,
    user: String,
    password: String,
}

/// Where a client's rows are.
pub(super) struct Place {
    /// In words.
    pub(super) words: String,
    /// Over the template; `None` when the template's place is it.
    pub(super) placement: Option<PlacementDraft>,
}

/// Where the clients' databases are made.
pub(super) enum Databases {
    Files,
    OnServer(Server),
    Dumps(Vec<(Dump, Server)>),
}

impl Databases {
    pub(super) fn choose(servers: &[Server], data: Option<&Path>) -> Result<Self> {
        match (data, servers) {
            (None, []) => Ok(Self::Files),
            (None, [first, ..]) => Ok(Self::OnServer(first.clone())),
            (Some(folder), servers) => {
                let dumps = find(folder);
                anyhow::ensure!(!dumps.is_empty(), "there are no dumps in {}", folder.display());
                let placed = dumps.into_iter().map(|dump| {
                    let wanted = if dump.engine == DumpEngine::Postgres { Engine::Postgres } else { Engine::Mysql };
                    let server = servers.iter().find(|server| server.engine == wanted);
                    let server = server.context("dumps need their servers: use \"cargo xtask demo --data FOLDER\"")?;
                    Ok((dump, server.clone()))
                });
                Ok(Self::Dumps(placed.collect::<Result<_>>()?))
            }
        }
    }

    /// Makes one client's database, unless it is there.
    pub(super) async fn make(&self, client: &Client, files: &Path, progress: &ProgressBar) -> Result<Place> {
        match self {
            Self::Files => {
                let path = files.join(format!("{}.db", client.slug));
                if !path.exists() {
                    write_file(client, path, progress).await?;
                }
                Ok(Place { words: format!("SQLite file {}.db", client.slug), placement: None })
            }
            Self::OnServer(server) => {
                progress.set_message(format!("making {} on the server", client.name));
                let mut statements = Vec::new();
                let site = Site::generate(&(client.spec)(), host().now().as_second());
                write_sql(&site, server.engine, |statement| statements.push(statement.to_owned()));
                server.make(client, Filling::Statements(statements)).await
            }
            Self::Dumps(dumps) => {
                let Some((dump, server)) = dumps.iter().find(|(dump, _)| dump.key == client.slug) else {
                    bail!("there is no dump for {}", client.slug);
                };
                progress.set_message(format!("loading {} from {}", client.name, dump.file.display()));
                server.make(client, Filling::Dump(dump)).await
            }
        }
    }
}

async fn write_file(client: &Client, path: PathBuf, progress: &ProgressBar) -> Result<()> {
    let (spec, now, name, progress) = ((client.spec)(), host().now().as_second(), client.name, progress.clone());
    let work = move || {
        progress.set_message(format!("{name}: drawing people, courses and a year of use"));
        let site = Site::generate(&spec, now);
        write_sqlite(&site, &path, |written, all| progress.set_message(format!("{name}: {written} of {all} rows")))
    };
    tokio::task::spawn_blocking(work).await?
}

/// What goes into a new database.
enum Filling<'d> {
    Statements(Vec<String>),
    Dump(&'d Dump),
}

impl Server {
    /// A database, its rows, and a login that may read it and nothing else.
    async fn make(&self, client: &Client, filling: Filling<'_>) -> Result<Place> {
        let name = format!("demo_{}", client.slug);
        let password = Keyring::fresh(&host());
        match self.engine {
            Engine::Postgres => self.make_postgres(&name, password.expose(), filling).await?,
            Engine::Mysql => self.make_mariadb(&name, password.expose(), filling).await?,
            Engine::Sqlite => bail!("SQLite is not a server"),
        }
        let words = match self.engine {
            Engine::Postgres => format!("PostgreSQL database {name}"),
            Engine::Mysql | Engine::Sqlite => format!("MariaDB database {name}"),
        };
        let placement = PlacementDraft {
            engine: Some(self.engine),
            host: Some(self.host.clone()),
            port: Some(self.port),
            database: Some(name.clone()),
            user: Some(name),
            password: Some(password),
            tls: Some(Tls::Off),
            ..PlacementDraft::default()
        };
        Ok(Place { words, placement: Some(placement) })
    }

    async fn load(&self, dump: &Dump, database: &str) -> Result<()> {
        let target = Target { host: &self.host, port: self.port, user: &self.user, password: &self.password, database };
        load(dump, &target).await
    }

    async fn make_postgres(&self, name: &str, password: &str, filling: Filling<'_>) -> Result<()> {
        let admin = self.postgres("postgres").await?;
        admin.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        admin.batch_execute(&format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
        let inside = self.postgres(name).await?;
        match filling {
            Filling::Dump(dump) => self.load(dump, name).await?,
            Filling::Statements(statements) => {
                inside.batch_execute("BEGIN").await?;
                for statement in statements {
                    inside.batch_execute(&statement).await?;
                }
                inside.batch_execute("COMMIT").await?;
            }
        }
        let login = format!(
            "CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{password}'; GRANT CONNECT ON DATABASE {name} TO {name}; \
             GRANT USAGE ON SCHEMA public TO {name}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}"
        );
        Ok(inside.batch_execute(&login).await?)
    }

    async fn postgres(&self, database: &str) -> Result<tokio_postgres::Client> {
        let mut config = tokio_postgres::Config::new();
        config.host(&self.host).port(self.port).user(&self.user).password(&self.password).dbname(database);
        let (client, connection) = config.connect(tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    async fn make_mariadb(&self, name: &str, password: &str, filling: Filling<'_>) -> Result<()> {
        let options = || {
            let builder = mysql_async::OptsBuilder::default().ip_or_hostname(self.host.clone()).tcp_port(self.port);
            builder.user(Some(self.user.clone())).pass(Some(self.password.clone())).prefer_socket(false)
        };
        let mut admin = mysql_async::Conn::new(options()).await?;
        admin.query_drop(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await?;
        match filling {
            Filling::Dump(dump) => self.load(dump, name).await?,
            Filling::Statements(statements) => {
                let mut inside = mysql_async::Conn::new(options().db_name(Some(name))).await?;
                inside.query_drop("SET autocommit = 0").await?;
                for statement in statements {
                    inside.query_drop(statement).await?;
                }
                inside.query_drop("COMMIT").await?;
                inside.disconnect().await?;
            }
        }
        admin.query_drop(format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{password}'")).await?;
        admin.query_drop(format!("GRANT SELECT ON {name}.* TO '{name}'@'%'")).await?;
        Ok(admin.disconnect().await?)
    }
}
