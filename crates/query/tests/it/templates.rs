//! The template language: places, optional clauses, snippets, and what is refused.

use query::{Engine, Given, Snippets, check, check_for, compile};
use serde_json::{Value, json};

use crate::world::{card, check as table, of, show};

fn text(name: &str) -> Value {
    json!([{ "name": name, "type": "text" }])
}

#[test]
fn optional_clauses_are_there_when_all_their_places_have_a_value() {
    let sql = "SELECT 1 WHERE true[[ AND a = {{a}}]][[ AND b = {{b}} AND a <> {{a}}]]";
    let parameters = json!([{ "name": "a", "type": "text" }, { "name": "b", "type": "id" }]);
    let all = |values, wanted| table(sql, parameters.clone(), values, wanted);
    all(json!({}), "SELECT 1 WHERE true");
    all(json!({ "a": "x" }), "SELECT 1 WHERE true AND a = $1 <- \"x\"");
    all(json!({ "b": 7 }), "SELECT 1 WHERE true");
    all(json!({ "a": "x", "b": 7 }), "SELECT 1 WHERE true AND a = $1 AND b = $2 AND a <> $3 <- \"x\" | 7 | \"x\"");
    all(json!({ "a": null, "b": 7 }), "SELECT 1 WHERE true");
}

#[test]
fn a_place_outside_of_a_clause_needs_a_value() {
    let message = "parameter-missing parameters.x: a value is needed";
    table("SELECT {{x}}", text("x"), json!({}), message);
    table("SELECT {{x}}", text("x"), json!({ "x": null }), message);
    let required = json!([{ "name": "x", "type": "text", "required": true, "column": { "sql": "c" } }]);
    table("SELECT 1 WHERE {{x}}", required, json!({}), message);
}

#[test]
fn comments_are_left_out_and_hold_no_places() {
    let sql = "SELECT 1 -- {{gone}} it's\n/* {{gone}} ' */ + {{x}} -- end";
    table(sql, text("x"), json!({ "x": "v" }), "SELECT 1  \n  + $1   <- \"v\"");
    let nested = "SELECT /* a /* b */ {{gone}} */ {{x}}";
    table(nested, text("x"), json!({ "x": "v" }), "SELECT   $1 <- \"v\"");
}

#[test]
fn one_statement_only() {
    table("SELECT {{x}} ; -- done\n", text("x"), json!({ "x": "v" }), "SELECT $1   \n <- \"v\"");
    for sql in ["SELECT {{x}}; SELECT 2", "SELECT {{x}};;", "SELECT 1; {{x}}", "SELECT {{x}} [[; {{x}}]]"] {
        let error = check(&card(sql, text("x")), &Snippets::new()).unwrap_err();
        assert_eq!(error.code(), "template-invalid", "{sql}");
    }
    table("SELECT ';', {{x}}", text("x"), json!({ "x": "v" }), "SELECT ';', $1 <- \"v\"");
}

#[test]
fn what_is_wrong_says_where_and_what_to_write() {
    let table = |sql: &str, wanted: &str| {
        let error = check_for(&card(sql, text("x")), &Snippets::new(), &[Engine::Postgres]).unwrap_err();
        assert_eq!(error.field().as_deref(), Some("query.sql"));
        assert_eq!(error.to_string(), wanted, "{sql}");
    };
    let inside = "a value inside quotes would be text and not a value: write {{name}} without quotes, and || or CONCAT to join it to other text";
    table("SELECT\n '{{x}}'", &format!("line 2, column 3: {inside}"));
    table("SELECT 'é {{ x }}'", &format!("line 1, column 11: {inside}"));
    table("SELECT \"{{x}}\"", &format!("line 1, column 9: {inside}"));
    table("SELECT $$ {{x}} $$ + {{x}}", &format!("line 1, column 11: {inside}"));
    table("SELECT [[ a [[ {{x}} ]] ]]", "line 1, column 13: optional clauses [[ … ]] do not nest");
    table("SELECT [[ {{x}} ", "line 1, column 8: [[ has no ]]");
    table("SELECT {{x}} ]]", "line 1, column 14: ]] has no [[; an array's brackets need a blank between them");
    table(
        "SELECT {{x}} [[ 1 ]]",
        "line 1, column 14: an optional clause needs a {{name}} in it; an array's brackets need a blank between them",
    );
    table("SELECT {{x", "line 1, column 8: {{ has no }}");
    table("SELECT 'a, {{x}}", "line 1, column 8: a quote is not closed");
    table("SELECT /* {{x}}", "line 1, column 8: a comment /* has no */");
    table("SELECT ({{x}}", "line 1, column 8: a bracket is not closed");
    table("SELECT {{x}})", "line 1, column 13: a bracket closes what is not open here");
    table("SELECT 1 [[AND ({{x}}]]", "line 1, column 10: an optional clause must close each bracket that it opens");
    table("SELECT (1 [[+ {{x}})]]", "line 1, column 20: a bracket closes what is not open here");
    table("SELECT {{x}} + $1", "line 1, column 16: write values as {{name}}: $1 and ? are written from it");
    table("SELECT {{x}}\0", "line 1, column 13: there is a NUL character: take it out");
    table("SELECT '\0', {{x}}", "line 1, column 9: there is a NUL character: take it out");
    table(
        "SELECT {{x y}}",
        "line 1, column 8: write {{name}} with letters, digits and _, {{name.start}}, {{name.end}} or {{snippet: name}}",
    );
    table(
        "SELECT * FROM {{#12}}",
        "line 1, column 15: a card cannot stand in another one: write its SQL, or make it a snippet",
    );
    table(" -- nothing\n", "line 1, column 1: write a query");
}

#[test]
fn braces_in_a_literal_that_are_no_place_are_text() {
    let sql = "SELECT '{{1,2},{3,4}}'::int[], '{\"a\":{\"b\":1}}', 'a {{ b', {{x}}";
    let wanted = "SELECT '{{1,2},{3,4}}'::int[], '{\"a\":{\"b\":1}}', 'a {{ b', $1 <- \"v\"";
    table(sql, text("x"), json!({ "x": "v" }), wanted);
}

#[test]
fn pieces_that_meet_are_not_read_together() {
    let number = json!([{ "name": "x", "type": "number" }, { "name": "y", "type": "id" }]);
    let both = |sql: &str, engine, wanted: &str| {
        assert_eq!(of(&card(sql, number.clone()), json!({ "x": 5, "y": 6 }), engine), wanted, "{sql}");
    };
    both("SELECT a{{y}}1, {{x}}", Engine::Postgres, "SELECT a $1 1, $2::int4 <- 6 | 5");
    both("SELECT {{y}}{{x}}", Engine::Postgres, "SELECT $1 $2::int4 <- 6 | 5");
    both("SELECT {{y}}{{x}}", Engine::Sqlite, "SELECT ?1 ?2 <- 6 | 5");
    both("SELECT {{y}}1,{{x}}", Engine::Sqlite, "SELECT ?1 1,?2 <- 6 | 5");
    both("SELECT {{y}}{{x}}", Engine::Mysql, "SELECT ? ? <- 6 | 5");
    both("SELECT ${{y}},$ {{x}}", Engine::Postgres, "SELECT $ $1,$ $2::int4 <- 6 | 5");
    both("SELECT 1 -[[-{{x}}]]+{{y}}", Engine::Postgres, "SELECT 1 - -$1::int4+$2 <- 5 | 6");
    both("SELECT 1 /[[*{{x}}]]+{{y}}", Engine::Sqlite, "SELECT 1 / * ?1+ ?2 <- 5 | 6");
    both("SELECT E{{x}}'a', {{y}}", Engine::Postgres, "SELECT E $1::int4 'a', $2 <- 5 | 6");
    both("SELECT ({{x}}),f({{y}})", Engine::Mysql, "SELECT (?),f(?) <- 5 | 6");
}

#[test]
fn what_fuses_over_a_gap_is_refused() {
    // PostgreSQL reads the second literal as the E'' literal's next line, in which \' does not end it.
    let sql = "SELECT E'a'\n[['b\\' || {{x}} || 'c']]";
    let error = check(&card(sql, text("x")), &Snippets::new());
    assert!(error.is_ok(), "SQLite has no E'' literals");
    let shown = of(&card(sql, text("x")), json!({ "x": "v" }), Engine::Postgres);
    assert!(shown.starts_with("template-invalid query.sql: line 1, column 1: pieces of the SQL run"), "{shown}");
}

fn with_snippets(sql: &str, snippets: &[(&str, &str)]) -> String {
    let snippets: Snippets = snippets.iter().map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned())).collect();
    let zone = jiff::tz::TimeZone::UTC;
    let attributes = Given::new();
    let now = crate::world::NOW.parse().unwrap();
    let context = query::Context { engine: Engine::Postgres, now, timezone: &zone, attributes: &attributes };
    show(compile(&card(sql, text("x")), &snippets, &crate::world::given(json!({ "x": "v" })), &context))
}

#[test]
fn snippets_stand_where_they_are_named() {
    let one = with_snippets("SELECT {{snippet: some cols}} WHERE a = {{x}}", &[("some cols", "a, b -- c\n")]);
    assert_eq!(one, "SELECT a, b  \n WHERE a = $1 <- \"v\"");
    let deep = with_snippets("{{snippet: a}}", &[("a", "SELECT {{snippet:b}}"), ("b", "1 + {{x}}")]);
    assert_eq!(deep, "SELECT 1 + $1 <- \"v\"");
    let met = with_snippets("SELECT 1 -{{snippet: a}}, {{x}}", &[("a", "-1")]);
    assert_eq!(met, "SELECT 1 - -1, $1 <- \"v\"");
    let clause = with_snippets("SELECT 1 [[AND {{snippet: a}}]]", &[("a", "b = {{x}}")]);
    assert_eq!(clause, "SELECT 1 AND b = $1 <- \"v\"");
}

#[test]
fn snippets_have_an_end_and_stay_within_themselves() {
    let error = |sql: &str, snippets: &[(&str, &str)]| {
        let shown = with_snippets(sql, snippets);
        let (_, message) = shown.split_once(": ").unwrap();
        message.to_owned()
    };
    let circle = "snippets name each other in a circle, or too deeply";
    assert!(error("SELECT {{x}} {{snippet: a}}", &[("a", "{{snippet: a}}")]).ends_with(circle));
    assert!(
        error("SELECT {{x}} {{snippet: a}}", &[("a", "{{snippet: b}}"), ("b", "{{snippet: a}}")]).ends_with(circle)
    );
    assert_eq!(error("SELECT {{x}}, {{snippet: b}}", &[]), "line 1, column 15: there is no such snippet");
    let inner = |sql: &str| error("SELECT {{x}} {{snippet: a}}", &[("a", sql)]);
    let found = "line 1, column 14: in the snippet \"a\": line 1, column";
    for (sql, end) in [
        ("SELECT '", " 8: a quote is not closed"),
        ("1; ", " 2: a ; may stand at the end of the query only"),
        ("1)", " 2: a bracket closes what is not open here"),
        ("(1", " 1: a bracket is not closed"),
        ("[[ AND a", " 1: [[ has no ]]"),
    ] {
        assert_eq!(inner(sql), format!("{found}{end}"));
    }
    let nested = error("SELECT [[ {{snippet: a}} ]]", &[("a", "[[ {{x}} ]]")]);
    assert!(nested.ends_with("optional clauses [[ … ]] do not nest"), "{nested}");
}

#[test]
fn snippets_cannot_grow_without_limit() {
    let names: Vec<String> = (0..8).map(|level| format!("s{level}")).collect();
    let tens: Vec<String> = (1..9).map(|level| format!("{{{{snippet: s{level}}}}} ").repeat(10)).collect();
    let mut snippets: Vec<(&str, &str)> =
        names.iter().zip(&tens).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    snippets.pop();
    snippets.push(("s7", "1"));
    let shown = with_snippets("SELECT {{x}} {{snippet: s0}}", &snippets);
    assert!(shown.contains("longer than 256 KiB"), "{}", shown.len());
    let long = format!("SELECT {{{{x}}}} {}", "+ 1 ".repeat(70_000));
    assert!(with_snippets(&long, &[]).contains("longer than 256 KiB"));
}
