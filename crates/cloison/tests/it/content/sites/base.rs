//! A site's database: its tables under a prefix of its own, the views that the plugin prints for a reporting login, and views
//! that hold somebody's rows by predicates written out by hand, which the product knows nothing of.

use std::path::Path;
use std::process::Command;

use cloison::sample::{Site, dumps, write_sql};
use mysql_async::prelude::Queryable as _;
use query::Engine;
use testkit::servers::{Mariadb, Postgres};

use super::rows::{TABLES, Who};
use crate::stores::{Store, project};

pub(super) enum Server {
    Mariadb(Mariadb),
    Postgres(Postgres),
}

/// One site.
pub(super) struct Base {
    pub(super) slug: &'static str,
    pub(super) server: Server,
    pub(super) database: String,
    /// The schema (PostgreSQL) or database (MariaDB) with the plugin's views.
    pub(super) place: String,
    pub(super) prefix: &'static str,
}

impl Base {
    pub(super) async fn mariadb(slug: &'static str) -> Self {
        let server = Mariadb::shared().await.unwrap();
        let database = server.create_database(slug).await.unwrap();
        let place = format!("{database}_reports");
        Self { slug, server: Server::Mariadb(server), database, place, prefix: "mdl_" }
    }

    pub(super) async fn postgres(slug: &'static str) -> Self {
        let server = Postgres::shared().await.unwrap();
        let database = server.create_database(slug).await.unwrap();
        Self { slug, server: Server::Postgres(server), database, place: "reports".to_owned(), prefix: "mdl_" }
    }

    pub(super) fn access(&self) -> (u16, &str, &str) {
        match &self.server {
            Server::Mariadb(server) => (server.port(), server.admin_user(), server.admin_password()),
            Server::Postgres(server) => (server.port(), server.admin_user(), server.admin_password()),
        }
    }

    pub(super) async fn execute(&self, script: &str) {
        match &self.server {
            Server::Mariadb(server) => server.execute(&self.database, script).await.unwrap(),
            Server::Postgres(server) => server.execute(&self.database, script).await.unwrap(),
        }
    }

    /// Fills it with a sample site.
    pub(super) async fn fill(&self, site: &Site) {
        let engine = if matches!(self.server, Server::Mariadb(_)) { Engine::Mysql } else { Engine::Postgres };
        let mut statements = Vec::new();
        write_sql(site, engine, |statement| statements.push(statement.to_owned()));
        match &self.server {
            Server::Postgres(server) => server.execute(&self.database, &statements.join(";")).await.unwrap(),
            Server::Mariadb(server) => {
                let mut connection = server.admin(&self.database).await.unwrap();
                for statement in statements {
                    connection.query_drop(statement).await.unwrap();
                }
            }
        }
    }

    /// Fills it with a real site's dump.
    pub(super) async fn load(&self, dump: &dumps::Dump) {
        let (port, user, password) = self.access();
        let target = dumps::Target { host: "127.0.0.1", port, user, password, database: &self.database };
        dumps::load(dump, &target).await.unwrap();
    }

    /// Gives the site's tables another prefix, as many sites have one.
    pub(super) async fn prefixed(mut self, prefix: &'static str) -> Self {
        let rename = |(table, _): &(&str, &str)| format!("ALTER TABLE mdl_{table} RENAME TO {prefix}{table};\n");
        let tables = TABLES.iter().filter(|(table, _)| !table.starts_with("company"));
        let script: String = tables.map(rename).collect();
        self.execute(&script).await;
        self.prefix = prefix;
        self
    }

    /// The views that the plugin's own code prints, made as the guide says.
    pub(super) async fn views(&self, is_iomad: bool) {
        let code = "namespace local_cloison\\local; require $argv[1];
            echo reading::script($argv[2] === 'postgres', $argv[3], $argv[4], $argv[5], $argv[6] === 'iomad');";
        let (engine, from) = match &self.server {
            Server::Postgres(_) => ("postgres", "public"),
            Server::Mariadb(_) => ("mysql", self.database.as_str()),
        };
        self.analyze().await;
        let file = project().join("integrations/moodle/local_cloison/classes/local/reading.php");
        let kind = if is_iomad { "iomad" } else { "site" };
        let mut command = Command::new("php");
        command.args(["-r", code, "--"]).arg(&file).args([engine, from, self.prefix, &self.place, kind]);
        self.execute(&printed(&mut command)).await;
    }

    /// Somebody's rows, in a place of their own: plain SQL on these is what the product must give.
    pub(super) async fn rows_of(&self, name: &str, who: &Who) -> Store {
        let (make, place, from) = match &self.server {
            Server::Postgres(_) => ("SCHEMA", format!("rows_{name}"), "public.".to_owned()),
            Server::Mariadb(_) => ("DATABASE", format!("{}_{name}", self.database), format!("{}.", self.database)),
        };
        let mut script = format!("CREATE {make} {place};\n");
        for (table, _) in TABLES {
            if let Some(rows) = who.rows(table) {
                let rows = rows.replace("{}", &format!("{from}{}", self.prefix));
                let (from, prefix) = (&from, self.prefix);
                let (own, all) = (format!("{place}.mdl_{table}"), format!("{from}{prefix}{table}"));
                // With the indexes: without them the larger sites take minutes.
                let like = if make == "SCHEMA" { format!("(LIKE {all} INCLUDING ALL)") } else { format!("LIKE {all}") };
                script.push_str(&format!(
                    "CREATE TABLE {own} {like};\nINSERT INTO {own} SELECT * FROM {all} WHERE {rows};\n"
                ));
            }
        }
        self.execute(&script).await;
        self.analyze().await;
        match &self.server {
            Server::Mariadb(server) => Store::Mariadb(server.admin(&place).await.unwrap()),
            Server::Postgres(server) => {
                let client = server.admin(&self.database).await.unwrap();
                client.batch_execute(&format!("SET search_path TO {place}")).await.unwrap();
                Store::Postgres(client)
            }
        }
    }

    /// What a server that runs for a while knows about its tables, and a new one does not.
    pub(super) async fn analyze(&self) {
        if let Server::Postgres(_) = self.server {
            self.execute("ANALYZE").await;
        }
    }

    /// Whole numbers that a query over the site's tables gives, in its order.
    pub(super) async fn numbers(&self, sql: &str) -> Vec<i64> {
        let sql = sql.replace("{}", self.prefix);
        match &self.server {
            Server::Mariadb(server) => server.admin(&self.database).await.unwrap().query(sql).await.unwrap(),
            Server::Postgres(server) => {
                let rows = server.admin(&self.database).await.unwrap().query(&sql, &[]).await.unwrap();
                rows.iter().map(|row| row.get::<_, i64>(0)).collect()
            }
        }
    }
}

/// What a command prints; it must succeed.
pub(super) fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The dump of this client, or nothing (and why) when the folder is not there.
pub(super) fn dump(key: &str) -> Option<dumps::Dump> {
    let folder = project().join(Path::new("../shared/moodle"));
    let found = dumps::find(&folder).into_iter().find(|dump| dump.key == key);
    #[expect(clippy::print_stderr, reason = "who reads the test's output wants to know that it proved nothing")]
    if found.is_none() {
        eprintln!("skipped: no dump of {key} in ../shared/moodle beside the project");
    }
    found
}
