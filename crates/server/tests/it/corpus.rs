//! Each attack of the corpus has a test that is there, or says what the product lacks.

use std::path::Path;

use crate::world::World;
use serde_json::{Value, json};

/// All Rust files below a folder as one text.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn every_attack_has_its_test() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(here.join("tests/it/corpus_any.txt")).unwrap();
    let (mut numbers, mut missing, mut absent) = (Vec::new(), Vec::new(), 0);
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (id, rest) = line.split_once(' ').unwrap();
        numbers.push(id.rsplit('-').next().unwrap().parse::<usize>().unwrap());
        if rest.starts_with("not there yet: ") {
            absent += 1;
            continue;
        }
        let mut words = rest.split(' ');
        let krate = words.next().unwrap();
        if krate == "page" {
            let tests = here.join("../../web/tests/browser");
            assert!(std::fs::read_dir(tests).unwrap().count() > 0, "{id}");
            continue;
        }
        let tests = sources(&here.join("..").join(krate).join("tests"));
        let names: Vec<&str> = words.collect();
        assert!(!names.is_empty(), "{line}");
        missing.extend(
            names
                .into_iter()
                .filter(|name| !tests.contains(&format!("fn {name}(")))
                .map(|name| format!("{id}: {krate} {name}")),
        );
    }
    assert_eq!(numbers, (1..=52).collect::<Vec<_>>(), "every item once, in order");
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(absent <= 7, "{absent} items are waiting for a feature; the number may only become smaller");
}

/// A connection is made of typed fields: nothing in one of them is another one, and there are no others.
#[tokio::test]
async fn a_placement_is_fields_and_no_connection_string() {
    let world = World::new().await;
    let put = async |more: Value| {
        let mut draft = json!({ "engine": "postgres", "host": "db.example", "port": 5432, "database": "d", "user": "u", "password": "PASSWORD-77" });
        draft.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        world.put_first(&world.operator, "/v1/tenants/alder/placements/lms", &draft).await
    };
    for field in [
        "options",
        "init_command",
        "local_infile",
        "service",
        "passfile",
        "sslkey",
        "sslcert",
        "sslrootcert",
        "sslmode",
        "target_session_attrs",
        "hostaddr",
        "socket",
        "unix_socket",
        "url",
        "dsn",
        "connection_string",
        "application_name",
        "krbsrvname",
        "allow_cleartext_password",
        "plugin_dir",
        "search_path",
    ] {
        let refused = put(json!({ field: "x" })).await.expect(400);
        assert_eq!(refused.code(), "body-invalid", "{field}");
    }
    for (field, value) in [
        ("host", json!("ok,127.0.0.1")),
        ("host", json!("/var/run/postgresql")),
        ("host", json!("db.example:5432")),
        ("host", json!("db.example options='-c row_security=off'")),
        ("host", json!("postgres://db.example")),
        ("host", json!("user@db.example")),
        ("host", json!("db.example\u{0}")),
        ("host", json!("")),
        ("host", json!(["a", "b"])),
        ("port", json!(0)),
        ("port", json!(70_000)),
        ("port", json!("5432")),
        ("database", json!("")),
        ("user", json!("")),
        ("user", json!("u\u{0}x")),
        ("database", json!("d\u{0}x")),
        ("tls", json!("disable")),
        ("level", json!("none")),
        ("engine", json!("h2")),
    ] {
        let refused = put(json!({ field: value })).await;
        assert_eq!(refused.status, 400, "{field} {value}: {}", refused.text());
        assert!(!refused.text().contains("PASSWORD-77"));
    }
    // For SQLite: a file below the folder, and no way out of it.
    for file in [
        "../metadata.db",
        "/etc/passwd",
        "a/../../metadata.db",
        "alder.db?mode=rw",
        "file:alder.db",
        ":memory:",
        "",
        "alder.db\u{0}",
        "birch.db",
    ] {
        let refused =
            world.put_first(&world.operator, "/v1/tenants/alder/placements/lms", &json!({ "file": file })).await;
        assert_eq!(refused.status, 400, "{file:?}: {}", refused.text());
    }
    // A name with blanks and quotes is a name: it is one field of the login, and leads nowhere else.
    put(json!({ "database": "app options='-c row_security=off'", "user": "x sslmode=disable" })).await.expect(200);
    let kept = world.get(&world.operator, "/v1/tenants/alder/placements/lms").await.expect(200).json();
    assert_eq!(
        (&kept["database"], &kept["user"]),
        (&json!("app options='-c row_security=off'"), &json!("x sslmode=disable"))
    );
    assert!(kept.get("password").is_none());
}
