//! PostgreSQL for tests.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, NoTls};

use super::guardian::Signals;
use super::server::{ADMIN, Address, Kind, Server};
use super::{Options, host, shared};

/// A running PostgreSQL server; stops when dropped (a shared one: when the last process that used it is gone).
pub struct Postgres(Server);

pub(super) struct PostgresKind;

impl Kind for PostgresKind {
    const NAME: &'static str = "postgres";
    const ACCOUNTS: &'static [&'static str] = &["postgres", "nobody"];
    // Fast shutdown, and immediate shutdown.
    const SIGNALS: Signals = Signals { stop: "INT", end: "QUIT" };

    fn prepare(folder: &str, run: &str) -> anyhow::Result<String> {
        let initdb = host::shell_word(&host::program("initdb")?.to_string_lossy());
        let folder = host::shell_word(folder);
        Ok(format!(
            "{run} {initdb} --pgdata {folder}/data --username {ADMIN} --pwfile {folder}/password --auth scram-sha-256 \
             --encoding UTF8 --locale C --no-sync --no-instructions\n"
        ))
    }

    fn serve(folder: &str, run: &str, options: Options) -> anyhow::Result<String> {
        let postgres = host::shell_word(&host::program("postgres")?.to_string_lossy());
        let connections = options.max_connections;
        let folder = host::shell_word(folder);
        // No fsync: losing power loses the data, which nobody wants then. Commits still reach the kernel, so that a
        // killed server loses no acknowledged write: fault tests rely on it.
        let mut script = format!(
            "{run} {postgres} -D {folder}/data -p \"$1\" -k {folder} -c listen_addresses=127.0.0.1 \
             -c max_connections={connections} -c fsync=off -c full_page_writes=off \
             -c shared_buffers=64MB -c max_wal_size=4GB -c timezone=UTC"
        );
        if options.tls {
            script += &format!(" -c ssl=on -c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key");
        }
        Ok(script + "\n")
    }

    async fn answers(address: &Address) -> bool {
        connect(address, "postgres").await.is_ok()
    }
}

/// A connection whose driver ends with the client.
async fn connect(address: &Address, database: &str) -> Result<Client, tokio_postgres::Error> {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(address.port).user(ADMIN).password(&address.password).dbname(database);
    let (client, driver) = config.connect_timeout(Duration::from_secs(5)).connect(NoTls).await?;
    tokio::spawn(driver);
    Ok(client)
}

impl Postgres {
    /// The server all tests of this checkout share. Use names from [`Self::create_database`]; leave its settings alone.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub async fn shared() -> anyhow::Result<Self> {
        shared::find_or_start::<PostgresKind>().await.map(Self)
    }

    /// A server of your own.
    ///
    /// # Errors
    /// When PostgreSQL (or, for TLS, `openssl`) is not installed, or it does not start.
    pub async fn throwaway(options: Options) -> anyhow::Result<Self> {
        Server::start::<PostgresKind>(options).await.map(Self)
    }

    /// The address to dial: always loopback.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The TCP port; stays the same over a restart.
    pub fn port(&self) -> u16 {
        self.0.address.port
    }

    /// The superuser's name.
    pub fn admin_user(&self) -> &'static str {
        ADMIN
    }

    /// The superuser's password, another one for each server.
    pub fn admin_password(&self) -> &str {
        &self.0.address.password
    }

    /// The folder of the Unix socket, the log (`log`) and the data; gone when the server is.
    pub fn folder(&self) -> &Path {
        &self.0.address.folder
    }

    /// The certificate (PEM) of the authority that signed the server's own, when it was started with TLS.
    pub fn authority(&self) -> Option<&str> {
        self.0.address.authority.as_deref()
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.0.address.pid
    }

    /// The superuser's connection to `database` (`postgres` always exists), for what a test wants to look at.
    ///
    /// # Errors
    /// When the server is away or the database does not exist.
    pub async fn admin(&self, database: &str) -> anyhow::Result<Client> {
        connect(&self.0.address, database).await.context("cannot connect to the PostgreSQL server under test")
    }

    /// Makes an empty UTF-8 database with a name like `wish` that no other test has, and returns the name.
    /// Only the superuser and logins made for it may connect.
    ///
    /// # Errors
    /// When the server is away.
    pub async fn create_database(&self, wish: &str) -> anyhow::Result<String> {
        let name = host::unique(wish);
        let client = self.admin("postgres").await?;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        client.batch_execute(&format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
        Ok(name)
    }

    /// Makes a login that may read everything in `database`'s schema `public`, now and later, and nothing else.
    /// Returns its name, made unique from `wish`.
    ///
    /// # Errors
    /// When the server is away or the database does not exist.
    pub async fn create_login(&self, wish: &str, password: &str, database: &str) -> anyhow::Result<String> {
        let user = host::unique(wish);
        let secret = password.replace('\'', "''");
        let client = self.admin(database).await?;
        let script = format!(
            "CREATE ROLE {user} LOGIN NOINHERIT PASSWORD '{secret}'; GRANT CONNECT ON DATABASE {database} TO {user};
             GRANT USAGE ON SCHEMA public TO {user}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user};
             ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {user}"
        );
        match client.batch_execute(&script).await {
            Ok(()) => Ok(user),
            // Two tests altering the same catalog row at once: the whole script was undone, so it can simply be run again.
            Err(error) if error.code() == Some(&SqlState::T_R_SERIALIZATION_FAILURE) => {
                client.batch_execute(&script).await.map(|()| user).context("cannot make the login")
            }
            Err(error) => bail!("cannot make the login: {error}"),
        }
    }

    /// Runs a script of statements as the superuser, as one transaction unless it says otherwise.
    ///
    /// # Errors
    /// What the server says.
    pub async fn execute(&self, database: &str, script: &str) -> anyhow::Result<()> {
        Ok(self.admin(database).await?.batch_execute(script).await?)
    }

    /// Stops the server in good order, breaking its connections; [`Self::restart`] brings it back.
    ///
    /// # Errors
    /// On a shared server.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.0.stop().await
    }

    /// Kills the server and its backends with SIGKILL, as an out-of-memory killer would; returns when they are gone.
    ///
    /// # Errors
    /// On a shared server.
    pub async fn kill(&self) -> anyhow::Result<()> {
        self.0.kill().await
    }

    /// Brings the server back (stopping it first when it runs), on the same port with the same data.
    ///
    /// # Errors
    /// On a shared server, or when it does not start.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.0.restart::<PostgresKind>().await
    }
}
