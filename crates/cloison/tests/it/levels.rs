//! The guide of `docs/isolation.md`, followed word for word on fresh servers, level by level: the blocks of the page are
//! what runs here.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::servers::{Mariadb, Options, Postgres};

use crate::cli::{Cloison, Running};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/isolation.md");

/// A fenced block of the page: `sh`, or a language and the name of a file.
struct Block {
    info: String,
    text: String,
}

/// The blocks under a heading of the page.
fn blocks(heading: &str) -> Vec<Block> {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let rest = page.split_once(&format!("\n### {heading}\n")).unwrap_or_else(|| panic!("no heading {heading}")).1;
    let section = rest.split("\n### ").next().unwrap().split("\n## ").next().unwrap();
    let mut blocks = Vec::new();
    let mut parts = section.split("```");
    parts.next();
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        let (info, text) = block.split_once('\n').unwrap();
        blocks.push(Block { info: info.to_owned(), text: text.to_owned() });
    }
    assert!(!blocks.is_empty(), "nothing to do under {heading}");
    blocks
}

/// Which server the guide is followed on.
enum On {
    Postgres(Postgres),
    Mariadb(Mariadb),
    File,
}

struct Walk {
    cloison: Cloison,
    running: Running,
    on: On,
    variables: BTreeMap<&'static str, String>,
}

impl Walk {
    async fn on(on: On) -> Self {
        let cloison = Cloison::new();
        let running = cloison.serve_with(&[("CLOISON_ISOLATION__PREFLIGHT_SECONDS", "1")]);
        let mut variables = BTreeMap::from([("SERVER_URL", format!("http://127.0.0.1:{}", cloison.port()))]);
        let server = match &on {
            On::Postgres(server) => Some((server.port(), server.admin_user(), server.admin_password())),
            On::Mariadb(server) => Some((server.port(), server.admin_user(), server.admin_password())),
            On::File => None,
        };
        if let Some((port, admin, password)) = server {
            variables.insert("DB_HOST", "127.0.0.1".to_owned());
            variables.insert("DB_PORT", port.to_string());
            variables.insert("DB_ADMIN", admin.to_owned());
            cloison.write("admin.password", password);
        }
        let walk = Self { cloison, running, on, variables };
        walk.follow("A shop to try it on");
        match walk.on {
            On::Postgres(_) => walk.follow("On PostgreSQL"),
            On::Mariadb(_) => walk.follow("On MariaDB and MySQL"),
            On::File => {}
        }
        walk
    }

    async fn postgres() -> Self {
        Self::on(On::Postgres(Postgres::throwaway(Options::default()).await.unwrap())).await
    }

    async fn mariadb() -> Self {
        Self::on(On::Mariadb(Mariadb::throwaway(Options::default()).await.unwrap())).await
    }

    /// Writes the files and runs the commands under a heading.
    fn follow(&self, heading: &str) {
        self.run(&blocks(heading));
    }

    fn run(&self, blocks: &[Block]) {
        for block in blocks {
            match block.info.split_once(' ') {
                Some((_, file)) => self.cloison.write(file, &block.text),
                None => drop(self.shell(&block.text)),
            }
        }
    }

    /// Runs a block as somebody would type it; what it exports stays.
    fn shell(&self, text: &str) -> String {
        let bin = std::path::Path::new(env!("CARGO_BIN_EXE_cloison")).parent().unwrap();
        let path = format!("PATH='{}':\"$PATH\"", bin.display());
        let script =
            format!("set -euo pipefail\n{path}\n[ ! -f .exports ] || . ./.exports\n{text}\nexport -p > .exports\n");
        let mut command = Command::new("bash");
        command.args(["-c", &script]).current_dir(self.cloison.folder()).envs(&self.variables);
        let output = command.output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{text}\n{out}\n{err}");
        out.into_owned()
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.cloison.path(name)).unwrap()
    }

    /// Follows a level's section and the look at it, and checks what came out.
    fn level(&self, heading: &str, level: &str) {
        self.follow(heading);
        let mut look = blocks("Look whether it holds");
        if matches!(self.on, On::File) {
            // Without a server there is no administrator.
            look.pop();
        }
        self.run(&look);
        assert_eq!(self.read("alder.csv"), "city,amount\r\nLyon,10\r\nNice,20\r\n\n");
        assert_eq!(self.read("birch.csv"), "city,amount\r\nOslo,400\r\n\n");
        let rows: Value = serde_json::from_str(&self.read("alder.rows.json")).unwrap();
        if level == "guarded-rows" {
            assert_eq!((&rows["code"], &rows["status"]), (&json!("isolation-unproven"), &json!(409)), "{rows}");
        } else {
            assert_eq!(rows["rows"], json!([[2, "Nice"]]), "{rows}");
        }
        // What was planted is gone.
        assert_eq!(self.left(), "", "{level}");
        let explained = self.read("explain.txt");
        for part in [&format!("at level {level}"), "publication", "scope 1 allows cards:run", "allowed"] {
            assert!(explained.contains(part), "{part}\n{explained}");
        }
        let decides = match level {
            "native-rows" => "orders: row level security: tenant_id = the tenant's key",
            "view-rows" => "orders: a view: tenant_id = the tenant's key",
            "guarded-rows" => "orders: the guard's fence: tenant_id = the tenant's key",
            _ => "not needed: the operator's card on the tenant's own database",
        };
        assert!(explained.contains(decides) && explained.contains("SELECT"), "{explained}");
        assert!(!explained.contains("'alder'"), "{explained}");
        let junit = self.read("verify.xml");
        assert!(junit.contains("<testsuite name=\"alder / shop") && junit.contains("failures=\"0\""), "{junit}");
        assert!(!junit.contains("<failure"), "{junit}");
        self.own_sql(level);
    }

    /// What a verification could have left on the server.
    fn left(&self) -> String {
        match self.on {
            On::Postgres(_) => self.admin(
                "SELECT rolname FROM pg_roles WHERE rolname ~ 'probe'
                 UNION ALL SELECT relname FROM pg_class WHERE relname ~ 'cloison_probe'
                 UNION ALL SELECT polname FROM pg_policy WHERE polrelid::regclass::text ~ 'probe'",
            ),
            On::Mariadb(_) => self.admin(
                "SELECT user FROM mysql.user WHERE user LIKE '%probe%'
                 UNION ALL SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'cloison_probe%'
                 UNION ALL SELECT table_name FROM mysql.tables_priv WHERE table_name LIKE 'cloison_probe%'",
            ),
            On::File => String::new(),
        }
    }

    /// What the administrator's own client says to a statement in the shop's database.
    fn admin(&self, sql: &str) -> String {
        self.cloison.write("admin.sql", sql);
        let client = match self.on {
            On::Postgres(_) => "psql -v ON_ERROR_STOP=1 -qAt -d shop -f admin.sql",
            _ => "mariadb -N -h \"$DB_HOST\" -P \"$DB_PORT\" -u \"$DB_ADMIN\" shop < admin.sql",
        };
        self.shell(client).trim().to_owned()
    }

    /// Breaks and mends each thing while the server runs: within one preflight the placement is off, and on again after.
    fn drift(self, heading: &str, breaks: &[(&str, &str, &str)]) {
        self.follow(heading);
        self.run(&blocks("Look whether it holds")[..2]);
        let operator = self.cloison.json(&["operator", "create", "--name", "me"]);
        let operator = operator["secret"].as_str().unwrap();
        let key: Value = serde_json::from_str(&self.read("alder.json")).unwrap();
        let card = || self.cloison.post("/v1/cards/sales/rows", key["secret"].as_str().unwrap(), "{}");
        let until = |what: &str, done: &dyn Fn(&str) -> bool| {
            let start = Instant::now();
            loop {
                let answer = card();
                if done(&answer) {
                    return;
                }
                assert!(start.elapsed() < Duration::from_secs(60), "{what}: {answer}");
                std::thread::sleep(Duration::from_millis(50));
            }
        };
        let goes_on = |answer: &str| {
            let whole = answer.contains("Lyon") && answer.contains("Nice") && answer.contains("\"row_count\":2");
            answer.starts_with("HTTP/1.1 200") && whole
        };
        for (breaks, mends, check) in breaks {
            until(&format!("before {breaks}"), &goes_on);
            self.admin(breaks);
            until(breaks, &|answer| answer.starts_with("HTTP/1.1 409") && answer.contains("\"placement-disabled\""));
            let checked = self.cloison.post("/v1/tenants/alder/placements/shop/check", operator, "");
            assert!(checked.contains("\"outcome\":\"disabled\"") && checked.contains(check), "{breaks}: {checked}");
            let metrics = self.cloison.get("/metrics", operator);
            assert!(
                metrics.contains("cloison_placements_disabled 1") || metrics.contains("cloison_placements_disabled 2"),
                "{metrics}"
            );
            let output = self.cloison.run(&["placement", "check", "alder", "shop"]);
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(!output.status.success() && said.contains(&format!("STOP  {check}: ")), "{breaks}: {said}");
            let verified = self.cloison.run(&["verify", "--tenant", "alder", "--format", "junit"]);
            let report = String::from_utf8(verified.stdout).unwrap();
            let failed = format!("<testcase name=\"preflight/{check}\"><failure");
            assert_eq!(verified.status.code(), Some(1));
            assert!(report.contains(&failed), "{report}");
            let report: Value = serde_json::from_slice(&self.cloison.run(&["verify", "--json"]).stdout).unwrap();
            assert_eq!(report["holds"], false);
            assert!(self.cloison.refused(&["doctor"]).contains("checks failed"));
            self.admin(mends);
        }
        until("at the end", &goes_on);
        // The other tenant's placement broke with it, and may be looked at a moment later.
        let start = Instant::now();
        loop {
            let metrics = self.cloison.get("/metrics", operator);
            if metrics.contains("cloison_placements_disabled 0") {
                assert!(metrics.contains("cloison_preflights_total{outcome=\"holds\"}"), "{metrics}");
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "{metrics}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let (clean, log) = self.running.interrupt();
        assert!(clean, "{log}");
        for (_, _, check) in breaks {
            assert!(
                log.lines().any(|line| line.contains("placement disabled") && line.contains(check)),
                "{check}: {log}"
            );
        }
        assert!(log.contains("placement enabled again"), "{log}");
        assert!(!log.contains("Lyon") && !log.contains("Oslo") && !log.contains("SELECT city"), "{log}");
    }

    /// What a tenant's own SQL gets, at the API: attacks are refused, and say nothing about others.
    fn own_sql(&self, level: &str) {
        let key: Value = serde_json::from_str(&self.read("alder.json")).unwrap();
        let ask = |sql: &str| {
            let body = json!({ "source": "shop", "sql": sql }).to_string();
            self.cloison.post("/v1/sql/rows", key["secret"].as_str().unwrap(), &body)
        };
        for sql in [
            "SELECT * FROM orders WHERE tenant_id = 'birch'",
            "SELECT max(city) FROM orders WHERE amount > 100",
            "WITH orders AS (SELECT * FROM orders) SELECT * FROM orders WHERE amount > 100",
            "SELECT (SELECT max(amount) FROM orders WHERE amount > 100)",
            "SELECT count(*) FROM orders WHERE 1 / (amount - 400) > 1 AND amount > 100",
        ] {
            let answer = ask(sql);
            // Behind the head: the name of the request there is random, and may have any digits in it.
            let (_, said) = answer.split_once("\r\n\r\n").unwrap();
            assert!(!said.contains("Oslo") && !said.contains("birch") && !said.contains("400"), "{sql}: {answer}");
            assert!(
                answer.starts_with(if level == "guarded-rows" { "HTTP/1.1 409" } else { "HTTP/1.1 200" }),
                "{answer}"
            );
        }
        for sql in [
            "SELECT pg_sleep(1)",
            "SELECT * FROM information_schema.tables",
            "DELETE FROM orders",
            "SELECT 1; SELECT 2",
        ] {
            let answer = ask(sql);
            let expected = match level {
                "guarded-rows" => "HTTP/1.1 409",
                _ if sql.contains(';') => "HTTP/1.1 400",
                _ => "HTTP/1.1 422",
            };
            assert!(answer.starts_with(expected), "{sql}: {answer}");
        }
    }
}

#[tokio::test]
async fn native_rows_on_postgres() {
    let walk = Walk::postgres().await;
    walk.level("Level native-rows, PostgreSQL", "native-rows");
    assert!(walk.read("alder.sql").contains("FORCE ROW LEVEL SECURITY"));
}

#[tokio::test]
async fn native_rows_with_one_login_on_postgres() {
    Walk::postgres().await.level("Level native-rows with one login, PostgreSQL", "native-rows");
}

#[tokio::test]
async fn view_rows_on_postgres() {
    Walk::postgres().await.level("Level view-rows, PostgreSQL", "view-rows");
}

#[tokio::test]
async fn view_rows_on_mariadb() {
    Walk::mariadb().await.level("Level view-rows, MariaDB and MySQL", "view-rows");
}

#[tokio::test]
async fn guarded_rows_on_postgres() {
    Walk::postgres().await.level("Level guarded-rows, PostgreSQL", "guarded-rows");
}

#[tokio::test]
async fn guarded_rows_on_mariadb() {
    Walk::mariadb().await.level("Level guarded-rows, MariaDB and MySQL", "guarded-rows");
}

#[tokio::test]
async fn guarded_rows_in_a_file() {
    Walk::on(On::File).await.level("Level guarded-rows, SQLite", "guarded-rows");
}

#[tokio::test]
async fn schema_on_postgres() {
    Walk::postgres().await.level("Level schema, PostgreSQL", "schema");
}

#[tokio::test]
async fn database_on_postgres() {
    Walk::postgres().await.level("Level database, PostgreSQL", "database");
}

#[tokio::test]
async fn database_on_mariadb() {
    Walk::mariadb().await.level("Level database, MariaDB and MySQL", "database");
}

#[tokio::test]
async fn drift_on_postgres_disables_and_mending_enables() {
    let breaks = [
        (
            "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE orders FORCE ROW LEVEL SECURITY",
            "row-security",
        ),
        ("CREATE POLICY more ON orders USING (true)", "DROP POLICY more ON orders", "other-policies"),
        ("ALTER ROLE shop_alder SUPERUSER", "ALTER ROLE shop_alder NOSUPERUSER", "superuser"),
        ("GRANT shop_birch TO shop_alder", "REVOKE shop_birch FROM shop_alder", "memberships"),
        (
            "CREATE VIEW everything AS SELECT * FROM orders; GRANT SELECT ON everything TO shop_alder",
            "DROP VIEW everything",
            "views",
        ),
        (
            "UPDATE cloison.tenant SET row_key = 'birch' WHERE login = 'shop_alder'",
            "UPDATE cloison.tenant SET row_key = 'alder' WHERE login = 'shop_alder'",
            "mapping",
        ),
    ];
    Walk::postgres().await.drift("Level native-rows, PostgreSQL", &breaks);
}

#[tokio::test]
async fn drift_on_mariadb_disables_and_mending_enables() {
    let walk = Walk::mariadb().await;
    let breaks = [
        ("GRANT SELECT ON shop.orders TO shop_alder", "REVOKE SELECT ON shop.orders FROM shop_alder", "grants"),
        (
            "UPDATE shop.cloison_tenant SET row_key = 'birch' WHERE login = 'shop_alder'",
            "UPDATE shop.cloison_tenant SET row_key = 'alder' WHERE login = 'shop_alder'",
            "row-key",
        ),
        ("CREATE TABLE shop_views.loose (x int)", "DROP TABLE shop_views.loose", "base-tables"),
    ];
    walk.drift("Level view-rows, MariaDB and MySQL", &breaks);
}
