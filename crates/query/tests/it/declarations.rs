//! What is refused when a card is saved.

use query::{NativeQuery, Snippets, check, check_parameter};
use serde_json::{Value, json};

use crate::world::card;

fn error(sql: &str, parameters: Value) -> String {
    let found = check(&card(sql, parameters), &Snippets::new());
    found.map_or_else(|error| format!("{}: {error}", error.field().unwrap_or_default()), |()| "fine".to_owned())
}

/// The error of one parameter `x` in a card that uses it.
fn one(mut parameter: Value) -> String {
    parameter.as_object_mut().unwrap().insert("name".to_owned(), "x".into());
    error("SELECT 1 [[WHERE {{x}}]]", json!([parameter])).replace("query.parameters.x: ", "")
}

#[test]
fn places_and_declarations_belong_together() {
    let x = json!({ "name": "x", "type": "text" });
    assert_eq!(error("SELECT {{x}}", json!([x])), "fine");
    assert_eq!(
        error("SELECT {{x}}, {{y}}", json!([x])),
        "query.parameters.y: is used in the SQL and not declared: add it to \"parameters\""
    );
    let unused = "query.parameters.x: is declared and not used: write {{name}} in the SQL, or take it out";
    assert_eq!(error("SELECT 1", json!([x])), unused);
    assert_eq!(error("SELECT 1 -- {{x}}", json!([x])), unused);
    assert_eq!(error("SELECT {{x}}", json!([x, x])), "query.parameters.x: is declared twice");
    assert_eq!(
        error("SELECT {{x.start}}", json!([x])),
        "query.parameters.x: has no .start and .end: only date ranges have"
    );
    assert_eq!(
        error("SELECT {{x}}", json!([{ "name": "x", "type": "date_range" }])),
        "query.parameters.x: a date range needs a \"column\" to filter, or {{name.start}} and {{name.end}} in the SQL"
    );
}

#[test]
fn unknown_fields_and_doubled_fields_are_refused() {
    for text in [
        r#"{ "sql": "SELECT 1", "engine": "mysql" }"#,
        r#"{ "sql": "SELECT 1", "sql": "SELECT 2" }"#,
        r#"{ "sql": "SELECT 1", "parameters": [{ "name": "x", "type": "text", "optional": true }] }"#,
        r#"{ "sql": "SELECT 1", "parameters": [{ "name": "x", "type": "text", "type": "id" }] }"#,
        r#"{ "sql": "SELECT 1", "parameters": [{ "name": "x", "type": "sql" }] }"#,
    ] {
        assert!(serde_json::from_str::<NativeQuery>(text).is_err(), "{text}");
    }
}

#[test]
fn names_columns_and_choices_are_plain() {
    for name in ["", "1x", "a-b", "a b", "é", "x'", "a.start", &"n".repeat(65)] {
        let parameter = serde_json::from_value(json!({ "name": name, "type": "text" })).unwrap();
        let error = check_parameter(&parameter).unwrap_err();
        assert_eq!(error.field().as_deref(), Some("query.parameters.name"), "{name}");
    }
    for sql in ["", "a b", "a; DROP", "f(x)", "a = 1 OR b", "a.b.c.d", "\"a", "\"a\"\"b\"", "`a\\`", "a--", "'a'", "é"]
    {
        let column = "a column is one to three identifiers with dots between, such as o.paid_at";
        assert_eq!(one(json!({ "type": "text", "column": { "sql": sql } })), column, "{sql}");
        let choice = "each choice has a value, and as sql one to three identifiers with dots between";
        assert_eq!(one(json!({ "type": "identifier", "choices": [{ "value": "v", "sql": sql }] })), choice, "{sql}");
    }
    assert_eq!(one(json!({ "type": "text", "column": { "sql": "s.\"T t\".`c`" } })), "fine");
}

#[test]
fn kinds_go_with_what_they_need() {
    let choices = json!([{ "value": "a", "sql": "a" }, { "value": "b", "sql": "b" }]);
    for (parameter, wanted) in [
        (json!({ "type": "identifier", "choices": choices }), "fine"),
        (json!({ "type": "identifier" }), "an identifier needs \"choices\", each with a value and its sql"),
        (
            json!({ "type": "identifier", "choices": [{ "value": "a", "sql": "a" }, { "value": "a", "sql": "b" }] }),
            "each choice has a value of its own",
        ),
        (
            json!({ "type": "identifier", "choices": choices, "column": { "sql": "a" } }),
            "an identifier stands in the SQL itself and has no column",
        ),
        (
            json!({ "type": "identifier", "choices": choices, "multiple": true }),
            "date ranges and identifiers take one value",
        ),
        (
            json!({ "type": "date_range", "column": { "sql": "a" }, "multiple": true }),
            "date ranges and identifiers take one value",
        ),
        (
            json!({ "type": "text", "choices": choices }),
            "\"choices\" are for type identifier; use \"values\" for a list to choose from",
        ),
        (
            json!({ "type": "text", "column": { "sql": "a", "holds": "epoch_seconds" } }),
            "\"holds\" is for dates and date ranges",
        ),
        (json!({ "type": "text", "label": "a\nb" }), "a label has at most 200 characters and no line breaks"),
        (
            json!({ "type": "text", "default_attribute": "no such" }),
            "\"default_attribute\" is the name of a tenant's attribute: letters, digits, _ and -",
        ),
    ] {
        assert_eq!(one(parameter.clone()), wanted, "{parameter}");
    }
}

#[test]
fn defaults_and_static_values_fit() {
    let choices = json!([{ "value": "a", "sql": "a" }]);
    let misfit = "the default does not fit the parameter's type";
    for (parameter, wanted) in [
        (json!({ "type": "number", "default": "12.5" }), "fine"),
        (json!({ "type": "number", "default": "12,5" }), misfit),
        (json!({ "type": "text", "default": ["a"] }), misfit),
        (json!({ "type": "text", "default": ["a"], "multiple": true }), "fine"),
        (json!({ "type": "date_range", "column": { "sql": "a" }, "default": "past30days~" }), "fine"),
        (json!({ "type": "date_range", "column": { "sql": "a" }, "default": "past 30 days" }), misfit),
        (json!({ "type": "identifier", "choices": choices, "default": "a" }), "fine"),
        (json!({ "type": "identifier", "choices": choices, "default": "b" }), misfit),
        (json!({ "type": "id", "values": { "static": [{ "value": 1, "label": "One" }, { "value": "x" }] } }), "fine"),
        (
            json!({ "type": "id", "values": { "static": [{ "value": null }] } }),
            "each of the static values must fit the parameter's type",
        ),
        (
            json!({ "type": "number", "values": { "static": [{ "value": "x" }] } }),
            "each of the static values must fit the parameter's type",
        ),
    ] {
        assert_eq!(one(parameter.clone()), wanted, "{parameter}");
    }
}

#[test]
fn the_furthest_error_is_told_when_no_engine_takes_a_template() {
    // MySQL alone reads the # as a comment, and so alone gets to the place that is not declared.
    let shown = error("SELECT 1 # it's\n, {{x}}", json!([]));
    assert!(shown.starts_with("query.parameters.x: is used in the SQL and not declared"), "{shown}");
}

#[test]
fn many_optional_clauses_are_checked_too() {
    let of = |count: usize| {
        let clauses: String = (0..count).map(|n| format!(" [[AND a = {{{{p{n}}}}}]]")).collect();
        let parameters: Vec<_> = (0..count).map(|n| json!({ "name": format!("p{n}"), "type": "text" })).collect();
        error(&format!("SELECT 1 WHERE true{clauses}"), parameters.into())
    };
    assert_eq!(of(100), "fine");
    assert_eq!(of(101), "query.sql: line 1, column 1: a card has at most 100 parameters");
}
