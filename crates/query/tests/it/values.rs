//! From JSON to binds: what fits each type, what does not, and that no refusal repeats what was given.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use query::{Context, Engine, Snippets, compile};
use serde_json::{Value, json};

use crate::world::{NOW, card, given, of, show};

/// What one value of a type becomes, or its error.
fn value(kind: &str, value: Value) -> String {
    let query = card("SELECT {{x}}", json!([{ "name": "x", "type": kind, "multiple": true }]));
    let shown = of(&query, json!({ "x": value }), Engine::Sqlite);
    shown.split_once(" <- ").map_or(shown.clone(), |(_, bind)| bind.to_owned())
}

fn refused(kind: &str, values: &[Value]) {
    for one in values {
        let shown = value(kind, one.clone());
        assert!(shown.starts_with("parameter-invalid parameters.x: takes "), "{kind} {one}: {shown}");
    }
}

#[test]
fn numbers_are_exact() {
    for (given, wanted) in [
        (json!(12), "12"),
        (json!(-12), "-12"),
        (json!("12"), "12"),
        (json!(" 12 "), "12"),
        (json!("007"), "7"),
        (json!(9_223_372_036_854_775_807_i64), "9223372036854775807"),
        (json!(18_446_744_073_709_551_615_u64), "18446744073709551615d"),
        (json!("-9223372036854775809"), "-9223372036854775809d"),
        (json!(0.1), "0.1d"),
        (json!("12.50"), "12.50d"),
        (json!("-0.000000000000000001"), "-0.000000000000000001d"),
        (json!("1e3"), "1000"),
        (json!("1.25E1"), "12.5d"),
        (json!("125e-2"), "1.25d"),
        (json!("1e-3"), "0.001d"),
        (json!("-1.5e-3"), "-0.0015d"),
        (json!("0e100"), "0"),
        (json!("12345678901234567890.123456789"), "12345678901234567890.123456789d"),
    ] {
        assert_eq!(value("number", given.clone()), wanted, "{given}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    let texts = [
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "0x10",
        "1_000",
        "+5",
        "5.",
        ".5",
        "1e400",
        "1e101",
        "1e66",
        "1e-31",
        "1e",
        "e5",
        "--5",
        "-",
        "1,5",
        "１２",
        "٣",
        "12abc",
        "1 2",
        "1;",
        "1e5.0",
        "0.0000000000000000000000000000001",
    ];
    refused("number", &texts.map(Value::from));
    refused(
        "number",
        &[json!(1e300), json!(true), json!({}), json!([[1]]), json!("9".repeat(66)), json!("1".repeat(101))],
    );
}

#[test]
fn booleans_are_true_or_false() {
    assert_eq!(value("boolean", json!(true)), "true");
    assert_eq!(value("boolean", json!("false")), "false");
    refused("boolean", &[json!(1), json!(0), json!("TRUE"), json!("yes"), json!({})]);
}

#[test]
fn identifiers_of_rows_keep_their_kind() {
    assert_eq!(value("id", json!(42)), "42");
    assert_eq!(value("id", json!("42")), "\"42\"");
    assert_eq!(value("id", json!("0042-ab")), "\"0042-ab\"");
    refused("id", &[json!(1.5), json!(true), json!({}), json!(1e30)]);
}

#[test]
fn texts_have_limits() {
    assert_eq!(value("text", json!("")), "\"\"");
    assert_eq!(value("text", json!("a".repeat(64 * 1024))).len(), 64 * 1024 + 2);
    refused("text", &[json!("a".repeat(64 * 1024 + 1)), json!("a\0b"), json!(1), json!(true), json!({ "a": 1 })]);
    assert!(!value("text", json!(vec!["a"; 1000])).starts_with("parameter"));
    refused("text", &[json!(vec!["a"; 1001]), json!(vec!["a".repeat(60_000); 20])]);
}

#[test]
fn lists_hold_values_of_their_type_and_no_null() {
    for kind in ["text", "number", "boolean", "id", "date"] {
        refused(kind, &[json!([null]), json!([[]]), json!(["today", {}])]);
    }
    let one = card("SELECT {{x}}", json!([{ "name": "x", "type": "text" }]));
    for list in [json!([]), json!(["a"]), json!(["a", "b"])] {
        let shown = of(&one, json!({ "x": list }), Engine::Mysql);
        assert_eq!(shown, "parameter-invalid parameters.x: takes one value, not a list");
    }
}

#[test]
fn days_are_iso_or_one_of_two_words() {
    for (given, wanted) in [
        ("2026-01-31", "2026-01-31"),
        ("2024-02-29", "2024-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("today", "2026-03-11"),
        ("yesterday", "2026-03-10"),
    ] {
        assert_eq!(value("date", json!(given)), wanted);
    }
    let texts = [
        "2026-02-29",
        "2026-1-1",
        "26-01-01",
        "2026-13-01",
        "2026/01/01",
        "20260101",
        "0000-01-01",
        "10000-01-01",
        "+002026-01-01",
        "-002026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-01-01 ",
        "Today",
        "tomorrow",
        "２０２６-01-01",
    ];
    refused("date", &texts.map(Value::from));
    refused("date", &[json!(20260101), json!(true)]);
}

#[test]
fn an_identifier_is_one_of_the_authors_choices() {
    let parameters = json!([{ "name": "by", "type": "identifier", "choices": [
        { "value": "city", "label": "City", "sql": "o.city" },
        { "value": "Paid", "sql": "\"Paid At\"" }
    ] }]);
    let query = card("SELECT {{by}}, 1 GROUP BY {{by}}", parameters);
    assert_eq!(of(&query, json!({ "by": "city" }), Engine::Postgres), "SELECT o.city, 1 GROUP BY o.city");
    assert_eq!(of(&query, json!({ "by": "Paid" }), Engine::Mysql), "SELECT `Paid At`, 1 GROUP BY `Paid At`");
    for wrong in [json!("o.city"), json!("CITY"), json!("city "), json!("city; --"), json!(0), json!({})] {
        let shown = of(&query, json!({ "by": wrong }), Engine::Postgres);
        assert_eq!(shown, "parameter-invalid parameters.by: takes one of its choices");
    }
}

#[test]
fn defaults_come_from_the_tenant_then_from_the_card() {
    let query = card(
        "SELECT {{x}}",
        json!([{ "name": "x", "type": "text", "default": "card", "default_attribute": "region" }]),
    );
    let run = |attributes: Value, values: Value| {
        let attributes: BTreeMap<String, Value> = serde_json::from_value(attributes).unwrap();
        let now = NOW.parse().unwrap();
        let context = Context { engine: Engine::Sqlite, now, timezone: &TimeZone::UTC, attributes: &attributes };
        show(compile(&query, &Snippets::new(), &given(values), &context))
    };
    assert_eq!(run(json!({}), json!({})), "SELECT ?1 <- \"card\"");
    assert_eq!(run(json!({ "region": "north" }), json!({})), "SELECT ?1 <- \"north\"");
    assert_eq!(run(json!({ "region": null }), json!({})), "SELECT ?1 <- \"card\"");
    assert_eq!(run(json!({ "region": "north" }), json!({ "x": "given" })), "SELECT ?1 <- \"given\"");
    // Null is a choice: no value, whatever the default.
    assert_eq!(run(json!({}), json!({ "x": null })), "parameter-missing parameters.x: a value is needed");
    assert_eq!(
        run(json!({ "region": 7 }), json!({})),
        "parameter-invalid parameters.x: takes text of at most 64 KiB without NUL characters"
    );
}

#[test]
fn unknown_names_are_refused_and_only_plain_ones_repeated() {
    let query = card("SELECT {{x}}", json!([{ "name": "x", "type": "text", "default": "d" }]));
    let run = |name: &str| of(&query, json!({ name: "v" }), Engine::Mysql);
    let long = "n".repeat(65);
    assert_eq!(run("other"), "parameter-unknown parameters.other: there is no such parameter here");
    for name in ["X ", "a b", "x'; --", "é", "", &long] {
        assert_eq!(run(name), "parameter-unknown parameters: there is no such parameter here");
    }
    assert_eq!(run("X"), "parameter-unknown parameters.X: there is no such parameter here");
}

#[test]
fn so_many_values_that_no_engine_takes_them_are_refused() {
    let sql = format!("SELECT {}", vec!["f({{x}})"; 31].join(", "));
    let query = card(&sql, json!([{ "name": "x", "type": "id", "multiple": true }]));
    let shown = of(&query, json!({ "x": vec![1; 1000] }), Engine::Sqlite);
    assert_eq!(shown, "parameter-invalid parameters.x: has more values than one statement takes; give fewer");
}
