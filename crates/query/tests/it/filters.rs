//! Field filters: a place that is a whole predicate.

use query::Engine;
use serde_json::{Value, json};

use crate::world::{card, check, of, run_in, show};

fn filter(kind: &str, more: Value) -> Value {
    let mut parameter = json!({ "name": "f", "type": kind, "column": { "sql": "t.c" } });
    parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!([parameter])
}

#[test]
fn no_value_is_no_condition() {
    for kind in ["text", "number", "boolean", "id", "date", "date_range"] {
        check("SELECT 1 WHERE {{f}}", filter(kind, json!({})), json!({}), "SELECT 1 WHERE 1 = 1");
        check("SELECT 1 WHERE {{f}}", filter(kind, json!({})), json!({ "f": null }), "SELECT 1 WHERE 1 = 1");
        check("SELECT 1 [[WHERE {{f}}]]", filter(kind, json!({})), json!({}), "SELECT 1 ");
    }
    check(
        "SELECT 1 WHERE {{f}}",
        filter("text", json!({ "multiple": true })),
        json!({ "f": [] }),
        "SELECT 1 WHERE 1 = 1",
    );
}

#[test]
fn one_value_and_several() {
    let many = json!({ "multiple": true });
    let sql = "SELECT 1 WHERE {{f}}";
    check(sql, filter("text", json!({})), json!({ "f": "a" }), "SELECT 1 WHERE t.c = $1 <- \"a\"");
    check(sql, filter("text", many.clone()), json!({ "f": "a" }), "SELECT 1 WHERE t.c = $1 <- \"a\"");
    check(sql, filter("text", many.clone()), json!({ "f": ["a"] }), "SELECT 1 WHERE t.c = $1 <- \"a\"");
    check(
        sql,
        filter("text", many.clone()),
        json!({ "f": ["a", "b"] }),
        "SELECT 1 WHERE t.c IN ($1, $2) <- \"a\" | \"b\"",
    );
    check(sql, filter("id", many.clone()), json!({ "f": [3, "x"] }), "SELECT 1 WHERE t.c IN ($1, $2) <- 3 | \"x\"");
    check(sql, filter("boolean", json!({})), json!({ "f": "true" }), "SELECT 1 WHERE t.c = $1 <- true");
    let numbers = json!({ "f": [3, 3_000_000_000_u32, 1.5] });
    check(
        sql,
        filter("number", many.clone()),
        numbers.clone(),
        "SELECT 1 WHERE t.c IN ($1::int4, $2::int8, $3::numeric) <- 3 | 3000000000 | 1.5d",
    );
    let query = card(sql, filter("number", many));
    assert_eq!(
        of(&query, numbers.clone(), Engine::Mysql),
        "SELECT 1 WHERE t.c IN (?, ?, CAST(? AS DECIMAL(65,1))) <- 3 | 3000000000 | 1.5d"
    );
    assert_eq!(of(&query, numbers, Engine::Sqlite), "SELECT 1 WHERE t.c IN (?1, ?2, ?3) <- 3 | 3000000000 | 1.5d");
}

#[test]
fn a_list_in_a_plain_place_has_commas() {
    let parameters = json!([{ "name": "x", "type": "id", "multiple": true }]);
    let query = card("SELECT 1 WHERE a IN ({{x}}) OR b IN ({{x}})", parameters);
    let values = json!({ "x": [1, 2] });
    assert_eq!(of(&query, values.clone(), Engine::Mysql), "SELECT 1 WHERE a IN (?, ?) OR b IN (?, ?) <- 1 | 2 | 1 | 2");
    assert_eq!(of(&query, values, Engine::Sqlite), "SELECT 1 WHERE a IN (?1, ?2) OR b IN (?3, ?4) <- 1 | 2 | 1 | 2");
    assert_eq!(of(&query, json!({ "x": [] }), Engine::Mysql), "parameter-missing parameters.x: a value is needed");
}

/// A range over a column of each kind, in Paris, which is an hour ahead of UTC in January.
fn range(holds: &str, value: &str) -> String {
    let column = json!({ "column": { "sql": "t.c", "holds": holds } });
    let query = card("SELECT 1 WHERE {{f}}", filter("date_range", column));
    let now = crate::world::NOW;
    show(run_in(&query, json!({ "f": value }), Engine::Postgres, "Europe/Paris", now)).replace("SELECT 1 WHERE ", "")
}

#[test]
fn ranges_are_half_open_in_the_unit_of_the_column() {
    let january = "2026-01-01~2026-01-31";
    assert_eq!(range("value", january), "(t.c >= $1 AND t.c < $2) <- 2026-01-01 | 2026-02-01");
    assert_eq!(range("date", january), "(t.c >= $1 AND t.c < $2) <- 2026-01-01 | 2026-02-01");
    assert_eq!(range("timestamp", january), "(t.c >= $1 AND t.c < $2) <- 2025-12-31T23:00:00Z | 2026-01-31T23:00:00Z");
    assert_eq!(range("epoch_seconds", january), "(t.c >= $1::int8 AND t.c < $2::int8) <- 1767222000 | 1769900400");
    assert_eq!(range("epoch_millis", january), "(t.c >= $1::int8 AND t.c < $2::int8) <- 1767222000000 | 1769900400000");
    assert_eq!(range("date", "2026-01-01~"), "(t.c >= $1) <- 2026-01-01");
    assert_eq!(range("date", "~2026-01-31"), "(t.c < $1) <- 2026-02-01");
    assert_eq!(range("date", "~9999-12-31"), "(1 = 1)");
    assert_eq!(range("epoch_seconds", "2026-01-01~9999-12-31"), "(t.c >= $1::int8) <- 1767222000");
    assert_eq!(
        range("timestamp", "9999-12-31"),
        "parameter-invalid parameters.f: lies outside of the moments that can be computed"
    );
}

#[test]
fn a_day_is_the_whole_day() {
    let parameters = filter("date", json!({ "multiple": true, "column": { "sql": "c", "holds": "timestamp" } }));
    let query = card("SELECT 1 WHERE {{f}}", parameters);
    let run =
        |value: Value| show(run_in(&query, json!({ "f": value }), Engine::Mysql, "Asia/Kolkata", crate::world::NOW));
    assert_eq!(
        run(json!("2026-01-31")),
        "SELECT 1 WHERE (c >= ? AND c < ?) <- 2026-01-30T18:30:00Z | 2026-01-31T18:30:00Z"
    );
    assert_eq!(
        run(json!(["2026-01-31", "today"])),
        "SELECT 1 WHERE (c >= ? AND c < ? OR c >= ? AND c < ?) \
         <- 2026-01-30T18:30:00Z | 2026-01-31T18:30:00Z | 2026-03-10T18:30:00Z | 2026-03-11T18:30:00Z"
    );
}

#[test]
fn the_ends_of_a_range_can_stand_alone() {
    let sql = "SELECT 1 WHERE true[[ AND d >= {{f.start}}]][[ AND d < {{f.end}}]]";
    let bare = json!([{ "name": "f", "type": "date_range" }]);
    let run = |value: &str, engine| of(&card(sql, bare.clone()), json!({ "f": value }), engine);
    assert_eq!(
        run("2026-01-01~2026-01-31", Engine::Postgres),
        "SELECT 1 WHERE true AND d >= $1::date AND d < $2::date <- 2026-01-01 | 2026-02-01"
    );
    assert_eq!(run("2026-01-01~", Engine::Postgres), "SELECT 1 WHERE true AND d >= $1::date <- 2026-01-01");
    assert_eq!(run("~2026-01-31", Engine::Mysql), "SELECT 1 WHERE true AND d < CAST(? AS DATE) <- 2026-02-01");
    assert_eq!(run("~2026-01-31", Engine::Sqlite), "SELECT 1 WHERE true AND d < ?1 <- 2026-02-01");
    let held = |holds| json!([{ "name": "f", "type": "date_range", "column": { "sql": "c", "holds": holds } }]);
    let from = json!({ "f": "2026-01-01~" });
    check("SELECT {{f.start}}", held("timestamp"), from.clone(), "SELECT $1::timestamptz <- 2026-01-01T00:00:00Z");
    check("SELECT {{f.start}}", held("epoch_seconds"), from.clone(), "SELECT $1::int8 <- 1767225600");
    check(
        "SELECT {{f.end}}",
        bare.clone(),
        from,
        "parameter-invalid parameters.f: takes days with a beginning and an end here, such as \"2026-01-01~2026-01-31\"",
    );
    check("SELECT {{f.end}}", bare, json!({}), "parameter-missing parameters.f: a value is needed");
}

#[test]
fn columns_are_written_in_the_engines_quotes() {
    let column = json!({ "column": { "sql": "t.\"Paid At\"" } });
    let query = card("SELECT 1 WHERE {{f}}", filter("id", column));
    assert_eq!(of(&query, json!({ "f": 1 }), Engine::Postgres), "SELECT 1 WHERE t.\"Paid At\" = $1 <- 1");
    assert_eq!(of(&query, json!({ "f": 1 }), Engine::Mysql), "SELECT 1 WHERE t.`Paid At` = ? <- 1");
}

#[test]
fn a_column_that_is_none_never_reaches_the_sql() {
    let column = json!({ "column": { "sql": "1 = 1 OR c" } });
    let shown = of(&card("SELECT 1 WHERE {{f}}", filter("id", column)), json!({ "f": 1 }), Engine::Postgres);
    assert!(shown.starts_with("declaration-invalid query.parameters.f: "), "{shown}");
}
