//! MariaDB for tests.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, OptsBuilder};

use super::guardian::Signals;
use super::server::{ADMIN, Address, Kind, Server};
use super::{Options, host, shared};

/// A running MariaDB server; stops when dropped (a shared one: when the last process that used it is gone).
pub struct Mariadb(Server);

pub(super) struct MariadbKind;

impl Kind for MariadbKind {
    const NAME: &'static str = "mariadb";
    const ACCOUNTS: &'static [&'static str] = &["mysql", "nobody"];
    // An orderly shutdown writes its pages; at the very end nobody will read them.
    const SIGNALS: Signals = Signals { stop: "TERM", end: "KILL" };

    fn prepare(folder: &str, run: &str) -> anyhow::Result<String> {
        let install = host::shell_word(&host::program("mariadb-install-db")?.to_string_lossy());
        let folder = host::shell_word(folder);
        // The account is made at every start, from the password file, because the data folder knows no loopback user.
        Ok(format!(
            "printf \"CREATE USER IF NOT EXISTS '{ADMIN}'@'127.0.0.1' IDENTIFIED BY '%s';\\n\
             GRANT ALL ON *.* TO '{ADMIN}'@'127.0.0.1' WITH GRANT OPTION;\\n\" \"$(cat {folder}/password)\" > {folder}/init.sql\n\
             chmod 644 {folder}/init.sql\n\
             {run} {install} --no-defaults --datadir={folder}/data --auth-root-authentication-method=normal \
             --skip-test-db --skip-name-resolve --innodb-log-file-size=32M\n"
        ))
    }

    fn serve(folder: &str, run: &str, options: Options) -> anyhow::Result<String> {
        let mariadbd = host::shell_word(&host::program("mariadbd")?.to_string_lossy());
        let connections = options.max_connections;
        let folder = host::shell_word(folder);
        // A commit is written but not synced: a killed server loses no acknowledged write, a power cut may.
        let mut script = format!(
            "{run} {mariadbd} --no-defaults --datadir={folder}/data --port=\"$1\" --bind-address=127.0.0.1 \
             --socket={folder}/mariadb.sock --pid-file={folder}/mariadb.pid --init-file={folder}/init.sql --tmpdir={folder} \
             --max-connections={connections} --skip-name-resolve --skip-log-bin --performance-schema=off \
             --innodb-flush-log-at-trx-commit=2 --innodb-doublewrite=0 --innodb-flush-method=nosync \
             --innodb-buffer-pool-size=256M --innodb-log-file-size=32M --innodb-read-io-threads=2 \
             --innodb-write-io-threads=2 --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci"
        );
        if options.tls {
            script +=
                &format!(" --ssl-cert={folder}/server.crt --ssl-key={folder}/server.key --ssl-ca={folder}/ca.crt");
        }
        Ok(script + "\n")
    }

    async fn answers(address: &Address) -> bool {
        match connect(address, None).await {
            Ok(connection) => connection.disconnect().await.is_ok(),
            Err(_) => false,
        }
    }
}

async fn connect(address: &Address, database: Option<&str>) -> anyhow::Result<Conn> {
    let options = OptsBuilder::default()
        .ip_or_hostname("127.0.0.1")
        .tcp_port(address.port)
        .user(Some(ADMIN))
        .pass(Some(&address.password))
        .db_name(database)
        .prefer_socket(false);
    // A connection to a port that somebody else holds may never say anything.
    tokio::time::timeout(Duration::from_secs(10), Conn::new(options))
        .await?
        .context("cannot connect to the MariaDB server under test")
}

impl Mariadb {
    /// The server all tests of this checkout share. Use names from [`Self::create_database`]; leave its settings alone.
    ///
    /// # Errors
    /// When MariaDB is not installed or does not start.
    pub async fn shared() -> anyhow::Result<Self> {
        shared::find_or_start::<MariadbKind>().await.map(Self)
    }

    /// A server of your own.
    ///
    /// # Errors
    /// When MariaDB (or, for TLS, `openssl`) is not installed, or it does not start.
    pub async fn throwaway(options: Options) -> anyhow::Result<Self> {
        Server::start::<MariadbKind>(options).await.map(Self)
    }

    /// The address to dial: always loopback.
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The TCP port; stays the same over a restart.
    pub fn port(&self) -> u16 {
        self.0.address.port
    }

    /// The administrator's name.
    pub fn admin_user(&self) -> &'static str {
        ADMIN
    }

    /// The administrator's password, another one for each server.
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

    /// The administrator's connection to `database`, for what a test wants to look at.
    ///
    /// # Errors
    /// When the server is away or the database does not exist.
    pub async fn admin(&self, database: &str) -> anyhow::Result<Conn> {
        connect(&self.0.address, Some(database)).await
    }

    /// Makes an empty utf8mb4 database with a name like `wish` that no other test has, and returns the name.
    ///
    /// # Errors
    /// When the server is away.
    pub async fn create_database(&self, wish: &str) -> anyhow::Result<String> {
        let name = host::unique(wish);
        self.script(None, &format!("CREATE DATABASE {name}")).await?;
        Ok(name)
    }

    /// Makes a login from 127.0.0.1 that may read everything in `database` and nothing else.
    /// Returns its name, made unique from `wish`.
    ///
    /// # Errors
    /// When the server is away.
    pub async fn create_login(&self, wish: &str, password: &str, database: &str) -> anyhow::Result<String> {
        let user = host::unique(wish);
        let secret = password.replace('\\', "\\\\").replace('\'', "''");
        // In a grant's database name the underscore is a wildcard.
        let database = database.replace('_', "\\_");
        let script = format!(
            "CREATE USER '{user}'@'127.0.0.1' IDENTIFIED BY '{secret}'; GRANT SELECT ON `{database}`.* TO '{user}'@'127.0.0.1'"
        );
        self.script(None, &script).await?;
        Ok(user)
    }

    /// Runs a script of statements as the administrator, each committed by itself.
    ///
    /// # Errors
    /// What the server says about the first statement that fails.
    pub async fn execute(&self, database: &str, script: &str) -> anyhow::Result<()> {
        self.script(Some(database), script).await
    }

    async fn script(&self, database: Option<&str>, script: &str) -> anyhow::Result<()> {
        let mut connection = connect(&self.0.address, database).await?;
        connection.query_drop(script).await?;
        connection.disconnect().await?;
        Ok(())
    }

    /// Stops the server in good order, breaking its connections; [`Self::restart`] brings it back.
    ///
    /// # Errors
    /// On a shared server.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.0.stop().await
    }

    /// Kills the server with SIGKILL, as an out-of-memory killer would; returns when it is gone.
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
        self.0.restart::<MariadbKind>().await
    }
}
