//! What holds whatever the statement: no input makes it panic or takes long, and what is let through is what
//! [`crate::output`] asks for.

use crate::output::{self, Token};
use crate::shop;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use sqlguard::{Dialect, Guarded, Place, Refusal, guard};
use std::time::{Duration, Instant};

/// Words and symbols, so that soup of them gets past the lexer and often past the parser.
const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "OFFSET",
    "WITH",
    "RECURSIVE",
    "AS",
    "UNION",
    "ALL",
    "EXCEPT",
    "INTERSECT",
    "VALUES",
    "JOIN",
    "LEFT JOIN",
    "NATURAL",
    "CROSS JOIN",
    "USING",
    "ON",
    "LATERAL",
    "IN",
    "EXISTS",
    "NOT",
    "AND",
    "OR",
    "BETWEEN",
    "LIKE",
    "ESCAPE",
    "IS",
    "NULL",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST",
    "OVER",
    "PARTITION BY",
    "ROWS",
    "FILTER",
    "DISTINCT",
    "TABLE",
    "ONLY",
    "INTO",
    "FOR UPDATE",
    "INTERVAL",
    "DAY",
    "EXTRACT",
    "TRIM",
    "COLLATE",
    "ARRAY",
    "ROW",
    "ANY",
    "FETCH FIRST",
    "WITH TIES",
    "WINDOW",
    "GROUPING SETS",
    "ROLLUP",
    "DATE",
    "TRUE",
    "EXPLAIN",
    "DELETE FROM",
    "orders",
    "app.orders",
    "main.orders",
    "customers",
    "staff",
    "regions",
    "secrets",
    "lines",
    "grades",
    "c1",
    "d1",
    "r0",
    "o",
    "t",
    "id",
    "o.id",
    "t.*",
    "*",
    "count(*)",
    "sum(id)",
    "lower(note)",
    "pg_sleep(1)",
    "sleep(1)",
    "x",
    "1",
    "2.5",
    "'a'",
    "'it''s'",
    "\"id\"",
    "`id`",
    "[id]",
    "$1",
    "?",
    "?1",
    "$$a$$",
    "(",
    ")",
    "(",
    ")",
    ",",
    ",",
    ";",
    ".",
    "=",
    "<",
    "+",
    "-",
    "||",
    "::",
    "::text",
    "->",
    "->>",
    "~",
    "@>",
    "--",
    "/*",
    "*/",
    "#",
    "\\",
    "'",
    "\"",
    "`",
    "[",
    "]",
    "{",
    "}",
    "\n",
    "\u{0}",
    "\u{a0}",
    "\u{2028}",
    "é",
    "😀",
    "e'a\\'",
    "_utf8'a'",
    "x'41'",
    "U&'a'",
    "=>",
    ":=",
    ":a",
    "@a",
    "@@a",
];

/// The same cases every time: what is to be found at random is the fuzzer's.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(0x5a1), ..ProptestConfig::default() }
}

/// Refused or let through, in time; and what is let through is right.
fn tried(sql: &str, dialect: Dialect) -> Result<Guarded, Refusal> {
    let catalogue = shop::catalogue(dialect);
    let start = Instant::now();
    let verdict = guard(sql, &catalogue);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?} for {sql:.1000}");
    match &verdict {
        Ok(guarded) => output::check(guarded, &catalogue),
        Err(refusal) => {
            assert!(!refusal.message.is_empty() && refusal.message.chars().count() <= 301, "{refusal}");
        }
    }
    verdict
}

fn everywhere(sql: &str) {
    for (_, dialect) in shop::DIALECTS {
        let _ = tried(sql, dialect);
    }
}

/// Expressions of a dialect, with whole queries in them.
fn expression(dialect: Dialect) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        select(
            &["1", "2.5", ".5", "NULL", "TRUE", "'a'", "'it''s'", "id", "o.id", "note", "o.note", "amount", "-1", "''"]
                [..]
        )
        .prop_map(str::to_owned),
        Just(if dialect == Dialect::Postgres { "{place}" } else { "?" }.to_owned()),
    ];
    leaf.prop_recursive(5, 60, 4, move |inner| {
        let query = query_of(inner.clone());
        prop_oneof![
            (inner.clone(), select(&["+", "-", "*", "/", "=", "<", "<>", "AND", "OR"][..]), inner.clone())
                .prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})")),
            inner.clone().prop_map(|value| format!("NOT ({value})")),
            inner.clone().prop_map(|value| format!("({value}) IS NULL")),
            (inner.clone(), inner.clone()).prop_map(|(value, pattern)| format!("({value}) LIKE ({pattern})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(value, low, high)| format!("({value}) BETWEEN ({low}) AND ({high})")),
            (inner.clone(), prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(value, list)| format!("({value}) IN ({})", list.join(", "))),
            (inner.clone(), inner.clone()).prop_map(|(when, then)| format!("CASE WHEN {when} THEN {then} ELSE id END")),
            inner.clone().prop_map(|value| format!("coalesce({value}, 1)")),
            inner.clone().prop_map(|value| format!("CAST({value} AS decimal)")),
            inner.clone().prop_map(|value| format!("sum({value}) OVER (PARTITION BY {value} ORDER BY id)")),
            query.clone().prop_map(|query| format!("({query})")),
            query.clone().prop_map(|query| format!("EXISTS ({query})")),
            (inner, query).prop_map(|(value, query)| format!("({value}) NOT IN ({query})")),
        ]
    })
    .boxed()
}

/// A query over any of the tables that can be read.
fn query_of(expression: BoxedStrategy<String>) -> BoxedStrategy<String> {
    const TABLES: &[&str] =
        &["orders AS o", "lines AS o", "customers AS o", "grades AS o", "regions AS o", "refunds AS o"];
    let from = prop_oneof![
        select(TABLES).prop_map(str::to_owned),
        (
            select(TABLES),
            select(&["orders", "lines", "never", "c1", "d1", "r0"][..]),
            select(&["JOIN", "LEFT JOIN"][..])
        )
            .prop_map(|(first, second, join)| format!("{first} {join} {second} ON 1 = 1")),
        select(&["orders", "grades", "d1"][..]).prop_map(|table| format!("(SELECT * FROM {table}) AS o")),
        select(&["orders", "grades", "d1"][..]).prop_map(|table| format!("(SELECT * FROM {table}), orders AS o")),
        Just("w AS o".to_owned()),
    ];
    let with = "WITH w AS (SELECT id, note, amount FROM orders)";
    (
        expression.clone(),
        from,
        proptest::option::of(expression),
        select(&["", " ORDER BY 1", " LIMIT 3", " GROUP BY id"][..]),
        any::<bool>(),
    )
        .prop_map(move |(item, from, filter, tail, twice)| {
            let filter = filter.map(|filter| format!(" WHERE {filter}")).unwrap_or_default();
            let with = if from.starts_with('w') || twice { with } else { "" };
            format!("{with} SELECT {item} AS a FROM {from}{filter}{tail}")
        })
        .boxed()
}

/// PostgreSQL's places are numbered.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split("{place}");
    let mut numbered = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        numbered += &format!("${}{part}", index + 1);
    }
    numbered
}

/// A text as an author would write it.
fn literal(value: &str, dialect: Dialect) -> String {
    let doubled = value.replace('\'', "''");
    if dialect == Dialect::Mysql { format!("'{}'", doubled.replace('\\', "\\\\")) } else { format!("'{doubled}'") }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn any_text_is_answered(sql in any::<String>()) {
        everywhere(&sql);
        everywhere(&format!("SELECT {sql}"));
        everywhere(&format!("SELECT '{sql}' FROM orders"));
        everywhere(&format!("SELECT id AS \"{sql}\" FROM orders"));
    }

    #[test]
    fn any_soup_of_words_is_answered(words in prop::collection::vec(select(WORDS), 1..40), blank in select(&[" ", "", "\n"][..])) {
        let soup = words.join(blank);
        everywhere(&soup);
        everywhere(&format!("SELECT {soup}"));
        everywhere(&format!("SELECT * FROM orders AS o WHERE {soup}"));
        everywhere(&format!("SELECT * FROM {soup}"));
    }

    #[test]
    fn any_nest_of_brackets_is_answered(
        openers in prop::collection::vec(select(&[
            "(", "((", "(SELECT ", "(SELECT * FROM ", "abs(", "CASE WHEN ", "CASE ", "NOT ", "- ", "EXISTS (", "1 IN (", "CAST(",
            "(1, ", "ARRAY[", "x[", "WITH a AS (", "INTERVAL ", "DATE ", "(VALUES (", "trim(", "sum(1) OVER (ORDER BY ", "x JOIN ",
            "a.b(", "extract(day FROM ", "1 BETWEEN ", "1 = ANY (", "(x -> ", "f(a => ", "1 + ", "1 OR ", "[", "{", "row(", "cast(1 AS ",
            "1 UNION (", "orders, LATERAL (", "count(*) FILTER (WHERE ", "array<", "struct<a ", "map(",
        ][..]), 1..6),
        depth in 1_usize..300,
        cut in any::<prop::sample::Index>(),
    ) {
        let opened: String = openers.iter().cycle().take(depth).copied().collect();
        let closed: String = opened.chars().rev().filter_map(|letter| match letter {
            '(' => Some(')'),
            '[' => Some(']'),
            _ => None,
        }).collect();
        let cut = cut.index(closed.len() + 1);
        for head in ["SELECT ", "SELECT * FROM ", ""] {
            everywhere(&format!("{head}{opened}1{closed}"));
            everywhere(&format!("{head}{opened}1{}", &closed[..cut]));
        }
    }

    #[test]
    fn a_text_comes_out_as_it_went_in(value in "[ -~\\t\\n\\r¡-ÿ\\u{100}-\\u{2fff}'\"`\\\\%_$;#*/-]{0,40}", other in "[a-z'\\\\]{0,5}") {
        for (_, dialect) in shop::DIALECTS {
            let value: String = value.chars().filter(|letter| !letter.is_control() || "\t\n\r".contains(*letter)).collect();
            let (one, two) = (literal(&value, dialect), literal(&other, dialect));
            let sql = format!("SELECT {one} AS a, (SELECT {two} AS b FROM orders WHERE note = {one} LIMIT 1) AS c FROM lines WHERE sku IN ({two}, {one})");
            let guarded = tried(&sql, dialect).expect("it is let through");
            let texts: Vec<String> = output::tokens(&guarded.sql, dialect)
                .into_iter()
                .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
                .collect();
            prop_assert_eq!(texts, vec![value.clone(), other.clone(), value.clone(), other.clone(), value]);
        }
    }

    #[test]
    fn a_name_comes_out_as_it_went_in(name in "[ -~¡-ÿ\\u{100}-\\u{2fff}]{1,15}") {
        prop_assume!(name.trim() == name && !name.chars().any(char::is_control));
        for (_, dialect) in shop::DIALECTS {
            let quote = if dialect == Dialect::Mysql { '`' } else { '"' };
            let quoted = format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}")));
            let sql = format!("WITH {quoted} AS (SELECT id AS {quoted} FROM orders) SELECT {quoted}.{quoted} AS {quoted} FROM {quoted} ORDER BY {quoted}");
            let guarded = tried(&sql, dialect).expect("it is let through");
            let named = output::tokens(&guarded.sql, dialect).into_iter().filter(|token| *token == Token::Name(name.clone())).count();
            prop_assert!(named >= 6, "{}: {}", name, guarded.sql);
        }
    }
}

/// Statements of the author's own making are let through, with all their places in their order.
#[test]
fn honest_nests_are_let_through_and_keep_their_places() {
    for (name, dialect) in shop::DIALECTS {
        let mut runner = TestRunner::new(config(300));
        let accepted = std::cell::Cell::new(0);
        runner
            .run(&query_of(expression(dialect)), |sql| {
                let sql = numbered(&sql);
                if let Ok(guarded) = tried(&sql, dialect) {
                    accepted.set(accepted.get() + 1);
                    let given = guarded.binds.iter().filter(|place| matches!(place, Place::Given(_))).count();
                    let places = output::places(&sql, dialect);
                    prop_assert_eq!(given, places, "{}", sql);
                }
                Ok(())
            })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(accepted.get() >= 200, "{name}: {} of 300 are let through", accepted.get());
    }
}

#[test]
fn a_mebibyte_of_anything_is_answered() {
    for word in [
        "(",
        ")",
        "'",
        "\"",
        "a",
        " ",
        "é",
        "\u{0}",
        "SELECT ",
        "((SELECT 1) UNION ",
        "$",
        "?",
        "-",
        "--",
        "[",
        "1.",
        "e'\\",
        "a,",
        "a.",
        "box ",
    ] {
        everywhere(&word.repeat((1 << 20) / word.len()));
        everywhere(&format!("SELECT {}", word.repeat(((1 << 20) - 7) / word.len())));
    }
}
