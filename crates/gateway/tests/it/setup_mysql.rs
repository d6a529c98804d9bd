//! MariaDB: what set-up makes keeps tenants apart by itself. Statements here go from the tenant's own login straight to
//! the server: no guard, no gateway.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use gateway::Settings;
use gateway::setup::{self, Administrator, SetupError};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, OptsBuilder, Row};
use serde_json::{Value, json};
use tenancy::placement::{Connection, Level, Placement, Rows, Server, Tls};
use tenancy::{Secret, SourceId};
use testkit::servers::Mariadb;

use crate::world::tenant;

/// Not an easy word for whoever builds statements.
const PASSWORD: &str = "it's \\ \"quoted\" `#-- ***";

/// A server, two databases on it, logins of tenants.
pub(crate) struct World {
    pub(crate) host: Mariadb,
    pub(crate) base: String,
    pub(crate) views: String,
    pub(crate) tables: Value,
}

/// Tables of one shop per tenant, three steps deep, and one that everybody reads.
const SCHEMA: &str = "
    CREATE TABLE orders (id INT PRIMARY KEY, tenant_id VARCHAR(40) NOT NULL, secret VARCHAR(60), amount INT, KEY (tenant_id))
        COLLATE utf8mb4_unicode_ci;
    CREATE TABLE `lines` (id INT PRIMARY KEY, order_id VARCHAR(20), note VARCHAR(60), KEY (order_id));
    CREATE TABLE notes (id INT PRIMARY KEY, line_id INT, text VARCHAR(60));
    CREATE TABLE grades (id INT PRIMARY KEY, company BIGINT, points INT, KEY (company));
    CREATE TABLE countries (code CHAR(2) PRIMARY KEY, name VARCHAR(40));
    CREATE TABLE salaries (id INT PRIMARY KEY, tenant_id VARCHAR(40), secret VARCHAR(60));
    INSERT INTO orders VALUES (1, 'acme', 'CANARY-A-1', 10), (2, 'acme', 'CANARY-A-2', 20);
    INSERT INTO orders SELECT seq, 'bolt', CONCAT('CANARY-B-', seq), seq FROM seq_71_to_270;
    INSERT INTO orders VALUES (901, 'Acme', 'CANARY-B-case', 1), (902, 'acme ', 'CANARY-B-blank', 1),
        (903, 'àcme', 'CANARY-B-accent', 1), (904, '0', 'CANARY-B-zero', 1);
    INSERT INTO `lines` SELECT id, id, CONCAT('L-', secret) FROM orders;
    INSERT INTO `lines` VALUES (1001, '1 ', 'CANARY-B-L'), (1002, '01', 'CANARY-B-L'), (1003, '1x', 'CANARY-B-L'), (1004, NULL, 'CANARY-B-L');
    INSERT INTO notes SELECT id, id, CONCAT('N-', secret) FROM orders;
    INSERT INTO grades SELECT seq, seq DIV 10, seq FROM seq_1_to_3000;
    INSERT INTO countries VALUES ('FR', 'France');
    INSERT INTO salaries VALUES (1, 'acme', 'CANARY-S'), (2, 'bolt', 'CANARY-S')";

impl World {
    pub(crate) async fn on(host: Mariadb) -> Self {
        // The underscore is a wildcard in grants: a database that differs there only must stay closed.
        let base = host.create_database("base_x").await.unwrap();
        host.execute(&base, SCHEMA).await.unwrap();
        let tables = json!({
            "orders": { "tenant": { "column": "tenant_id" } },
            "lines": { "tenant": { "column": "order_id", "table": "orders", "key": "id" } },
            "notes": { "tenant": { "column": "line_id", "table": "lines", "key": "id" } },
            "countries": { "shared": true },
        });
        Self { host, views: format!("{base}_views"), base, tables }
    }

    pub(crate) async fn shared() -> Self {
        Self::on(Mariadb::shared().await.unwrap()).await
    }

    pub(crate) async fn admin(&self) -> Conn {
        self.host.admin(&self.base).await.unwrap()
    }

    pub(crate) fn login(&self, letter: char) -> String {
        format!("{}.{letter}", self.base)
    }

    pub(crate) fn server(&self, letter: char, database: &str) -> Server {
        Server {
            host: "127.0.0.1".to_owned(),
            port: self.host.port(),
            database: database.to_owned(),
            schema: None,
            user: self.login(letter),
            password: Secret::from(PASSWORD.to_owned()),
            tls: Tls::Off,
        }
    }

    pub(crate) fn placement(&self, level: Level, letter: char, server: Server, key: &str) -> Arc<Placement> {
        let source = SourceId::parse(&format!("src_{}", "a".repeat(26))).unwrap();
        let shares = level.shares_tables();
        let tables = if shares { serde_json::from_value(self.tables.clone()).unwrap() } else { Arc::default() };
        let rows = Rows {
            key: if shares { key.to_owned() } else { String::new() },
            base: (level == Level::ViewRows).then(|| self.base.clone()),
            tables,
            salt: Secret::from("salt".to_owned()),
            ..Rows::default()
        };
        let number = u8::try_from(u32::from(letter)).unwrap();
        Arc::new(Placement::for_tests(tenant(number), source, level, Connection::Mysql(server), rows, 4))
    }

    /// A placement at level `view-rows`.
    pub(crate) fn view_rows(&self, letter: char, key: &str) -> Arc<Placement> {
        self.placement(Level::ViewRows, letter, self.server(letter, &self.views), key)
    }

    pub(crate) async fn set_up(&self, placement: &Placement) -> Result<(), SetupError> {
        let administrator = Administrator {
            user: self.host.admin_user().to_owned(),
            password: Secret::from(self.host.admin_password().to_owned()),
        };
        let script = setup::script(placement)?;
        setup::apply(placement, &administrator, &script, &Settings::default(), Duration::from_secs(60)).await
    }

    /// Straight to the server, as a tenant's login.
    pub(crate) async fn enter(&self, letter: char, database: &str) -> Result<Conn, mysql_async::Error> {
        let options = OptsBuilder::default()
            .ip_or_hostname("127.0.0.1")
            .tcp_port(self.host.port())
            .user(Some(self.login(letter)))
            .pass(Some(PASSWORD))
            .db_name(Some(database))
            .prefer_socket(false);
        Conn::new(options).await
    }
}

/// Everything that an answer tells: values, or the error with its words.
async fn told(conn: &mut Conn, sql: &str) -> String {
    let mut told = String::new();
    match conn.query::<Row, _>(sql).await {
        Ok(rows) => {
            for row in rows {
                let values = row.unwrap().into_iter().map(|value| value.as_sql(true));
                writeln!(told, "{}", values.collect::<Vec<_>>().join(" | ")).unwrap();
            }
        }
        Err(error) => write!(told, "{error}").unwrap(),
    }
    told
}

async fn numbers(conn: &mut Conn, sql: &str) -> Vec<i64> {
    conn.query(sql).await.unwrap()
}

#[tokio::test]
async fn each_login_reads_its_rows_and_no_row_that_only_looks_like_one() {
    let world = World::shared().await;
    let (a, b, zero) = (world.view_rows('a', "acme"), world.view_rows('b', "bolt"), world.view_rows('z', "0"));
    for _ in 0..2 {
        for place in [&a, &b, &zero] {
            world.set_up(place).await.unwrap();
        }
    }
    let mut conn = world.enter('a', &world.views).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT id FROM orders ORDER BY id").await, [1, 2]);
    assert_eq!(numbers(&mut conn, "SELECT id FROM `lines` ORDER BY id").await, [1, 2]);
    assert_eq!(numbers(&mut conn, "SELECT id FROM notes ORDER BY id").await, [1, 2]);
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM countries").await, [1]);
    let mut conn = world.enter('b', &world.views).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM orders").await, [200]);
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM notes").await, [200]);
    // As a number, '0' is equal to every text that is none.
    let mut conn = world.enter('z', &world.views).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT id FROM orders").await, [904]);
    let mut admin = world.admin().await;
    admin.query_drop("DELETE FROM cloison_tenant").await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT id FROM orders").await, [0_i64; 0]);
}

#[tokio::test]
async fn a_view_finds_its_rows_by_the_index() {
    let mut world = World::shared().await;
    world.tables = json!({
        "orders": { "tenant": { "column": "tenant_id" } },
        "grades": { "tenant": { "column": "company" } },
    });
    world.set_up(&world.view_rows('n', "17")).await.unwrap();
    let mut conn = world.enter('n', &world.views).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM grades").await, [10]);
    // Who asks is the administrator, whom the server tells how it does it.
    let mut admin = world.admin().await;
    let mapping = "INSERT INTO cloison_tenant VALUES (SUBSTRING_INDEX(USER(), '@', 1), ?)";
    admin.exec_drop(mapping, ("acme",)).await.unwrap();
    for (view, key, value) in [("orders", "tenant_id", "acme"), ("grades", "company", "17")] {
        admin.exec_drop("UPDATE cloison_tenant SET row_key = ?", (value,)).await.unwrap();
        let plan = told(&mut admin, &format!("EXPLAIN SELECT * FROM {}.{view}", world.views)).await;
        let line = plan.lines().find(|line| line.contains("'DERIVED' | 't' |")).unwrap_or_else(|| panic!("{plan}"));
        assert!(line.contains(&format!("| 't' | 'ref' | '{key}' | '{key}' |")), "{plan}");
    }
}

/// Of the corpus: A-MY-001, 005, 015, 016, 018, 019, 020, 025, and what is near them.
const ATTACKS: &[&str] = &[
    "SELECT (SELECT max(secret) FROM orders) x",
    "SELECT max(secret) FROM `{base}`.`orders`",
    "SELECT max(secret) FROM `{views}`.`orders`",
    "SELECT max(secret) FROM (SELECT @tenant:='bolt') q STRAIGHT_JOIN orders",
    "EXECUTE IMMEDIATE 'SELECT max(secret) FROM orders'",
    "EXECUTE IMMEDIATE 'SELECT max(secret) FROM {base}.orders'",
    "SELECT * FROM orders PROCEDURE ANALYSE()",
    "SELECT table_schema, table_rows, data_length FROM information_schema.tables WHERE table_name='orders'",
    "SELECT * FROM information_schema.statistics WHERE table_name='orders'",
    "SELECT id FROM orders WHERE exp(if(secret LIKE 'CANARY-B-7%',710,1))>0",
    "SELECT id FROM orders WHERE exp(if(secret = 'CANARY-B-71',710,1))>0",
    "SELECT id FROM orders WHERE exp(if(secret IN ('CANARY-B-71', 'CANARY-B-72'),710,1))>0",
    "SELECT id FROM orders WHERE id = 71 AND exp(if(secret = 'CANARY-B-71',710,1))>0",
    "SELECT id FROM orders WHERE tenant_id = 'bolt' AND exp(if(amount > 0,710,1))>0",
    "SELECT id FROM orders WHERE amount > 100 AND exp(amount * 100) > 0",
    "SELECT id FROM (SELECT * FROM orders WHERE exp(if(secret LIKE 'CANARY-B-%',710,1))>0) q",
    "SELECT id FROM orders GROUP BY id HAVING exp(if(max(secret) LIKE 'CANARY-B-%',710,1))>0",
    "SELECT max(exp(if(secret LIKE 'CANARY-B-%',710,1))) FROM orders",
    "SELECT o.id FROM orders o JOIN `lines` l ON l.order_id = o.id WHERE exp(if(o.secret LIKE 'CANARY-B-%',710,1))>0 AND exp(if(l.note LIKE 'L-CANARY-B-%',710,1))>0",
    "SELECT o.id FROM orders o JOIN `lines` l ON exp(if(l.note LIKE 'L-CANARY-B-%',710,1))>0 AND exp(if(o.secret LIKE 'CANARY-B-%',710,1))>0",
    "SELECT o.id FROM orders o LEFT JOIN notes n ON n.line_id = o.id AND exp(if(n.text LIKE 'N-CANARY-B-%',710,1))>0",
    "SELECT id FROM orders o WHERE EXISTS (SELECT 1 FROM `lines` l WHERE l.order_id = o.id AND exp(if(l.note LIKE 'L-CANARY-B-%',710,1))>0)",
    "SELECT id FROM orders WHERE id IN (SELECT order_id FROM `lines` WHERE exp(if(note LIKE 'L-CANARY-B-%',710,1))>0)",
    "SELECT 1 FROM DUAL WHERE 'CANARY-B-71' IN (SELECT secret FROM orders)",
    "SELECT id FROM `lines` WHERE order_id = 71 OR exp(if(note LIKE 'L-CANARY-B-%',710,1)) < 0",
    "SELECT max(secret) FROM orders WHERE tenant_id = 0",
    "SELECT id FROM orders WHERE tenant_id LIKE 'a%' OR tenant_id = 'ACME'",
    "SELECT secret FROM orders UNION SELECT secret FROM orders",
    "WITH RECURSIVE r AS (SELECT id FROM orders UNION SELECT o.id FROM orders o JOIN r) SELECT * FROM r",
    "SELECT 'x' /*!50000 UNION SELECT max(secret) FROM orders */",
    "SELECT 'x' /*M!100000 UNION SELECT max(secret) FROM {base}.orders */",
    "SELECT row_key FROM cloison_me",
    "SELECT * FROM {base}.cloison_tenant",
    "SELECT {base}.cloison_digest('{views}', 'orders')",
    "SELECT view_definition FROM information_schema.views",
    "SHOW CREATE VIEW orders",
    "EXPLAIN SELECT * FROM orders",
    "ANALYZE SELECT * FROM orders",
    "SHOW INDEX FROM orders",
    "SHOW TABLE STATUS",
    "HANDLER orders OPEN",
    "HANDLER {base}.orders OPEN",
    "SELECT * FROM mysql.column_stats",
    "SELECT * FROM information_schema.innodb_buffer_page LIMIT 1",
    "CREATE TEMPORARY TABLE stolen AS SELECT * FROM {base}.orders",
    "CREATE VIEW mine AS SELECT * FROM {base}.orders",
    "INSERT INTO orders VALUES (5000, 'acme', 'x', 1)",
    "UPDATE orders SET tenant_id = 'acme'",
    "DELETE FROM orders",
    "SET ROLE cloison_views",
    "SET SESSION AUTHORIZATION cloison_views@localhost",
];

/// Two worlds that differ in the other tenants' rows only: whatever the attack and its answer, the answers are the same.
#[tokio::test]
async fn no_answer_depends_on_other_tenants_rows() {
    interference("SELECT 1").await;
}

#[tokio::test]
async fn no_answer_depends_on_other_tenants_rows_without_indexes() {
    interference("ALTER TABLE orders DROP KEY tenant_id; ALTER TABLE `lines` DROP KEY order_id").await;
}

async fn interference(prepare: &str) {
    let world = World::shared().await;
    let mut admin = world.admin().await;
    admin.query_drop(prepare).await.unwrap();
    for (letter, key) in [('a', "acme"), ('b', "bolt")] {
        world.set_up(&world.view_rows(letter, key)).await.unwrap();
    }
    let mut conn = world.enter('a', &world.views).await.unwrap();
    let attack = |sql: &str| sql.replace("{base}", &world.base).replace("{views}", &world.views);
    let mut before = Vec::new();
    for sql in ATTACKS {
        let answer = told(&mut conn, &attack(sql)).await;
        // An error quotes the statement.
        let quoted = answer.starts_with("Server error");
        assert!(quoted || !answer.contains("CANARY-B"), "{sql}: {answer}");
        assert!(!answer.contains("out of range"), "{sql}: {answer}");
        before.push(answer);
    }
    assert!(before[0].contains("CANARY-A-2") && before[3].contains("CANARY-A-2"), "{before:?}");
    assert!(before[1].contains("denied") && before[5].contains("denied"), "{before:?}");
    // Statistics too would tell of what was there.
    let others = "DELETE FROM orders WHERE NOT CAST(tenant_id AS BINARY) = 'acme'; DELETE FROM `lines` WHERE id > 2; \
                  DELETE FROM notes WHERE id > 2; ANALYZE TABLE orders PERSISTENT FOR ALL";
    admin.query_drop(others).await.unwrap();
    for (sql, answer) in ATTACKS.iter().zip(before) {
        assert_eq!(told(&mut conn, &attack(sql)).await, answer, "{sql}");
    }
}

/// The same view without its fence tells of other tenants' rows: the test above would see it.
#[tokio::test]
async fn the_fence_is_what_keeps_errors_from_telling() {
    let world = World::shared().await;
    let place = world.view_rows('a', "acme");
    world.set_up(&place).await.unwrap();
    let script = setup::script(&place).unwrap();
    let view = script.once.iter().find(|step| step.sql.contains("VIEW") && step.about == "orders").unwrap();
    let unfenced = view.sql.replace("LIMIT 18446744073709551615", "");
    assert_ne!(unfenced, view.sql);
    let oracle = "SELECT id FROM orders WHERE exp(if(secret LIKE 'CANARY-B-7%',710,1))>0";
    let (mut conn, mut admin) = (world.enter('a', &world.views).await.unwrap(), world.admin().await);
    // With an index, the optimiser happens to look at the tenant's rows only.
    admin.query_drop("ALTER TABLE orders DROP KEY tenant_id").await.unwrap();
    assert!(!told(&mut conn, oracle).await.contains("out of range"));
    admin.query_drop(unfenced).await.unwrap();
    assert!(told(&mut conn, oracle).await.contains("out of range"));
}

#[tokio::test]
async fn a_login_reads_its_own_database_and_not_one_that_is_spelled_like_it() {
    let world = World::shared().await;
    let like_it = world.base.replace("base_x", "baseyx");
    let mut admin = world.admin().await;
    admin.query_drop(format!("CREATE DATABASE {like_it}; CREATE TABLE {like_it}.t (x INT)")).await.unwrap();
    let place = world.placement(Level::Database, 'd', world.server('d', &world.base), "");
    world.set_up(&place).await.unwrap();
    let mut conn = world.enter('d', &world.base).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM orders").await, [206]);
    let closed = told(&mut conn, &format!("SELECT * FROM {like_it}.t")).await;
    assert!(closed.contains("denied"), "{closed}");
    let fuse: Vec<String> = conn.query("SHOW GRANTS").await.unwrap();
    assert!(fuse[0].contains("MAX_USER_CONNECTIONS 16"), "{}", fuse[0]);
}

#[tokio::test]
async fn a_login_reads_declared_tables_only_where_the_guard_keeps_rows_apart() {
    let world = World::shared().await;
    let place = world.placement(Level::GuardedRows, 'g', world.server('g', &world.base), "acme");
    world.set_up(&place).await.unwrap();
    let mut conn = world.enter('g', &world.base).await.unwrap();
    assert_eq!(numbers(&mut conn, "SELECT count(*) FROM orders").await, [206]);
    for closed in ["SELECT * FROM salaries", "SELECT * FROM grades", "DELETE FROM orders"] {
        assert!(told(&mut conn, closed).await.contains("denied"), "{closed}");
    }
}

#[tokio::test]
async fn a_script_shows_no_password_and_a_new_one_is_set() {
    let world = World::shared().await;
    let mut server = world.server('p', &world.base);
    let place = world.placement(Level::Database, 'p', world.server('p', &world.base), "");
    let script = setup::script(&place).unwrap();
    assert!(!script.to_sql(false).contains("quoted") && script.to_sql(true).contains("it''s \\\\ \"quoted\""));
    world.set_up(&place).await.unwrap();
    server.password = Secret::from("another".to_owned());
    world.set_up(&world.placement(Level::Database, 'p', server, "")).await.unwrap();
    assert!(world.enter('p', &world.base).await.is_err());
    world.set_up(&place).await.unwrap();
    assert!(world.enter('p', &world.base).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_set_up_is_said() {
    let mut world = World::shared().await;
    let said = |place: &Placement| match setup::script(place) {
        Err(SetupError::Placement(message)) => message,
        _ => String::new(),
    };
    let named = |user: &str| {
        let mut server = world.server('x', &world.views);
        server.user = user.to_owned();
        said(&world.placement(Level::ViewRows, 'x', server, "acme"))
    };
    for user in ["a@b", "a b", "", "ä", &"a".repeat(81), "a'--"] {
        assert!(named(user).contains("name the login"), "{user}");
    }
    for user in ["root", "Cloison_Views", "mysql"] {
        assert!(named(user).contains("another one"), "{user}");
    }
    let same = world.placement(Level::ViewRows, 'x', world.server('x', &world.base), "acme");
    assert!(said(&same).contains("another one, which gets the views"));
    let slash = world.placement(Level::Database, 'x', world.server('x', "a\\_b"), "");
    assert!(said(&slash).contains("backslash"));
    assert!(said(&world.placement(Level::Schema, 'x', world.server('x', "d"), "")).contains("no such level"));
    world.tables = json!({ "cloison_me": { "shared": true } });
    assert!(said(&world.view_rows('x', "acme")).contains("cannot be declared"));
    world.tables = json!({ "other.t": { "shared": true } });
    assert!(said(&world.view_rows('x', "acme")).contains("without its name"));
    world.tables = json!({ "nowhere": { "tenant": { "column": "tenant_id" } } });
    let error = world.set_up(&world.view_rows('x', "acme")).await.unwrap_err();
    assert!(
        matches!(&error, SetupError::Table { table, code, .. } if table == "nowhere" && code.as_str() == "1146"),
        "{error}"
    );
    let place = world.view_rows('x', "acme");
    let stranger = Administrator { user: "stranger".to_owned(), password: Secret::from("x".to_owned()) };
    let script = setup::script(&place).unwrap();
    let refused = setup::apply(&place, &stranger, &script, &Settings::default(), Duration::from_secs(60)).await;
    assert_eq!(refused, Err(SetupError::Connection(gateway::RunError::LoginRefused)));
}
