//! What the guard says of every honest query and of every attack that the proof knows: a change of its lists is a
//! difference that can be read.

use crate::golden::compare;
use crate::shop::{equals, relation};
use crate::{output, shop};
use serde_json::Value;
use sqlguard::{Catalogue, Dialect, Fence, Guarded, Operand, Predicate, Refusal, Relation, guard};
use std::fmt::Write as _;
use std::path::PathBuf;

fn read(path: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "proof", path].iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).expect("it is JSON")
}

fn verdict(sql: &str, catalogue: &Catalogue) -> Result<Guarded, Refusal> {
    let guarded = guard(sql, catalogue)?;
    output::check(&guarded, catalogue);
    Ok(guarded)
}

/// The tables of a file of `CREATE TABLE`, fenced by the rules of the honest queries.
fn honest_catalogue(name: &str, dialect: Dialect) -> Catalogue {
    let schema = shop::own_schema(dialect);
    let rules = json("honest/rules.json");
    let text = read(&format!("honest/schema/{name}.sql"));
    let mut relations: Vec<Relation> = Vec::new();
    for table in text.split("CREATE TABLE ").skip(1) {
        let (name, body) = table.split_once(" (\n").expect("a table has columns");
        let name = name.trim_start_matches("app.");
        let column = |line: &str| {
            let (name, kind) = line.trim().split_once(' ').expect("a column has a type");
            let kind = match kind {
                kind if kind.starts_with("integer") || kind.starts_with("bigint") => ":int",
                kind if kind.starts_with("text") || kind.starts_with("varchar") => ":text",
                _ => "",
            };
            format!("{name}{kind}")
        };
        let lines = body.lines().take_while(|line| !line.starts_with(')'));
        let columns: Vec<String> = lines.filter(|line| !line.trim().starts_with("PRIMARY")).map(column).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let fence = if rules[name]["shared"] == true { Fence::Open } else { Fence::Rows(rule(&rules, name, schema)) };
        relations.push(relation(schema, name, &columns, fence));
    }
    assert!(relations.len() > 15, "the tables are there");
    Catalogue { dialect, schema: schema.to_owned(), relations }
}

fn rule(rules: &Value, table: &str, schema: &str) -> Predicate {
    let own = &rules[table]["tenant"];
    let text = |field: &str| own[field].as_str().map(str::to_owned);
    let column = text("column").expect("a rule has a column");
    match (text("table"), text("key")) {
        (Some(other), Some(key)) => {
            let holds = Box::new(rule(rules, &other, schema));
            Predicate::Through { column, schema: schema.to_owned(), relation: other, key, holds }
        }
        _ => Predicate::Equals { column, value: Operand(0) },
    }
}

/// Name, engines and text of each honest query.
fn honest_queries() -> Vec<(String, Option<String>, String)> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "proof", "honest", "queries"].iter().collect();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    let mut queries = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).expect("it can be read");
        for query in text.split("-- name: ").skip(1) {
            let (head, sql) = query.split_once('\n').expect("a query has a text");
            let name = head.split(' ').next().unwrap_or_default().to_owned();
            let engines =
                head.split_once("[engines: ").map(|(_, rest)| rest.split(']').next().unwrap_or_default().to_owned());
            queries.push((name, engines, sql.trim().to_owned()));
        }
    }
    queries
}

#[test]
fn honest_queries_are_accepted() {
    let queries = honest_queries();
    let mut fresh =
        String::from("# What the guard says of the honest queries of the proof. Written anew as golden.rs says.\n");
    for (name, dialect) in shop::DIALECTS {
        let catalogue = honest_catalogue(name, dialect);
        let (mut accepted, mut lines) = (0, String::new());
        let own = queries.iter().filter(|(_, engines, _)| {
            engines.as_ref().is_none_or(|engines| engines.split(',').any(|engine| engine.trim() == name))
        });
        let all = own.clone().count();
        for (query, _, sql) in own {
            match verdict(sql, &catalogue) {
                Ok(_) => {
                    accepted += 1;
                    writeln!(lines, "{query} accepted").unwrap();
                }
                Err(refusal) => writeln!(lines, "{query} refused: {refusal}").unwrap(),
            }
        }
        writeln!(fresh, "\n# {name}: {accepted} of {all}\n{lines}").unwrap();
        assert!(all >= 400, "{name} has {all} honest queries only");
        assert!(accepted * 100 >= all * 95, "{name}: {accepted} of {all} honest queries are accepted");
    }
    compare("honest.txt", &fresh);
}

/// The tables that the attacks are about.
fn attacked(dialect: Dialect) -> Catalogue {
    let schema = shop::own_schema(dialect);
    let through = |column: &str, other: &str, holds| Predicate::Through {
        column: column.to_owned(),
        schema: schema.to_owned(),
        relation: other.to_owned(),
        key: "id".to_owned(),
        holds: Box::new(holds),
    };
    let keyed = || equals("tenant_id", Operand(0));
    let owners = || Predicate::In { column: "owner".to_owned(), values: vec![Operand(3), Operand(4)] };
    let author = Predicate::In { column: "author".to_owned(), values: vec![Operand(3)] };
    let notes = Predicate::Any(vec![through("ticket_id", "tickets", Predicate::All(vec![keyed(), owners()])), author]);
    let uuid = if dialect == Dialect::Postgres { "tenant_id:uuid" } else { "tenant_id:text" };
    let table = |name: &str, columns: &[&str], fence| relation(schema, name, columns, fence);
    let mut relations = vec![
        table(
            "orders",
            &["id:int", "tenant_id:text", "customer:text", "amount:int", "secret:text", "note:text"],
            Fence::Rows(keyed()),
        ),
        table("regions", &["id:int", "name:text"], Fence::Open),
        table(
            "items",
            &["id:int", "order_id:int", "product:text", "qty:int", "secret:text"],
            Fence::Rows(through("order_id", "orders", keyed())),
        ),
        table(
            "accounts",
            &["id:int", "tenant_id:int", "name:text", "balance:int", "secret:text"],
            Fence::Rows(equals("tenant_id", Operand(1))),
        ),
        table(
            "devices",
            &["id:int", uuid, "label:text", "amount:int", "secret:text"],
            Fence::Rows(equals("tenant_id", Operand(2))),
        ),
        table(
            "tickets",
            &["id:int", "tenant_id:text", "owner:text", "amount:int", "secret:text"],
            Fence::Rows(Predicate::All(vec![keyed(), owners()])),
        ),
        table(
            "notes",
            &["id:int", "tenant_id:text", "ticket_id:int", "author:text", "body:text", "secret:text"],
            Fence::Rows(Predicate::All(vec![keyed(), notes])),
        ),
        table("events", &["id:int", "tenant_id:text", "kind:text", "amount:int", "secret:text"], Fence::Rows(keyed())),
    ];
    for name in ["v_orders_all", "mv_orders", "events_acme", "events_bolt"] {
        let reason = "is not declared in the data source: only declared tables are read";
        relations.push(table(name, &["id", "tenant_id", "amount", "secret"], Fence::Withheld(reason)));
    }
    Catalogue { dialect, schema: schema.to_owned(), relations }
}

#[test]
fn attacks_are_refused_or_fenced() {
    let mut fresh = String::from(
        "# What the guard says of the attacks of the proof: what is expected, and what it says. Written anew as golden.rs says.\n",
    );
    for (name, engine, dialect) in [
        ("postgres", "postgres", Dialect::Postgres),
        ("mysql", "mariadb", Dialect::Mysql),
        ("sqlite", "sqlite", Dialect::Sqlite),
    ] {
        let catalogue = attacked(dialect);
        writeln!(fresh, "\n# {name}").unwrap();
        let mut many = 0;
        for file in ["corpus/sql.json", "corpus/own.json"] {
            let items = json(file);
            for item in items.as_array().expect("a list").iter().filter(|item| item["engine"] == engine) {
                let field = |field: &str| item[field].as_str().expect("a text");
                let (id, expected) = (field("id"), field("expect"));
                let verdict = verdict(field("sql"), &catalogue);
                match (expected, &verdict) {
                    ("reject", Ok(_)) => panic!("{id} is let through"),
                    ("eq" | "literal", Err(refusal)) => panic!("{id} is refused: {refusal}"),
                    _ => {}
                }
                many += 1;
                match verdict {
                    Ok(_) => writeln!(fresh, "{id} {expected}: accepted").unwrap(),
                    Err(refusal) => writeln!(fresh, "{id} {expected}: refused: {refusal}").unwrap(),
                }
            }
        }
        assert!(many >= 250, "{name} has {many} attacks only");
    }
    compare("attacks.txt", &fresh);
}
