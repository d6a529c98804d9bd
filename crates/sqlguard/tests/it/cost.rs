//! What a statement may cost: stack, and time that grows with its length and not with the square of it.

use crate::{output, shop};
use sqlguard::{Catalogue, Dialect, Fence, Operand, Predicate, guard};
use std::time::{Duration, Instant};

/// What can stand in itself, and in which dialects: what is in front, what opens, the innermost, what closes.
const NESTED: &[(&str, &str, &str, &str)] = &[
    ("SELECT ", "(", "1", ")"),
    ("SELECT ", "- (", "1", ")"),
    ("SELECT ", "NOT ", "1 = 1", ""),
    ("SELECT ", "abs(", "1", ")"),
    ("SELECT ", "coalesce(NULL, ", "1", ")"),
    ("SELECT ", "(SELECT ", "1", ")"),
    ("SELECT ", "CASE WHEN 1 = 1 THEN ", "1", " END"),
    ("SELECT ", "CASE ", "1", " WHEN 1 THEN 1 END"),
    ("SELECT ", "CAST(", "1", " AS decimal)"),
    ("SELECT ", "1 IN (1, ", "1", ")"),
    ("SELECT ", "1 IN (SELECT ", "1", ")"),
    ("SELECT ", "EXISTS (SELECT ", "1", ")"),
    ("SELECT ", "1 BETWEEN 0 AND (", "1", ")"),
    ("SELECT ", "sum(1) OVER (ORDER BY ", "1", ")"),
    ("SELECT ", "1 + (", "1", ")"),
    ("SELECT * FROM ", "(SELECT * FROM ", "orders", ") AS x"),
    ("SELECT * FROM ", "(SELECT 1 AS id) AS y NATURAL JOIN (", "orders NATURAL JOIN lines", ")"),
    ("", "WITH a AS (", "SELECT 1", ") SELECT 1"),
    ("SELECT 1 UNION ", "SELECT * FROM (SELECT 1 UNION ", "SELECT 1", ") AS x"),
    ("SELECT 1 WHERE 1 = ", "(SELECT 1 FROM orders WHERE 1 = ", "1", ")"),
    ("SELECT ", "ARRAY[", "1", "]"),
    ("SELECT ", "(1, ", "1", ")"),
];

fn nested((head, open, middle, close): (&str, &str, &str, &str), depth: usize) -> String {
    format!("{head}{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

/// On a thread whose stack would not hold the parser's first steps into such a statement.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(192 << 10).spawn(work).unwrap().join().unwrap();
}

#[test]
fn the_deepest_statements_need_no_stack_of_the_callers() {
    on_a_small_stack(|| {
        for (name, dialect) in shop::DIALECTS {
            let catalogue = shop::catalogue(dialect);
            let mut accepted = 0;
            for shape in NESTED {
                let lets_through = |depth: usize| guard(&nested(*shape, depth), &catalogue).is_ok();
                if !lets_through(2) {
                    continue;
                }
                accepted += 1;
                let depths: Vec<usize> = (1..=150).collect();
                let deepest = depths.partition_point(|&depth| lets_through(depth));
                assert!((20..130).contains(&deepest), "{name}: {shape:?} up to {deepest}");
            }
            assert!(accepted >= 18, "{name} knows {accepted} of the forms only");
        }
    });
}

#[test]
fn what_is_deeper_is_refused_in_time_and_without_overrunning() {
    on_a_small_stack(|| {
        let more = [
            ("SELECT ", "- ", "1", ""),
            ("SELECT ", "INTERVAL ", "1", " DAY"),
            ("SELECT ", "x[", "1", "]"),
            ("SELECT ", "f(x -> ", "1", ")"),
            ("SELECT CAST(1 AS ", "array<", "int", ">)"),
            ("SELECT CAST(1 AS ", "struct(a ", "int", ")"),
            ("SELECT * FROM ", "(", "orders", ")"),
            ("SELECT * FROM ", "(", "orders JOIN lines ON 1 = 1", ")"),
            ("SELECT 1 FROM a ", "JOIN b ", "", "ON 1 = 1 "),
            ("", "(", "SELECT 1", ")"),
            ("EXPLAIN ", "EXPLAIN ", "SELECT 1", ""),
            ("SELECT * FROM ", "((", "a", ") x) y"),
            ("SELECT ", "1 OR NOT ", "1", ""),
            ("SELECT ", "1 = ANY (", "1", ")"),
        ];
        for (name, dialect) in shop::DIALECTS {
            let catalogue = shop::catalogue(dialect);
            for shape in NESTED.iter().chain(&more) {
                for depth in [119, 200, 1500, 20_000] {
                    let sql = nested(*shape, depth);
                    let cut = sql.len() - sql.len() / 10;
                    let start = Instant::now();
                    let _ = guard(&sql, &catalogue);
                    let _ = guard(&sql[..cut], &catalogue);
                    assert!(start.elapsed() < Duration::from_secs(10), "{name}: {shape:?}, {depth} deep");
                }
            }
        }
    });
}

/// The longest statements that are let through, by their size in bytes.
fn longest(dialect: Dialect, bytes: usize) -> Vec<(&'static str, String)> {
    let fill = |head: &str, item: &str, tail: &str| {
        format!("{head}{}{tail}", item.repeat((bytes - head.len() - tail.len()) / item.len()))
    };
    let number = ", 123456789012345678901";
    let mut all = vec![
        ("numbers in IN", fill("SELECT id FROM orders WHERE id IN (1", number, ")")),
        ("texts in IN", fill("SELECT id FROM orders WHERE note IN ('a'", ",'aaaaaaaaaaaaaaaaaaa'", ")")),
        ("columns", fill("SELECT 1", number, "")),
        ("columns in queries", fill("SELECT (SELECT (SELECT (SELECT count(*) FROM (SELECT 1", number, ") AS d)))")),
        ("ordering", fill("SELECT id FROM orders ORDER BY 1", number, "")),
        ("one text", fill("SELECT '", "a", "'")),
        ("quotes", fill("SELECT '", "''", "'")),
        ("blanks", fill("SELECT", " \n", "1")),
        ("blanks in an item", fill("SELECT 1 +", " \n", "1")),
    ];
    if dialect == Dialect::Postgres {
        all.push(("an array", fill("SELECT ARRAY[1", number, "]")));
        all.push(("a dollar text", fill("SELECT $$", "'", "$$")));
    } else {
        all.push(("backslashes", fill("SELECT '", "\\\\", "'")));
    }
    all
}

/// What is bound by its words rather than by its bytes, by a share of the most.
fn wordiest(dialect: Dialect, share: usize) -> Vec<(&'static str, String)> {
    let many = |most: usize, item: &str, between: &str| vec![item; most / share].join(between);
    let mut all = vec![
        ("chain", format!("SELECT id FROM orders WHERE {}", many(900, "id = 1", " OR "))),
        ("sum", format!("SELECT {}", many(900, "1", " + "))),
        ("tables", format!("SELECT 1 FROM {}", many(280, "grades", ","))),
        ("queries of WITH", {
            let ctes: Vec<String> = (0..1000 / share).map(|number| format!("w{number} AS (SELECT 1)")).collect();
            format!("WITH {} SELECT 1", ctes.join(","))
        }),
        ("unions", many(100, "SELECT 1", " UNION ALL ")),
        ("calls", format!("SELECT {}", many(1400, "abs(1)", ","))),
        ("cases", format!("SELECT {}", many(700, "CASE WHEN 1 = 1 THEN 2 END", ","))),
        ("references", {
            let tables: Vec<String> = (0..280 / share).map(|number| format!("regions t{number}")).collect();
            let columns: Vec<String> =
                (0..1200 / share).map(|number| format!("t{}.name", number % (280 / share))).collect();
            format!("SELECT {} FROM {}", columns.join(","), tables.join(","))
        }),
    ];
    if dialect != Dialect::Sqlite {
        all.push(("rows", format!("VALUES {}", many(4500, "(1, 2)", ","))));
    }
    all
}

fn time(sql: &str, catalogue: &Catalogue) -> Duration {
    let start = Instant::now();
    let verdict = guard(sql, catalogue);
    let took = start.elapsed();
    let head: String = sql.chars().take(60).collect();
    verdict.unwrap_or_else(|refusal| panic!("{head}…: {refusal}"));
    took
}

/// Four times the length takes four times as long, and sixteen times where the work is quadratic. Others use the
/// machine too: the best of some attempts counts.
fn grows_with_the_length(what: &str, quarter: &str, whole: &str, catalogue: &Catalogue) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        best = (best.0.min(time(quarter, catalogue)), best.1.min(time(whole, catalogue)));
        if best.1 < best.0 * 12 || best.1 < Duration::from_millis(60) {
            return;
        }
    }
    panic!("{:?}, {what}: {best:?}", catalogue.dialect);
}

#[test]
fn the_time_of_a_statement_grows_with_its_length() {
    for (_, dialect) in shop::DIALECTS {
        let catalogue = shop::catalogue(dialect);
        let quarters = longest(dialect, 1 << 15).into_iter().chain(wordiest(dialect, 4));
        let wholes = longest(dialect, 1 << 17).into_iter().chain(wordiest(dialect, 1));
        for ((what, quarter), (_, whole)) in quarters.zip(wholes) {
            grows_with_the_length(what, &quarter, &whole, &catalogue);
        }
    }
}

#[test]
fn the_longest_statements_take_seconds_at_most() {
    for (name, dialect) in shop::DIALECTS {
        let catalogue = shop::catalogue(dialect);
        for (what, sql) in longest(dialect, 1 << 20).into_iter().filter(|(what, _)| what.contains("in")) {
            let took = time(&sql, &catalogue);
            assert!(took < Duration::from_secs(30), "{name}, {what}: {took:?}, without optimisation");
        }
    }
}

#[test]
fn what_is_longer_is_refused() {
    for (name, dialect) in shop::DIALECTS {
        let catalogue = shop::catalogue(dialect);
        let message = |sql: &str| guard(sql, &catalogue).err().map(|refusal| refusal.message).unwrap_or_default();
        let text = |length: usize| format!("SELECT '{}'", "a".repeat(length));
        assert_eq!(message(&text((1 << 20) - 9)), "", "{name}");
        assert_eq!(message(&text((1 << 20) - 8)), "the statement is longer than 1 MiB", "{name}");
        let chain = |links: usize| format!("SELECT 1{}", " + 1".repeat(links));
        assert_eq!(message(&chain(1000)), "", "{name}");
        assert!(message(&chain(1001)).starts_with("this is a very long chain"), "{name}");
        let tables = |many: usize| format!("SELECT 1 FROM {}", vec!["regions"; many].join(","));
        assert_eq!(message(&tables(300)), "", "{name}");
        assert!(message(&tables(301)).contains("too many tables"), "{name}");
        let words = |many: usize| format!("SELECT 1 FROM regions WHERE code IN ({})", vec!["code"; many - 6].join(","));
        assert_eq!(message(&words(6000 - 1)), "", "{name}");
        assert!(message(&words(6000)).contains("too many words"), "{name}");
        let values = |many: usize| format!("SELECT 1{}", ",1".repeat((many - 2) / 2));
        assert_eq!(message(&values(100_000)), "", "{name}");
        assert!(message(&values(100_002)).contains("too many values"), "{name}");
        let joins =
            |many: usize| format!("SELECT 1 FROM (SELECT 1) AS a{}", " CROSS JOIN (SELECT 1) AS b".repeat(many));
        assert_eq!(message(&joins(300)), "", "{name}");
        assert!(message(&joins(301)).contains("too many joins"), "{name}");
    }
}

/// More values than a protocol can carry are refused here, not by a server: a viewer may have many courses.
#[test]
fn no_more_places_than_can_be_bound() {
    for (name, dialect) in shop::DIALECTS {
        let most = if dialect == Dialect::Sqlite { 32_766 } else { 65_535 };
        let guarded = |values: usize, places: usize| {
            let column = "x".to_owned();
            let fence = Fence::Rows(Predicate::In { column, values: (0..values).map(Operand).collect() });
            let schema = shop::own_schema(dialect);
            let relations = vec![shop::relation(schema, "t", &["x:int"], fence)];
            let catalogue = Catalogue { dialect, schema: schema.to_owned(), relations };
            let place =
                |number: usize| if dialect == Dialect::Postgres { format!("${number}") } else { "?".to_owned() };
            let places: Vec<String> = (1..=places).map(place).collect();
            let guarded = guard(&format!("SELECT 1 FROM t AS a, t AS b WHERE 1 IN ({})", places.join(",")), &catalogue);
            guarded.inspect(|guarded| output::check(guarded, &catalogue))
        };
        let places = most % 2 + 2;
        assert_eq!(guarded((most - places) / 2, places).unwrap().binds.len(), most, "{name}");
        let refusal = guarded((most - places) / 2, places + 1).err().unwrap();
        assert!(refusal.message.contains("more values than can be bound"), "{name}: {refusal}");
    }
}
