//! Real learning-platform databases, when they are beside the project: each card gives what the server's own command
//! line client gives for the same SQL, and what the hand-written query that it was made from gives.

use std::path::{Path, PathBuf};
use std::process::Command;

use cloison::sample::dumps::{Dump, DumpEngine, Target, find, load};
use query::Engine;
use serde_json::{Value, json};
use testkit::servers::{Mariadb, Postgres};

use crate::stores::{Card, Row, Seen, Store, cards, project, whole_numbers};

/// 2026-11-24, when the dumps were made.
const NOW: i64 = 1_795_478_400;

/// A loaded dump.
struct Loaded {
    store: Store,
    server: Server,
    database: String,
}

enum Server {
    Mariadb(Mariadb),
    Postgres(Postgres),
}

fn folder() -> PathBuf {
    project().join("../shared/moodle")
}

/// The dump of this client, or nothing (and why) when the folder is not there.
fn dump(key: &str) -> Option<Dump> {
    let found = find(&folder()).into_iter().find(|dump| dump.key == key);
    #[expect(clippy::print_stderr, reason = "who reads the test's output wants to know that it proved nothing")]
    if found.is_none() {
        eprintln!("skipped: no dump of {key} in ../shared/moodle beside the project");
    }
    found
}

async fn loaded(dump: &Dump) -> Loaded {
    let (server, database) = match dump.engine {
        DumpEngine::Mariadb => {
            let server = Mariadb::shared().await.unwrap();
            let database = server.create_database(&dump.key).await.unwrap();
            (Server::Mariadb(server), database)
        }
        DumpEngine::Postgres => {
            let server = Postgres::shared().await.unwrap();
            let database = server.create_database(&dump.key).await.unwrap();
            (Server::Postgres(server), database)
        }
    };
    let (host, port, user, password) = server.access();
    load(dump, &Target { host, port, user, password, database: &database }).await.unwrap();
    let store = match &server {
        Server::Mariadb(server) => Store::Mariadb(server.admin(&database).await.unwrap()),
        Server::Postgres(server) => Store::Postgres(server.admin(&database).await.unwrap()),
    };
    Loaded { store, server, database }
}

impl Server {
    fn access(&self) -> (&str, u16, &str, &str) {
        match self {
            Self::Mariadb(server) => (server.host(), server.port(), server.admin_user(), server.admin_password()),
            Self::Postgres(server) => (server.host(), server.port(), server.admin_user(), server.admin_password()),
        }
    }

    /// What the server's own client prints for `sql`: one line a row, tabs between, NULL as `NULL`.
    fn client(&self, database: &str, sql: &str) -> Vec<Vec<String>> {
        let (host, port, user, password) = self.access();
        let port = port.to_string();
        let mut command = match self {
            Self::Mariadb(_) => {
                let mut command = Command::new("mariadb");
                command.args([
                    "--no-defaults",
                    "--protocol=tcp",
                    "--batch",
                    "--raw",
                    "--skip-column-names",
                    "-h",
                    host,
                    "-P",
                    &port,
                ]);
                command.args(["-u", user, database, "-e", sql]).env("MYSQL_PWD", password);
                command
            }
            Self::Postgres(_) => {
                let mut command = Command::new("psql");
                command.args([
                    "-X",
                    "-q",
                    "-A",
                    "-t",
                    "-F",
                    "\t",
                    "-P",
                    "null=NULL",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-h",
                    host,
                    "-p",
                    &port,
                ]);
                command.args(["-U", user, "-d", database, "-c", sql]).env("PGPASSWORD", password);
                command
            }
        };
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
    }
}

/// The statement as text, with its whole numbers in their places.
fn plain(card: &Card, engine: Engine, given: &[(&str, Value)]) -> String {
    let statement = card.compile(engine, given, NOW);
    let mut sql = statement.sql().to_owned();
    for (place, number) in whole_numbers(&statement).iter().enumerate().rev() {
        match engine {
            Engine::Postgres => sql = sql.replace(&format!("${}", place + 1), &number.to_string()),
            _ => {
                let at = sql.rfind('?').unwrap();
                sql.replace_range(at..=at, &number.to_string());
            }
        }
    }
    sql
}

fn same(text: &str, seen: &Seen) -> bool {
    match seen {
        Seen::Null => text == "NULL",
        Seen::Number(number) => text.parse::<f64>() == Ok(*number),
        Seen::Text(own) => text == own,
    }
}

/// Rows in the columns' alphabetical order: what the driver's maps are in. The client prints them in the SQL's order,
/// so both are compared as sorted lists of what each row holds.
fn assert_same(lines: &[Vec<String>], rows: &[Row], place: &str) {
    assert_eq!(lines.len(), rows.len(), "{place}: number of rows");
    for (line, row) in lines.iter().zip(rows) {
        assert_eq!(line.len(), row.len(), "{place}: number of columns");
        let mut left: Vec<&String> = line.iter().collect();
        for seen in row.values() {
            let found = left.iter().position(|text| same(text, seen));
            left.remove(found.unwrap_or_else(|| panic!("{place}: {seen:?} is not in {line:?}")));
        }
    }
}

async fn check(key: &str) {
    let Some(dump) = dump(key) else { return };
    let mut loaded = loaded(&dump).await;
    let choices: [Vec<(&str, Value)>; 3] = [
        vec![],
        vec![("period", json!("past90days~"))],
        vec![("period", json!("past12months~")), ("course", json!([2, 3, 7])), ("cohort", json!([1, 3]))],
    ];
    for card in cards() {
        for given in &choices {
            let engine = loaded.store.engine();
            let place = format!("{} of {key} with {given:?}", card.key);
            let rows = loaded
                .store
                .run(&card.compile(engine, given, NOW))
                .await
                .unwrap_or_else(|error| panic!("{place}: {error}"));
            assert_same(&loaded.server.client(&loaded.database, &plain(&card, engine, given)), &rows, &place);
            assert!(!rows.is_empty() || !given.is_empty(), "{place} says nothing");
        }
    }
    against_the_originals(&mut loaded, key).await;
}

/// The card, the query it was made from, that query's columns in the card's words (`-`: not in the card).
const ORIGINALS: [(&str, &str, &str); 4] = [
    ("completion-by-course", "01-course-completion.sql", "- fullname enrolled started completed pct avg_days"),
    ("teacher-activity", "08-teacher-activity.sql", "- firstname lastname graded wait_days - active_days"),
    ("resource-use", "09-resource-use.sql", "fullname module - views viewers last_view"),
    ("certificate-expiry", "10-certificate-expiry.sql", "name expired next_30_days next_90_days later"),
];

async fn against_the_originals(loaded: &mut Loaded, key: &str) {
    for (name, file, columns) in ORIGINALS {
        let card = cards().into_iter().find(|card| card.key == name).unwrap();
        let statement = card.compile(loaded.store.engine(), &[], NOW);
        let rows = loaded.store.run(&statement).await.unwrap();
        let sql = std::fs::read_to_string(Path::new(&folder()).join("sql").join(file)).unwrap();
        let mut lines = loaded.server.client(&loaded.database, &sql);
        assert_eq!(lines.len(), rows.len(), "{name} against {file} for {key}");
        // In whatever order: the card may sort by something else.
        for row in &rows {
            let is_it = |line: &Vec<String>| {
                columns.split(' ').zip(line).all(|(column, text)| column == "-" || same(text, &row[column]))
            };
            let found = lines
                .iter()
                .position(is_it)
                .unwrap_or_else(|| panic!("{name} for {key}: {row:?} is not in {file}: {lines:?}"));
            lines.remove(found);
        }
    }
}

#[tokio::test]
async fn alder_on_mariadb_agrees_with_the_client() {
    check("alder").await;
}

#[tokio::test]
async fn birch_on_mariadb_agrees_with_the_client() {
    check("birch").await;
}

#[tokio::test]
async fn cedar_on_postgresql_agrees_with_the_client() {
    check("cedar").await;
}
