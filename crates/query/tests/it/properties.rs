//! What holds for every template and every value.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use query::{Bind, Context, Engine, Given, NativeQuery, Snippets, Statement, check, compile};
use serde_json::{Value, json};

use crate::world::{NOW, card};

fn run(query: &NativeQuery, snippets: &Snippets, values: &Given, engine: Engine) -> Option<Statement> {
    let attributes = BTreeMap::new();
    let context = Context { engine, now: NOW.parse().unwrap(), timezone: &TimeZone::UTC, attributes: &attributes };
    compile(query, snippets, values, &context).ok()
}

/// Parameters of every shape.
fn parameters() -> Value {
    json!([
        { "name": "t", "type": "text" },
        { "name": "l", "type": "text", "multiple": true },
        { "name": "n", "type": "number", "multiple": true },
        { "name": "i", "type": "id", "column": { "sql": "\"Id\"" }, "multiple": true },
        { "name": "d", "type": "date", "column": { "sql": "d", "holds": "timestamp" }, "multiple": true },
        { "name": "r", "type": "date_range", "column": { "sql": "r", "holds": "epoch_seconds" } },
        { "name": "o", "type": "identifier", "choices": [{ "value": "a", "sql": "a" }, { "value": "b", "sql": "t.b" }] }
    ])
}

const TEMPLATE: &str = "SELECT {{t}}, 'it''s' FROM x WHERE {{i}} AND a IN ({{l}}) [[AND n IN ({{n}}) AND {{d}}]] \
     AND {{d}} [[AND {{r}} AND q >= {{r.start}}]] [[AND e < {{r.end}}]] [[ORDER BY {{o}}]]";

/// Texts that look like the ends of things.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\'",
        "--",
        "-- ",
        "/*",
        "*/",
        "/*!",
        "#",
        ";",
        "]]",
        "[[",
        "{{",
        "}}",
        "{{t}}",
        "$1",
        "$$",
        "?",
        "?1",
        ":t",
        "@t",
        ")",
        "(",
        " OR 1=1",
        "' OR ''='",
        "％27",
        "ʼ",
        "＇",
        "′",
        "\u{202e}",
        "\u{feff}",
        "\n",
        "\r",
        "\t",
        "a",
        "0",
        "é",
        "🎉",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| format!("canary{}c4n4ry", pieces.concat()))
}

/// How many places a finished text has when the values' own text is no part of it.
fn places(sql: &str, engine: Engine) -> usize {
    let mark = if engine == Engine::Postgres { '$' } else { '?' };
    sql.matches(mark).count()
}

fn balanced(sql: &str) -> bool {
    let mut depth = 0_i32;
    for letter in sql.chars() {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && sql.matches('\'').count().is_multiple_of(2)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x00c1_0150),
        ..ProptestConfig::default()
    })]

    /// (1) and (2): what is given is a bind, whole and unchanged, and never text; each bind has its place.
    #[test]
    fn what_is_given_is_never_text(
        text in hostile(),
        list in prop::collection::vec(hostile(), 1..5),
        ids in prop::collection::vec(1_000_000_000_000_i64.., 1..4),
        engine in prop::sample::select(Engine::ALL.to_vec()),
    ) {
        let query = card(TEMPLATE, parameters());
        let mut ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let numbers = ids.clone();
        ids.push(text.clone().into());
        let values: Given = serde_json::from_value(json!({
            "t": text, "l": list, "i": ids, "n": numbers, "d": ["2026-01-31", "today"], "r": "past30days", "o": "b"
        })).unwrap();
        let statement = run(&query, &Snippets::new(), &values, engine).unwrap();
        let sql = statement.sql();
        prop_assert!(!sql.contains("canary") && !sql.contains("c4n4ry"));
        prop_assert!(!sql.contains("2026"));
        for number in &numbers {
            prop_assert!(!sql.contains(&number.to_string()));
        }
        prop_assert_eq!(places(sql, engine), statement.binds().len());
        prop_assert!(balanced(sql));
        let texts: Vec<&str> = statement.binds().iter().filter_map(|bind| match bind {
            Bind::Text(text) => Some(text.as_str()),
            _ => None,
        }).collect();
        let mut wanted = vec![text.as_str(), text.as_str()];
        wanted.extend(list.iter().map(String::as_str));
        prop_assert_eq!(texts, wanted);
    }

    /// The text depends on which values there are and how many, not on what they are.
    #[test]
    fn values_of_one_shape_give_one_text(
        one in hostile(), other in hostile(), engine in prop::sample::select(Engine::ALL.to_vec()),
    ) {
        let query = card("SELECT {{t}} WHERE a IN ({{l}})", json!([
            { "name": "t", "type": "text" }, { "name": "l", "type": "id", "multiple": true }
        ]));
        let sql = |text: &str| {
            let values: Given = serde_json::from_value(json!({ "t": text, "l": [text, text] })).unwrap();
            run(&query, &Snippets::new(), &values, engine).unwrap().sql().to_owned()
        };
        prop_assert_eq!(sql(&one), sql(&other));
    }

    /// (3): every subset of values gives balanced text with as many places as binds.
    #[test]
    fn every_subset_of_clauses_is_sound(
        bits in prop::collection::vec(any::<bool>(), 7), engine in prop::sample::select(Engine::ALL.to_vec()),
    ) {
        let all = json!({ "t": "v", "l": ["v"], "i": [1, 2], "n": [1, "2.5"], "d": "today", "r": "2026-01-01~", "o": "a" });
        let mut values: Given = serde_json::from_value(all).unwrap();
        for (name, keep) in ["i", "n", "d", "r", "o"].into_iter().zip(bits) {
            if !keep {
                values.remove(name);
            }
        }
        let statement = run(&card(TEMPLATE, parameters()), &Snippets::new(), &values, engine).unwrap();
        prop_assert_eq!(places(statement.sql(), engine), statement.binds().len());
        prop_assert!(balanced(statement.sql()), "{}", statement.sql());
    }

    /// (4): whatever is written, there is an answer; and what compiles keeps its values out of the text.
    #[test]
    fn no_template_makes_it_stumble(
        pieces in prop::collection::vec(prop_oneof![
            3 => prop::sample::select(vec![
                "'", "\"", "`", "\\", "--", "- ", "-", "/*", "*/", "/", "*", "#", ";", "[[", "]]", "[", "]", "{{t}}", "{{ t }}",
                "{{l}}", "{{i}}", "{{r}}", "{{r.start}}", "{{o}}", "{{snippet: s}}", "{{", "}}", "$", "$$", "$1", "$a$", "?", ":",
                ":a", "@", "(", ")", "E", "E'", "U&", "SELECT", " ", "\n", "\r", "1", "é", ",", ".", "::", "=",
            ]).prop_map(str::to_owned),
            1 => any::<String>(),
        ], 0..24),
        snippet in prop::sample::select(vec!["1", "-1", "{{t}}", "'a'", "\n'a\\'", "[[{{t}}]]", "{{snippet: s}}", "(", "a -- b"]),
        engine in prop::sample::select(Engine::ALL.to_vec()),
    ) {
        let sql = pieces.concat();
        let declared: Vec<Value> = parameters().as_array().unwrap().iter()
            .filter(|one| one.get("name").and_then(Value::as_str).is_some_and(|name| sql.contains(name)))
            .cloned().collect();
        let query = card(&sql, declared.into());
        let snippets = Snippets::from([("s".to_owned(), snippet.to_owned())]);
        let _ = check(&query, &snippets);
        let names: Vec<&str> = query.parameters.iter().map(|one| one.name.as_str()).collect();
        let mut values: Given = serde_json::from_value(json!({
            "t": "canary1", "l": ["canary2", "canary3"], "n": 5, "i": "canary4", "d": "today", "r": "past30days", "o": "b"
        })).unwrap();
        values.retain(|name, _| names.contains(&name.as_str()));
        if let Some(statement) = run(&query, &snippets, &values, engine) {
            prop_assert!(!statement.sql().contains("canary"));
        }
    }

    /// Bytes that are no template at all.
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let query = card(&String::from_utf8_lossy(&bytes), json!([]));
        let _ = check(&query, &Snippets::new());
        for engine in Engine::ALL {
            let _ = run(&query, &Snippets::new(), &Given::new(), engine);
        }
    }

    /// Numbers are read exactly: what is bound is the number that was written.
    #[test]
    fn decimals_keep_their_digits(whole in 0_u64.., fraction in "[0-9]{1,12}", negative: bool) {
        let written = format!("{}{whole}.{fraction}", if negative { "-" } else { "" });
        let query = card("SELECT {{n}}", json!([{ "name": "n", "type": "number" }]));
        let values: Given = serde_json::from_value(json!({ "n": written })).unwrap();
        let statement = run(&query, &Snippets::new(), &values, Engine::Mysql).unwrap();
        prop_assert!(matches!(statement.binds(), [Bind::Decimal(text)] if *text == written));
    }

    /// Any text as a value of any type: a typed value or a refusal that does not repeat it.
    #[test]
    fn refusals_do_not_repeat_values(text in hostile(), kind in prop::sample::select(vec!["number", "boolean", "date"])) {
        let query = card("SELECT {{x}}", json!([{ "name": "x", "type": kind }]));
        let values: Given = serde_json::from_value(json!({ "x": text })).unwrap();
        let attributes = BTreeMap::new();
        let now = NOW.parse().unwrap();
        let context = Context { engine: Engine::Postgres, now, timezone: &TimeZone::UTC, attributes: &attributes };
        let error = compile(&query, &Snippets::new(), &values, &context).err().unwrap();
        let shown = format!("{error} {error:?}");
        prop_assert!(!shown.contains("canary"));
        prop_assert_eq!(error.code(), "parameter-invalid");
    }
}
