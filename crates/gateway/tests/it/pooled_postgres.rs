//! A PostgreSQL database that tenants share, as a vendor has it: tables of an owner who is no superuser, a writer beside
//! it, and the traps of the shared corpus of attacks.

use std::sync::Arc;
use std::time::Duration;

use gateway::Settings;
use gateway::preflight::{Outcome, Report};
use gateway::setup::{self, Administrator, SetupError};
use serde_json::{Value, json};
use tenancy::placement::{Connection, Level, Placement, Rows, Server, Tls};
use tenancy::{Secret, SourceId};
use testkit::servers::Postgres;

use crate::world::tenant;

/// Of every login. Not an easy word for a script.
const PASSWORD: &str = "it's $cloison$ \\ \"quoted\"";

/// Of the other tenant: in no answer, and in no error.
pub(crate) const CANARY: &str = "CANARY-B-7";

pub(crate) struct Pool {
    pub(crate) host: Postgres,
    pub(crate) database: String,
    pub(crate) level: Level,
    pub(crate) tables: Value,
}

impl Pool {
    /// The database, with nothing of ours in it yet.
    pub(crate) async fn new(level: Level) -> Self {
        let host = Postgres::shared().await.unwrap();
        let database = host.create_database("pool").await.unwrap();
        let pool = Self { host, database, level, tables: tables() };
        let (owner, writer) = (pool.owner(), pool.writer());
        let b: Vec<String> =
            (1..=20).map(|n| format!("({}, 'bolt', 'b', {}, '{CANARY}{n}', 'x')", 100 + n, 776 + n)).collect();
        pool.run(&format!(
            "CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'o'; CREATE ROLE {writer} LOGIN PASSWORD 'o';
             GRANT CONNECT, TEMP, CREATE ON DATABASE {database} TO {owner}; GRANT CONNECT ON DATABASE {database} TO {writer};
             GRANT TEMP ON DATABASE {database} TO PUBLIC;
             CREATE SCHEMA app AUTHORIZATION {owner}; SET ROLE {owner};
             CREATE TABLE app.orders (id int PRIMARY KEY, tenant_id text, customer text, amount int, secret text, note text);
             CREATE INDEX ON app.orders (tenant_id);
             CREATE TABLE app.lines (id int PRIMARY KEY, order_id int REFERENCES app.orders, secret text);
             CREATE TABLE app.regions (id int PRIMARY KEY, name text);
             CREATE TABLE app.internals (id int, secret text);
             CREATE TABLE app.events (tenant_id text, secret text) PARTITION BY LIST (tenant_id);
             CREATE TABLE app.events_acme PARTITION OF app.events FOR VALUES IN ('acme');
             CREATE TABLE app.events_bolt PARTITION OF app.events FOR VALUES IN ('bolt');
             INSERT INTO app.orders SELECT n, 'acme', 'a', n, n::text, 'mine' FROM generate_series(1, 3) AS n;
             INSERT INTO app.orders VALUES {};
             INSERT INTO app.lines SELECT id, id, secret FROM app.orders;
             INSERT INTO app.regions VALUES (1, 'north'), (2, 'south');
             INSERT INTO app.internals SELECT id, secret FROM app.orders;
             INSERT INTO app.events SELECT tenant_id, secret FROM app.orders;
             CREATE VIEW app.v_orders_all AS SELECT * FROM app.orders;
             CREATE MATERIALIZED VIEW app.mv_orders AS SELECT * FROM app.orders;
             GRANT USAGE ON SCHEMA app TO {writer}; GRANT SELECT, INSERT, UPDATE, DELETE ON app.orders, app.lines TO {writer};
             RESET ROLE; ANALYZE app.orders",
            b.join(", "),
            database = pool.database
        ))
        .await;
        pool
    }

    pub(crate) fn owner(&self) -> String {
        format!("{}_owner", self.database)
    }

    pub(crate) fn writer(&self) -> String {
        format!("{}_writer", self.database)
    }

    /// The login of a tenant.
    pub(crate) fn user(&self, slug: &str) -> String {
        format!("{}_{slug}", self.database)
    }

    /// Where the tenant with this key is.
    pub(crate) fn place(&self, slug: &str) -> Arc<Placement> {
        self.changed(slug, |_, _| {})
    }

    /// The same, not quite.
    pub(crate) fn changed(&self, slug: &str, change: impl FnOnce(&mut Server, &mut Rows)) -> Arc<Placement> {
        let views = self.level == Level::ViewRows;
        let mut server = Server {
            host: "127.0.0.1".to_owned(),
            port: self.host.port(),
            database: self.database.clone(),
            schema: Some(if views { "views" } else { "app" }.to_owned()),
            user: self.user(slug),
            password: Secret::from(PASSWORD.to_owned()),
            tls: Tls::Off,
        };
        let shares = self.level.shares_tables();
        let mut rows = Rows {
            key: if shares { slug.to_owned() } else { String::new() },
            base: views.then(|| "app".to_owned()),
            tables: Arc::new(serde_json::from_value(self.tables.clone()).unwrap()),
            ..Rows::default()
        };
        change(&mut server, &mut rows);
        let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
        let number = slug.bytes().next().unwrap();
        Arc::new(Placement::for_tests(tenant(number), source, self.level, Connection::Postgres(server), rows, 4))
    }

    pub(crate) fn superuser(&self) -> Administrator {
        let password = Secret::from(self.host.admin_password().to_owned());
        Administrator { user: self.host.admin_user().to_owned(), password }
    }

    pub(crate) async fn try_apply(&self, place: &Placement, administrator: &Administrator) -> Result<(), SetupError> {
        let script = setup::script(place)?;
        setup::apply(place, administrator, &script, &Settings::default(), Duration::from_secs(30)).await
    }

    /// Sets the level up for a tenant.
    pub(crate) async fn apply(&self, slug: &str) -> Arc<Placement> {
        let place = self.place(slug);
        self.try_apply(&place, &self.superuser()).await.unwrap();
        place
    }

    /// A superuser's script.
    pub(crate) async fn run(&self, script: &str) {
        if let Err(error) = self.host.execute(&self.database, script).await {
            unreachable!("{script}: {error:?}");
        }
    }

    /// A plain session: no guard, no pinned settings, nothing of ours.
    pub(crate) async fn session(&self, user: &str, password: &str) -> tokio_postgres::Client {
        let mut config = tokio_postgres::Config::new();
        config.host("127.0.0.1").port(self.host.port()).user(user).password(password).dbname(&self.database);
        let (client, driver) = config.connect(tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(driver);
        client
    }

    /// A plain session of a tenant's login.
    pub(crate) async fn tenant_session(&self, slug: &str) -> tokio_postgres::Client {
        self.session(&self.user(slug), PASSWORD).await
    }
}

fn tables() -> Value {
    json!({
        "orders": { "tenant": { "column": "tenant_id" } },
        "lines": { "tenant": { "column": "order_id", "table": "orders", "key": "id" } },
        "events": { "tenant": { "column": "tenant_id" } },
        "regions": { "shared": true },
        "internals": {}
    })
}

/// Every value of every row, as text; or the error's code and text.
pub(crate) async fn answer(client: &tokio_postgres::Client, sql: &str) -> Result<Vec<String>, String> {
    let messages = client.simple_query(sql).await.map_err(|error| format!("{:?}", error.as_db_error()))?;
    Ok(messages
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })
        .flat_map(|row| (0..row.len()).map(|place| row.get(place).unwrap_or("NULL").to_owned()))
        .collect())
}

/// The checks that do not hold, with what follows.
pub(crate) fn broken(report: &Report) -> Vec<(&'static str, Outcome)> {
    let broken = report.findings.iter().filter(|finding| finding.outcome != Outcome::Holds);
    broken.map(|finding| (finding.check, finding.outcome)).collect()
}
