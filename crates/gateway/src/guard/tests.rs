//! Rules for tenants and viewers, on the three engines: what each viewer reads, what is masked, what is refused.

use std::sync::Arc;

use query::Statement;
use serde_json::{Value, json};
use tenancy::placement::{Connection, Level, Placement, Rows, Server, SqliteFile, Tls};
use tenancy::{Secret, SourceId, TenantId, Viewer};
use testkit::servers::{Mariadb, Postgres};

use super::Rules;
use crate::cell::Cell;
use crate::preflight::{Report, Table};
use crate::prepare::PrepareError;
use crate::settings::Settings;
use crate::{Gateway, RunError};

/// A school per tenant. `u1` is a student of both.
const SCHOOL: &str = "
    CREATE TABLE courses (id INTEGER PRIMARY KEY, company_id VARCHAR(40), title VARCHAR(40));
    INSERT INTO courses VALUES (1, 'acme', 'one'), (2, 'acme', 'two'), (3, 'acme', 'three'), (11, 'bolt', 'CANARY');
    CREATE TABLE grades (id INTEGER PRIMARY KEY, course_id INTEGER, user_id VARCHAR(40), points INTEGER);
    INSERT INTO grades VALUES (1, 1, 'u1', 5), (2, 1, 'u2', 6), (3, 2, 'u1', 7), (4, 3, 'u3', 8), (5, 11, 'u1', 999);
    CREATE TABLE people (id VARCHAR(40) PRIMARY KEY, company_id VARCHAR(40), email VARCHAR(60), iban VARCHAR(40), password VARCHAR(40), note VARCHAR(40));
    INSERT INTO people VALUES ('u1', 'acme', 'one@example.com', 'FR7630006000011234567890189', 'secret', 'n'),
        ('u2', 'acme', 'one@example.com', 'DE1', 'secret', 'n'), ('b1', 'bolt', 'one@example.com', 'CANARY', 'CANARY', 'CANARY');
    CREATE TABLE countries (code VARCHAR(2) PRIMARY KEY, name VARCHAR(40));
    INSERT INTO countries VALUES ('FR', 'France');
    CREATE TABLE diary (id INTEGER PRIMARY KEY, company_id VARCHAR(40));
    INSERT INTO diary VALUES (1, 'acme'), (2, 'bolt');
    CREATE TABLE notes (id INTEGER PRIMARY KEY, company_id VARCHAR(40), course_id INTEGER);
    INSERT INTO notes VALUES (1, 'acme', 1), (2, 'acme', 11), (3, 'bolt', 11), (4, 'acme', 12);
    CREATE TABLE internals (id INTEGER PRIMARY KEY);";

fn tables() -> Value {
    json!({
        "courses": { "tenant": { "column": "company_id" }, "viewers": [
            { "when": { "role": ["manager"] } },
            { "when": { "role": ["teacher"] }, "column": "id", "attribute": "courses" } ] },
        "grades": { "tenant": { "column": "course_id", "table": "courses", "key": "id" }, "viewers": [
            { "column": "course_id", "table": "courses", "key": "id" },
            { "when": { "role": ["student"] }, "column": "user_id", "attribute": "sub" } ] },
        "people": { "tenant": { "column": "company_id" }, "viewers": [
            { "when": { "role": ["manager", "teacher"] } },
            { "column": "id", "attribute": "sub" } ],
            "masks": { "email": { "mask": "hash", "unless": { "role": ["manager"] } }, "iban": { "mask": "last-four" },
                       "password": { "mask": "hidden" }, "note": { "mask": "null" } } },
        "notes": { "tenant": { "column": "company_id" }, "viewers": [
            { "column": "course_id", "table": "courses", "key": "id" } ] },
        "countries": { "shared": true },
        "diary": { "tenant": { "column": "company_id" } }
    })
}

/// One engine, one tenant.
struct School {
    gateway: Gateway,
    place: Arc<Placement>,
    report: Arc<Report>,
    _folder: Option<tempfile::TempDir>,
}

async fn school(connection: Connection, key: &str, tables: Value) -> School {
    let rows = Rows {
        key: key.to_owned(),
        base: None,
        tables: Arc::new(serde_json::from_value(tables).unwrap()),
        salt: Secret::from(format!("salt of {key}")),
        ..Rows::default()
    };
    let id = |kind: &str| format!("{kind}_{}", "a".repeat(26));
    let (tenant, source) = (TenantId::parse(&id("ten")).unwrap(), SourceId::parse(&id("src")).unwrap());
    let place = Arc::new(Placement::for_tests(tenant, source, Level::GuardedRows, connection, rows, 4));
    let gateway = Gateway::new(Settings::default());
    let report = gateway.preflight(&place).await.unwrap();
    School { gateway, place, report, _folder: None }
}

fn server(port: u16, database: &str, user: String) -> Server {
    let password = Secret::from("p".to_owned());
    Server {
        host: "127.0.0.1".to_owned(),
        port,
        database: database.to_owned(),
        schema: None,
        user,
        password,
        tls: Tls::Off,
    }
}

/// The school of a tenant on each engine.
async fn schools(key: &str, tables: Value) -> Vec<School> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let file = SqliteFile { path: root.join("school.db"), root: root.as_path().into() };
    rusqlite::Connection::open(&file.path).unwrap().execute_batch(SCHOOL).unwrap();
    let on_file = School { _folder: Some(folder), ..school(Connection::Sqlite(file), key, tables.clone()).await };

    let host = Postgres::shared().await.unwrap();
    let database = host.create_database("school").await.unwrap();
    host.execute(&database, SCHOOL).await.unwrap();
    let user = host.create_login("school", "p", &database).await.unwrap();
    let on_postgres = school(Connection::Postgres(server(host.port(), &database, user)), key, tables.clone()).await;

    let host = Mariadb::shared().await.unwrap();
    let database = host.create_database("school").await.unwrap();
    host.execute(&database, SCHOOL).await.unwrap();
    let user = host.create_login("school", "p", &database).await.unwrap();
    let on_mariadb = school(Connection::Mysql(server(host.port(), &database, user)), key, tables).await;
    vec![on_file, on_postgres, on_mariadb]
}

impl School {
    /// All cells, row by row, as a viewer with these attributes or, without, as an API key.
    async fn rows(&self, viewer: Option<&Viewer>, sql: &str) -> Result<Vec<String>, PrepareError> {
        let written = Statement::new(sql.to_owned(), Vec::new());
        let guarded = Rules::new(&self.place, &self.report.tables, viewer).guard(&written)?;
        let answer = self.gateway.ask(&self.place, &guarded.statement).await.map_err(PrepareError::Preflight)?;
        let text = |cell: &Cell| match cell {
            Cell::Text(text) | Cell::Decimal(text) => text.to_string(),
            Cell::Int(number) => number.to_string(),
            Cell::Null => "NULL".to_owned(),
            _ => "?".to_owned(),
        };
        Ok(answer.rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect())
    }

    /// The ids that are read.
    async fn ids(&self, viewer: Option<&Viewer>, table: &str) -> Vec<String> {
        let sql = format!("SELECT id FROM {table} ORDER BY id");
        self.rows(viewer, &sql).await.unwrap_or_else(|error| panic!("{:?}: {sql}: {error}", self.place.engine()))
    }
}

fn viewer(sub: Option<&str>, attributes: Value) -> Viewer {
    let attributes = serde_json::from_value(attributes).unwrap();
    Viewer { subject: sub.map(str::to_owned), attributes }
}

#[tokio::test]
async fn each_viewer_reads_what_its_rules_say() {
    for school in schools("acme", tables()).await {
        let manager = viewer(Some("m"), json!({ "role": "manager" }));
        let teacher = viewer(Some("t"), json!({ "role": "teacher", "courses": [1, "2", 11] }));
        let of_one = viewer(Some("t"), json!({ "role": ["teacher", "parent"], "courses": 3 }));
        let student = viewer(Some("u1"), json!({ "role": "student" }));
        let nobody = viewer(Some("x"), json!({ "role": "visitor" }));
        for (who, courses, grades, people) in [
            (None, &["1", "2", "3"][..], &["1", "2", "3", "4"][..], &["u1", "u2"][..]),
            (Some(&manager), &["1", "2", "3"], &["1", "2", "3", "4"], &["u1", "u2"]),
            // The other tenant's course is in the list, and no row of it is read.
            (Some(&teacher), &["1", "2"], &["1", "2", "3"], &["u1", "u2"]),
            (Some(&of_one), &["3"], &["4"], &["u1", "u2"]),
            (Some(&student), &[], &["1", "3"], &["u1"]),
            (Some(&nobody), &[], &[], &[]),
        ] {
            assert_eq!(school.ids(who, "courses").await, courses);
            assert_eq!(school.ids(who, "grades").await, grades);
            assert_eq!(school.ids(who, "people").await, people);
            assert_eq!(school.rows(who, "SELECT code FROM countries").await.unwrap(), ["FR"]);
        }
        // Counts and joins are over the same rows, wherever the table is named.
        let sql = "SELECT (SELECT max(points) FROM grades), count(*) FROM courses AS c LEFT JOIN grades AS g ON g.course_id = c.id";
        assert_eq!(school.rows(Some(&teacher), sql).await.unwrap(), ["7 3"]);
    }
}

/// Note 2 names a course that the other tenant has: whether it is there, and who may see it, is the other tenant's row.
#[tokio::test]
async fn no_row_of_another_tenant_lets_a_viewer_in() {
    for school in schools("acme", tables()).await {
        let all = viewer(Some("t"), json!({ "role": "teacher", "courses": [1, 2, 3, 11, 12] }));
        let manager = viewer(Some("m"), json!({ "role": "manager" }));
        for who in [&all, &manager] {
            assert_eq!(school.ids(Some(who), "notes").await, ["1"], "{:?}", school.place.engine());
        }
        assert_eq!(school.ids(None, "notes").await, ["1", "2", "4"]);
    }
}

/// `u1` is of both tenants: a grade is acme's where its course is, and its person too.
#[tokio::test]
async fn a_row_whose_columns_disagree_is_nobodys() {
    let mut tables = tables();
    tables["grades"]["tenant"]["and"] = json!([{ "column": "user_id", "table": "people", "key": "id" }]);
    for (key, expected) in [("acme", &["1", "2", "3"][..]), ("bolt", &[])] {
        for school in schools(key, tables.clone()).await {
            let manager = viewer(Some("m"), json!({ "role": "manager" }));
            for who in [None, Some(&manager)] {
                // Grade 4 is of a course of acme's and of nobody known, grade 5 of bolt's course and of acme's person.
                assert_eq!(school.ids(who, "grades").await, expected, "{:?}", school.place.engine());
            }
        }
    }
}

/// One reason is enough: who wrote the statement, where the rows are, or that tables have rules.
#[test]
fn the_guard_stands_wherever_there_is_a_reason() {
    let id = |kind: &str| format!("{kind}_{}", "a".repeat(26));
    let applies = |level, declared: Value, written_by_tenant| {
        let (tenant, source) = (TenantId::parse(&id("ten")).unwrap(), SourceId::parse(&id("src")).unwrap());
        let file = SqliteFile { path: "/nowhere/school.db".into(), root: std::path::Path::new("/nowhere").into() };
        let rows = Rows { tables: Arc::new(serde_json::from_value(declared).unwrap()), ..Rows::default() };
        super::applies(
            &Placement::for_tests(tenant, source, level, Connection::Sqlite(file), rows, 4),
            written_by_tenant,
        )
    };
    for level in [Level::Database, Level::Schema] {
        assert!(!applies(level, json!({}), false), "{level:?}: the operator's own SQL on the tenant's own rows");
        assert!(applies(level, json!({}), true) && applies(level, tables(), false) && applies(level, tables(), true));
    }
    for level in [Level::NativeRows, Level::ViewRows, Level::GuardedRows] {
        for declared in [json!({}), tables()] {
            assert!(applies(level, declared.clone(), false) && applies(level, declared, true), "{level:?}");
        }
    }
}

/// Preflight finds declared tables only, where any are declared. If it ever found others, nobody would read them.
#[test]
fn a_table_that_nobody_declared_is_nobodys() {
    let id = |kind: &str| format!("{kind}_{}", "a".repeat(26));
    let refusal = |level, declared: &Value, schema: &str, name: &str| {
        let (tenant, source) = (TenantId::parse(&id("ten")).unwrap(), SourceId::parse(&id("src")).unwrap());
        let file = SqliteFile { path: "/nowhere/school.db".into(), root: std::path::Path::new("/nowhere").into() };
        let tables = Arc::new(serde_json::from_value(declared.clone()).unwrap());
        let rows = Rows { key: "acme".to_owned(), tables, ..Rows::default() };
        let place = Placement::for_tests(tenant, source, level, Connection::Sqlite(file), rows, 4);
        let columns = vec![("id".to_owned(), sqlguard::ColumnKind::Integer)];
        let found = [Table { schema: schema.to_owned(), name: name.to_owned(), columns }];
        let written = Statement::new(format!("SELECT id FROM {schema}.\"{name}\""), Vec::new());
        Rules::new(&place, &found, None).guard(&written).err().map(|refusal| refusal.to_string())
    };
    let (none, some) = (json!({}), json!({ "countries": { "shared": true } }));
    let undeclared = |said: Option<String>| said.is_some_and(|said| said.contains("is not declared"));
    for level in [Level::Database, Level::GuardedRows] {
        assert_eq!(refusal(level, &some, "main", "countries"), None, "{level:?}");
        assert!(undeclared(refusal(level, &some, "main", "internals")), "{level:?}");
        // The name is that of the placement's own schema, and a dot makes no other table's.
        assert!(undeclared(refusal(level, &some, "other", "countries")), "{level:?}");
        let dotted = json!({ "other.countries": { "shared": true }, "main.a.b": { "shared": true } });
        assert!(undeclared(refusal(level, &dotted, "main", "other.countries")), "{level:?}");
        assert!(undeclared(refusal(level, &dotted, "main", "a.b")), "{level:?}");
        assert_eq!(refusal(level, &dotted, "other", "countries"), None, "{level:?}");
    }
    assert_eq!(refusal(Level::Database, &none, "main", "internals"), None);
    assert!(undeclared(refusal(Level::GuardedRows, &none, "main", "internals")));
}

/// A fence that lets everything through costs time and hides indexes: where the database keeps tenants apart, who reads
/// all rows gets none.
#[tokio::test]
async fn who_reads_everything_gets_no_fence_above_guarded_rows() {
    let mut own = tables();
    own["people"].as_object_mut().unwrap().remove("masks");
    let school = schools("acme", own.clone()).await.swap_remove(0);
    let rows = Rows { tables: Arc::new(serde_json::from_value(own).unwrap()), ..Rows::default() };
    let id = |kind: &str| format!("{kind}_{}", "a".repeat(26));
    let (tenant, source) = (TenantId::parse(&id("ten")).unwrap(), SourceId::parse(&id("src")).unwrap());
    let file = SqliteFile { path: "/nowhere/school.db".into(), root: std::path::Path::new("/nowhere").into() };
    let place = Placement::for_tests(tenant, source, Level::Database, Connection::Sqlite(file), rows, 4);
    let text = |who: &Viewer| {
        let written = Statement::new("SELECT id FROM courses".to_owned(), Vec::new());
        let guarded = Rules::new(&place, &school.report.tables, Some(who)).guard(&written).unwrap();
        guarded.statement.sql().to_owned()
    };
    let teacher = text(&viewer(Some("t"), json!({ "role": "teacher", "courses": [1] })));
    assert!(teacher.contains("WHERE"), "{teacher}");
    let manager = text(&viewer(Some("m"), json!({ "role": "manager" })));
    assert!(!manager.contains("WHERE") && !manager.contains("LIMIT"), "{manager}");
}

#[tokio::test]
async fn what_a_viewer_lacks_is_named_and_shows_no_row() {
    for school in schools("acme", tables()).await {
        let lacks = async |who: &Viewer, sql: &str, attribute: &str| {
            let refusal = school.rows(Some(who), sql).await.unwrap_err();
            assert!(matches!(&refusal, PrepareError::AttributeMissing(name) if name == attribute), "{sql}: {refusal}");
        };
        let teacher = viewer(None, json!({ "role": "teacher" }));
        lacks(&teacher, "SELECT * FROM courses", "courses").await;
        lacks(&teacher, "SELECT 1 WHERE EXISTS (SELECT 1 FROM grades)", "courses").await;
        lacks(&viewer(None, json!({ "role": "student" })), "SELECT * FROM grades", "sub").await;
        lacks(&viewer(None, json!({})), "SELECT id FROM people", "sub").await;
        // What it lacks is asked for only where it decides.
        assert_eq!(school.rows(Some(&teacher), "SELECT name FROM countries").await.unwrap(), ["France"]);
        assert_eq!(school.ids(Some(&teacher), "people").await, ["u1", "u2"]);
        // A value that is none of the column's type is in no row; an empty list neither.
        for courses in [
            json!([]),
            json!([true, null]),
            json!([[1]]),
            json!({ "a": 1 }),
            json!("1 OR 1=1"),
            json!("01"),
            json!(1.0),
        ] {
            let who = viewer(None, json!({ "role": "teacher", "courses": courses }));
            assert!(school.ids(Some(&who), "courses").await.is_empty(), "{courses}");
        }
        for sub in ["U1", "u1 ", "ü1", "u1' OR '1'='1", "", "u1\\", "%", "u1\0"] {
            let who = viewer(Some(sub), json!({ "role": "student" }));
            assert!(school.ids(Some(&who), "grades").await.is_empty(), "{sub:?}");
        }
        let many = viewer(None, json!({ "role": "teacher", "courses": (0..5001).collect::<Vec<_>>() }));
        let refusal = school.rows(Some(&many), "SELECT * FROM courses").await.unwrap_err();
        assert!(matches!(&refusal, PrepareError::AttributeTooLong(name) if name == "courses"), "{refusal}");
        let most = viewer(None, json!({ "role": "teacher", "courses": (0..5000).collect::<Vec<_>>() }));
        assert_eq!(school.ids(Some(&most), "courses").await, ["1", "2", "3"]);
    }
}

#[tokio::test]
async fn masks_hide_and_stay_comparable_within_one_tenant() {
    let ours = schools("acme", tables()).await;
    let theirs = schools("bolt", tables()).await;
    for (school, other) in ours.iter().zip(&theirs) {
        let manager = viewer(Some("m"), json!({ "role": "manager" }));
        let sql = "SELECT email, iban, note FROM people ORDER BY id";
        let spared = school.rows(Some(&manager), sql).await.unwrap();
        assert_eq!(spared[0], "one@example.com 0189 NULL");
        let masked = school.rows(None, sql).await.unwrap();
        let hash = |row: &str| row.split(' ').next().unwrap().to_owned();
        assert_eq!(hash(&masked[0]).len(), 64, "{masked:?}");
        assert_eq!(hash(&masked[0]), hash(&masked[1]), "equal values stay equal");
        assert!(masked[0].ends_with(" 0189 NULL"), "{masked:?}");
        assert!(masked[1].ends_with(" NULL NULL"), "of three characters the last four would be all: {masked:?}");
        let elsewhere = other.rows(None, sql).await.unwrap();
        assert_ne!(hash(&masked[0]), hash(&elsewhere[0]), "and differ between tenants");
        // The mask is what a statement compares with, groups by and joins over.
        for sql in [
            "SELECT count(*) FROM people WHERE email = 'one@example.com'",
            "SELECT count(*) FROM people WHERE iban LIKE 'FR%'",
            "SELECT count(*) FROM people WHERE note IS NOT NULL",
        ] {
            assert_eq!(school.rows(None, sql).await.unwrap(), ["0"], "{sql}");
        }
        for hidden in ["SELECT password FROM people", "SELECT people.password FROM people"] {
            assert!(school.rows(None, hidden).await.is_err(), "{hidden}");
        }
        let whole = school.rows(None, "SELECT * FROM people").await.unwrap();
        assert!(!whole.concat().contains("secret") && !whole.concat().contains("one@example.com"), "{whole:?}");
    }
}

#[tokio::test]
async fn tables_without_a_rule_are_nobodys() {
    for school in schools("acme", tables()).await {
        let manager = viewer(Some("m"), json!({ "role": "manager" }));
        for (who, table) in [(None, "internals"), (Some(&manager), "internals"), (Some(&manager), "diary")] {
            let refusal = school.rows(who, &format!("SELECT id FROM {table}")).await.unwrap_err();
            assert!(matches!(&refusal, PrepareError::Refused(words) if words.to_string().contains(table)), "{refusal}");
        }
        assert_eq!(school.ids(None, "diary").await, ["1"]);
    }
}

#[tokio::test]
async fn what_does_not_fit_the_database_opens_nothing() {
    for school in schools(
        "acme",
        json!({
            "courses": { "tenant": { "column": "company" } },
            "grades": { "tenant": { "column": "course_id", "table": "courses", "key": "id" } },
            "diary": { "tenant": { "column": "id" } },
            "people": { "tenant": { "column": "company_id" }, "masks": { "emails": { "mask": "hidden" } } },
            "countries": { "shared": true }
        }),
    )
    .await
    {
        for table in ["courses", "grades", "diary", "people"] {
            let refusal = school.rows(None, &format!("SELECT id FROM {table}")).await.unwrap_err();
            assert!(matches!(refusal, PrepareError::Refused(_)), "{table}: {refusal}");
        }
        // One wrong rule is one table's trouble.
        assert_eq!(school.rows(None, "SELECT code FROM countries").await.unwrap(), ["FR"]);
    }
}

#[tokio::test]
async fn names_of_columns_are_the_engines() {
    let spelled = json!({
        "courses": { "tenant": { "column": "COMPANY_ID" }, "masks": { "TITLE": { "mask": "null" } } },
        "grades": { "tenant": { "column": "Course_Id", "table": "courses", "key": "ID" } }
    });
    for school in schools("acme", spelled).await {
        let rows = school.rows(None, "SELECT title FROM courses WHERE id = 1").await;
        match school.place.connection() {
            Connection::Postgres(_) => assert!(matches!(rows, Err(PrepareError::Refused(_)))),
            Connection::Mysql(_) | Connection::Sqlite(_) => {
                assert_eq!(rows.unwrap(), ["NULL"]);
                assert_eq!(school.ids(None, "grades").await, ["1", "2", "3", "4"]);
            }
        }
    }
}

#[tokio::test]
async fn what_decides_is_said_without_values() {
    for school in schools("acme", tables()).await {
        let teacher = viewer(Some("u7"), json!({ "role": "teacher", "courses": [4711] }));
        let decided = |who: Option<&Viewer>, sql: &str| {
            let written = Statement::new(sql.to_owned(), Vec::new());
            let rules = Rules::new(&school.place, &school.report.tables, who).guard(&written).ok().unwrap().rules;
            let rules: Vec<_> = rules.iter().map(|rule| format!("{}: {}", rule.relation, rule.decided)).collect();
            rules.join("\n")
        };
        let text = decided(Some(&teacher), "SELECT count(*) FROM grades, people, countries");
        for part in [
            "course_id in id of courses with company_id = the tenant's key",
            "viewer rule 1: course_id in id of the rows of courses that the viewer reads",
            "courses: the guard's fence: company_id = the tenant's key; viewer rule 2: id in the viewer's courses (for role = \"teacher\")",
            "mask of email: hash unless role = \"manager\"",
            "countries: shared: all rows",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("4711") && !text.contains("acme") && !text.contains("u7"), "{text}");
        assert!(decided(None, "SELECT 1 FROM grades").contains("an API key is no viewer"));
        let nobody = viewer(None, json!({ "role": "x" }));
        assert!(decided(Some(&nobody), "SELECT 1 FROM courses").contains("no rows"));
    }
}

#[tokio::test]
async fn an_error_in_a_row_of_others_is_none() {
    // The text of course 11 is no number, and it is the other tenant's.
    for school in schools("acme", tables()).await {
        let number = match school.place.connection() {
            Connection::Postgres(_) => "SELECT count(*) FROM people WHERE cast(iban AS integer) > 0",
            _ => "SELECT count(*) FROM grades WHERE 1 / (points - 999) >= -1",
        };
        let who = viewer(Some("b1"), json!({ "role": "student" }));
        let rows = school.rows(Some(&who), number).await;
        assert!(matches!(rows, Ok(ref rows) if rows == &["0"]), "{:?}", rows.map_err(|error| error.to_string()));
        let gone = school.gateway.ask(&school.place, &Statement::new("SELECT nothing".to_owned(), Vec::new())).await;
        assert!(matches!(gone.err(), Some(RunError::QueryFailed { .. })));
    }
}
