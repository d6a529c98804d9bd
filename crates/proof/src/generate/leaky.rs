//! Predicates that cost little and fail on others' values only, at every place where one may stand, over every form of
//! row rule: an engine that tries them on others' rows before the rule tells of them by its error.

use super::{HELD, Held, Made};
use crate::corpus::Expect;
use crate::engine::Engine;

/// A predicate that holds for A's rows and fails on others'. `{s}` is the text, `{n}` the number, `{z}` what is zero in
/// another's row only.
const POSTGRES: &[(&str, &str)] = &[
    ("cast-int", "{s}::int >= 0"),
    ("cast-numeric", "CAST({s} AS numeric) >= 0"),
    ("cast-float", "{s}::float8 >= 0"),
    ("cast-small", "({n} * 100)::int2 < 32000"),
    ("cast-bit", "({s} || '')::int::bit(40) IS NOT NULL"),
    ("cast-uuid", "('00000000-0000-4000-8000-' || lpad({s}, 12, '0'))::uuid IS NOT NULL"),
    ("cast-inet", "('10.0.0.' || {s})::inet IS NOT NULL"),
    ("cast-json", "{s}::json IS NOT NULL"),
    ("cast-jsonb", "{s}::jsonb @> '0' OR TRUE = ({s}::jsonb IS NOT NULL)"),
    ("cast-interval", "({s} || ' days')::interval >= INTERVAL '0 days'"),
    ("cast-time", "('2020-01-01 00:' || lpad({s}, 2, '0'))::timestamp IS NOT NULL"),
    ("cast-money", "{s}::money IS NOT NULL"),
    ("cast-range", "('[0,' || {s} || ']')::int4range IS NOT NULL"),
    ("cast-array", "('{' || {n} || CASE WHEN {n} > 700 THEN '' ELSE '}' END)::int[] IS NOT NULL"),
    ("cast-point", "('(' || {s} || ',1)')::point IS NOT NULL"),
    ("to-number", "to_number({s}, '99') >= 0"),
    ("to-date", "to_date('20200101' || CASE WHEN {n} > 700 THEN 'x' ELSE '' END, 'YYYYMMDDFXHH24') IS NULL OR TRUE"),
    ("divide", "100 / {z} < 101"),
    ("modulo", "100 % {z} < 101"),
    ("overflow-int", "{n}::int4 * 2800000 < 2147483647"),
    ("overflow-exp", "exp({n}::float8) > 0"),
    ("overflow-power", "power(10::float8, {n}) > 0"),
    ("sqrt", "sqrt((776 - {n})::float8) >= 0"),
    ("ln", "ln((776 - {n})::numeric) > 0"),
    ("log", "log((776 - {n})::numeric) > 0"),
    ("asin", "asin({n}::float8 / 777) IS NOT NULL AND asin({n}::float8 / 776) IS NOT NULL"),
    ("date", "DATE '2020-01-01' + {n} * INTERVAL '1000 years' IS NOT NULL"),
    ("make-date", "make_date(2020, 1 + CASE WHEN {n} > 700 THEN 12 ELSE 0 END, 1) IS NOT NULL"),
    ("extract", "extract(day FROM ({s} || ' days')::interval) >= 0"),
    ("regexp", "'a' !~ CASE WHEN {n} > 700 THEN '(' ELSE 'b' END"),
    ("regexp-replace", "regexp_replace('a', CASE WHEN {n} > 700 THEN '[' ELSE 'a' END, 'b') = 'b'"),
    ("like", "'a' LIKE 'a' || CASE WHEN {n} > 700 THEN chr(92) ELSE '' END"),
    ("substring", "substring('abc' FROM 1 FOR (776 - {n})::int) IS NOT NULL"),
    ("chr", "chr((CASE WHEN {n} > 700 THEN 0 ELSE 65 END)::int) = 'A'"),
    ("decode", "decode(lpad({s}, 4, '0'), 'hex') IS NOT NULL"),
    ("get-byte", "get_byte('abc'::bytea, (CASE WHEN {n} > 700 THEN 9 ELSE 0 END)) > 0"),
    ("split-part", "split_part('a', ',', (CASE WHEN {n} > 700 THEN 0 ELSE 1 END)) = 'a'"),
    ("jsonpath", "jsonb_path_exists('1', (CASE WHEN {n} > 700 THEN '$$' ELSE '$' END)::jsonpath)"),
    ("json-set", "jsonb_set('[1]', CASE WHEN {n} > 700 THEN ARRAY['x'] ELSE ARRAY['0'] END, '2') IS NOT NULL"),
    ("two-rows", "(SELECT q.id FROM regions q WHERE q.id <= CASE WHEN {n} > 700 THEN 2 ELSE 1 END) = 1"),
    ("series", "(SELECT count(*) FROM generate_series(1, 3, CASE WHEN {n} > 700 THEN 0 ELSE 1 END)) = 3"),
    ("width-bucket", "width_bucket(5.0, 0.0, 10.0, (776 - {n})::int) > 0"),
    (
        "time-zone",
        "TIMESTAMP '2020-01-01' AT TIME ZONE (CASE WHEN {n} > 700 THEN 'No/Where' ELSE 'UTC' END) IS NOT NULL",
    ),
    ("tsquery", "(CASE WHEN {n} > 700 THEN 'a &' ELSE 'a' END)::tsquery IS NOT NULL"),
    ("date-trunc", "date_trunc(CASE WHEN {n} > 700 THEN 'none' ELSE 'day' END, TIMESTAMP '2020-01-01') IS NOT NULL"),
    ("encode", "encode('a', CASE WHEN {n} > 700 THEN {s} ELSE 'hex' END) IS NOT NULL"),
];

const MARIADB: &[(&str, &str)] = &[
    ("exp", "exp({n}) > 0"),
    ("exp-if", "exp(if({n} > 700, 710, 1)) > 0"),
    ("pow", "pow(10, {n}) > 0"),
    ("cot", "cot(if({n} > 700, 0, 1)) > 0"),
    ("bigint-plus", "9223372036854775100 + {n} > 0"),
    ("bigint-times", "9223372036854775 * {n} < 9223372036854775807"),
    ("bigint-minus", "-9223372036854775100 - {n} < 0"),
    ("unsigned-minus", "CAST(776 AS unsigned) - {n} > 0"),
    ("abs", "abs(if({n} > 700, -9223372036854775808, 1)) > 0"),
    ("double", "1e305 * {n} > -1e308"),
    ("decimal", "CAST({n} AS decimal(65, 0)) * if({n} > 700, 9e307, 1) * 10 > -999"),
    ("two-rows", "(SELECT q.id FROM regions q WHERE q.id <= if({n} > 700, 2, 1)) = 1"),
    ("regexp", "'a' NOT REGEXP if({n} > 700, '(', 'b')"),
    ("regexp-replace", "regexp_replace('a', if({n} > 700, '[', 'a'), 'b') = 'b'"),
    ("regexp-instr", "regexp_instr('a', if({n} > 700, '*', 'a')) = 1"),
    ("json", "json_valid(json_extract(if({n} > 700, '{', '{}'), '$'))"),
    ("json-path", "json_extract('[1]', if({n} > 700, '$[', '$[0]')) = 1"),
    ("json-merge", "json_merge_preserve('[1]', if({n} > 700, '{', '[]')) IS NOT NULL"),
    ("cast-int", "CAST({s} AS signed) >= 0"),
    ("cast-date", "CAST(concat('2020-01-', lpad({s} + 1, 2, '0')) AS date) IS NOT NULL"),
    ("convert", "convert({s}, decimal(3, 0)) >= 0"),
    ("plus", "{s} + 0 >= 0"),
    ("divide", "100 / {z} IS NOT NULL"),
    ("div", "100 DIV {z} IS NOT NULL"),
    ("mod", "100 % {z} IS NOT NULL"),
    ("interval", "DATE '2020-01-01' + INTERVAL if({n} > 700, 99999999, 1) YEAR IS NOT NULL"),
    ("geometry", "st_x(st_geomfromtext(if({n} > 700, 'POINT(1', 'POINT(1 1)'))) = 1"),
    (
        "geojson",
        "st_geomfromgeojson(if({n} > 700, '{}', '{\"type\": \"Point\", \"coordinates\": [1, 1]}')) IS NOT NULL",
    ),
    ("inet", "inet_aton(concat('10.0.0.', {s})) IS NOT NULL"),
    ("unhex", "unhex(lpad({s}, 4, '0')) IS NOT NULL"),
    ("repeat", "rpad('a', 5, if({n} > 700, '', 'b')) IS NOT NULL"),
    ("uuid", "CAST(concat('00000000-0000-4000-8000-', lpad({s}, 12, '0')) AS uuid) IS NOT NULL"),
    ("inet6", "CAST(concat('::', {s}) AS inet6) IS NOT NULL"),
];

const SQLITE: &[(&str, &str)] = &[
    ("json", "json({s}) IS NOT NULL"),
    ("json-array", "json('[' || {s} || ']') IS NOT NULL"),
    ("jsonb", "jsonb({s}) IS NOT NULL"),
    ("json-extract", "json_extract({s}, '$') >= 0"),
    ("json-arrow", "{s} -> '$' IS NOT NULL"),
    ("json-type", "json_type({s}) = 'integer'"),
    ("json-length", "json_array_length({s}) = 0"),
    ("json-quote", "json_quote({s}) IS NOT NULL"),
    ("json-path", "json_extract('[1]', CASE WHEN {n} > 700 THEN '$[' ELSE '$[0]' END) = 1"),
    ("json-set", "json_set('{}', CASE WHEN {n} > 700 THEN 'bad' ELSE '$.a' END, 1) IS NOT NULL"),
    ("json-remove", "json_remove('{}', CASE WHEN {n} > 700 THEN 'bad' ELSE '$.a' END) = '{}'"),
    ("json-object", "json_object(CASE WHEN {n} > 700 THEN 1 ELSE 'a' END, 1) IS NOT NULL"),
    ("json-each", "(SELECT count(*) FROM json_each({s})) = 1"),
    ("json-tree", "(SELECT count(*) FROM json_tree('[1]', CASE WHEN {n} > 700 THEN 'bad' ELSE '$' END)) = 2"),
    ("json-insert", "json_insert(CASE WHEN {n} > 700 THEN '{' ELSE '{}' END, '$.a', 1) IS NOT NULL"),
    ("json-valid", "json_valid({s}, CASE WHEN {n} > 700 THEN 99 ELSE 1 END)"),
    ("abs", "abs(CASE WHEN {n} > 700 THEN -9223372036854775807 - 1 ELSE 1 END) > 0"),
    ("sum", "(SELECT sum(q.id + CASE WHEN {n} > 700 THEN 9223372036854775800 ELSE 0 END) FROM regions q) > 0"),
    ("escape", "'a' LIKE 'a' ESCAPE CASE WHEN {n} > 700 THEN 'ab' ELSE '!' END"),
    (
        "nth",
        "(SELECT max(w.v) FROM (SELECT nth_value(q.id, CASE WHEN {n} > 700 THEN 0 ELSE 1 END) OVER (ORDER BY q.id) AS v FROM regions q) w) = 1",
    ),
    (
        "ntile",
        "(SELECT max(w.v) FROM (SELECT ntile(CASE WHEN {n} > 700 THEN 0 ELSE 1 END) OVER (ORDER BY q.id) AS v FROM regions q) w) = 1",
    ),
    ("unistr", "unistr(CASE WHEN {n} > 700 THEN '\\x' ELSE 'a' END) = 'a'"),
    ("mod", "mod(100, {z}) IS NOT NULL"),
    ("left", "left({s}, 2 * ({n} < 700)) <> ''"),
    ("regexp", "'a' REGEXP CASE WHEN {n} > 700 THEN '(' ELSE 'a' END"),
    ("printf", "printf('%.*f', CASE WHEN {n} > 700 THEN 999999999 ELSE 1 END, 1.0) IS NOT NULL"),
];

/// A statement that reads the table `{table}` and has the predicate `{p}` in one place. `{p:alias}` is the predicate
/// over the columns of that alias.
const PLACES: &[(&str, &str)] = &[
    ("where", "SELECT id FROM {table} WHERE {p} ORDER BY id"),
    ("where-first", "SELECT id FROM {table} WHERE {p} AND id > 0 ORDER BY id"),
    ("where-last", "SELECT id FROM {table} WHERE id > 0 AND {p} ORDER BY id"),
    ("where-or", "SELECT id FROM {table} WHERE id < 0 OR {p} ORDER BY id"),
    ("where-narrow", "SELECT id FROM {table} WHERE id >= 100 AND {p} ORDER BY id"),
    ("where-not", "SELECT count(*) AS n FROM {table} WHERE NOT ({p})"),
    ("join-on", "SELECT t.id FROM regions r JOIN {table} t ON {p:t} AND r.id = 1 ORDER BY t.id"),
    ("join-on-two", "SELECT t.id FROM {table} u JOIN {table} t ON u.id = t.id AND {p:t} ORDER BY t.id"),
    ("left-join-on", "SELECT r.id, t.id FROM regions r LEFT JOIN {table} t ON {p:t} ORDER BY r.id, t.id"),
    ("right-join-on", "SELECT r.id, t.id FROM {table} t RIGHT JOIN regions r ON {p:t} ORDER BY r.id, t.id"),
    ("comma", "SELECT t.id FROM {table} t, regions r WHERE r.id = t.id AND {p:t} ORDER BY t.id"),
    ("having", "SELECT t.id FROM {table} t GROUP BY {all} HAVING {p:t} ORDER BY t.id"),
    ("having-aggregate", "SELECT count(*) AS n FROM {table} t HAVING min(CASE WHEN {p:t} THEN 1 ELSE 0 END) < 2"),
    ("item", "SELECT id, CASE WHEN {p} THEN 1 ELSE 0 END AS y FROM {table} ORDER BY id"),
    ("item-limit", "SELECT CASE WHEN {p} THEN 1 ELSE 0 END AS y FROM {table} ORDER BY id LIMIT 2"),
    ("order-by", "SELECT id FROM {table} ORDER BY CASE WHEN {p} THEN 0 ELSE 1 END, id"),
    ("order-by-limit", "SELECT id FROM {table} ORDER BY CASE WHEN {p} THEN 0 ELSE 1 END, id LIMIT 1"),
    ("group-by", "SELECT count(*) AS n FROM {table} t GROUP BY CASE WHEN {p:t} THEN 0 ELSE 1 END"),
    ("aggregate", "SELECT sum(CASE WHEN {p} THEN 1 ELSE 0 END) AS n FROM {table}"),
    (
        "case-when",
        "SELECT CASE WHEN id > 0 THEN CASE WHEN {p} THEN 'a' ELSE 'b' END ELSE 'c' END AS y FROM {table} ORDER BY id",
    ),
    ("window", "SELECT id, count(*) OVER (PARTITION BY CASE WHEN {p} THEN 1 ELSE 0 END) AS n FROM {table} ORDER BY id"),
    ("exists", "SELECT r.id FROM regions r WHERE EXISTS (SELECT 1 FROM {table} t WHERE {p:t}) ORDER BY r.id"),
    (
        "exists-correlated",
        "SELECT r.id FROM regions r WHERE EXISTS (SELECT 1 FROM {table} t WHERE t.id >= r.id AND {p:t}) ORDER BY r.id",
    ),
    ("in", "SELECT r.id FROM regions r WHERE r.id IN (SELECT t.id FROM {table} t WHERE {p:t}) ORDER BY r.id"),
    ("in-other", "SELECT t.id FROM {table} t WHERE t.id IN (SELECT id FROM regions) AND {p:t} ORDER BY t.id"),
    ("scalar", "SELECT (SELECT count(*) FROM {table} t WHERE {p:t}) AS n FROM regions r ORDER BY r.id"),
    ("derived", "SELECT d.id FROM (SELECT * FROM {table}) d WHERE {p:d} ORDER BY d.id"),
    (
        "derived-deep",
        "SELECT d.id FROM (SELECT e.* FROM (SELECT * FROM {table}) e WHERE e.id > 0) d WHERE {p:d} ORDER BY d.id",
    ),
    ("derived-limit", "SELECT d.id FROM (SELECT * FROM {table} ORDER BY id LIMIT 100) d WHERE {p:d} ORDER BY d.id"),
    ("cte", "WITH c AS (SELECT * FROM {table}) SELECT c.id FROM c WHERE {p:c} ORDER BY c.id"),
    (
        "cte-twice",
        "WITH c AS (SELECT * FROM {table}) SELECT a.id FROM c a, c b WHERE a.id = b.id AND {p:b} ORDER BY a.id",
    ),
    ("union", "SELECT u.id FROM (SELECT id FROM {table} WHERE {p} UNION ALL SELECT 0) u ORDER BY u.id"),
    ("except", "SELECT e.id FROM (SELECT id FROM {table} EXCEPT SELECT id FROM {table} WHERE {p}) e ORDER BY e.id"),
    ("distinct", "SELECT DISTINCT CASE WHEN {p} THEN 1 ELSE 0 END AS y FROM {table}"),
    ("filter", "SELECT count(*) FILTER (WHERE {p}) AS n FROM {table}"),
    (
        "lateral",
        "SELECT l.y FROM {table} t CROSS JOIN LATERAL (SELECT CASE WHEN {p:t} THEN t.id ELSE 0 END AS y) l ORDER BY l.y",
    ),
    (
        "recursive",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION SELECT t.id FROM c JOIN {table} t ON t.id = c.n + 1 AND {p:t}) SELECT count(*) AS n FROM c",
    ),
    ("natural", "SELECT r.id FROM regions r NATURAL JOIN {table} t WHERE {p:t} ORDER BY r.id"),
    (
        "between-tables",
        "SELECT o.id FROM orders o JOIN {table} t ON t.id = o.id WHERE {p:t} AND o.amount >= 0 ORDER BY o.id",
    ),
    (
        "other-table-first",
        "SELECT count(*) AS n FROM orders o WHERE o.amount > 700 AND EXISTS (SELECT 1 FROM {table} t WHERE {p:t})",
    ),
];

/// Every predicate at every place over every form of row rule.
pub fn all(engine: Engine) -> Vec<Made> {
    let predicates = predicates(engine);
    let mut all = Vec::new();
    for table in HELD {
        for (place, frame) in PLACES {
            for (predicate, condition) in predicates {
                let id = format!("leaky:{predicate}:{place}:{}", table.name);
                all.push(Made { id, sql: statement(frame, condition, table), expect: Expect::EqOrReject });
            }
        }
    }
    all
}

/// The predicates of an engine, by name.
pub(super) const fn predicates(engine: Engine) -> &'static [(&'static str, &'static str)] {
    match engine {
        Engine::Postgres => POSTGRES,
        Engine::Mariadb => MARIADB,
        Engine::Sqlite => SQLITE,
    }
}

/// Every predicate at every place over one form of row rule, and every form has its turn.
pub fn some(engine: Engine) -> Vec<Made> {
    let (forms, predicates) = (HELD.len(), predicates(engine).len());
    let of_form = predicates * PLACES.len();
    let in_turn = |(number, made)| {
        let (form, rest) = (number / of_form, number % of_form);
        let (place, predicate) = (rest / predicates, rest % predicates);
        ((place + predicate) % forms == form).then_some(made)
    };
    all(engine).into_iter().enumerate().filter_map(in_turn).collect()
}

fn statement(frame: &str, condition: &str, table: Held) -> String {
    let mut sql = frame.replace("{table}", table.name).replace("{all}", &columns(table));
    sql = sql.replace("{p}", &predicate(condition, table, ""));
    for alias in ["t", "d", "c", "b"] {
        let hole = format!("{{p:{alias}}}");
        if sql.contains(&hole) {
            sql = sql.replace(&hole, &predicate(condition, table, &format!("{alias}.")));
        }
    }
    sql
}

/// The predicate over the columns of a table's alias; `prefix` ends with a dot, or is empty.
pub(super) fn predicate(condition: &str, table: Held, prefix: &str) -> String {
    let filled = condition
        .replace("{s}", &format!("{prefix}secret"))
        .replace("{n}", &table.of(table.number, prefix))
        .replace("{z}", &table.of(table.zero, prefix));
    format!("({filled})")
}

/// All that a predicate may name, for `GROUP BY`.
fn columns(table: Held) -> String {
    let number = table.number.trim_matches(|letter: char| !letter.is_ascii_alphabetic());
    if number == table.number { format!("t.id, t.secret, t.{number}") } else { "t.id, t.secret".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_are_all_but_for_the_table() {
        for engine in Engine::ALL {
            let without_table = |made: &Made| made.id.rsplit_once(':').unwrap().0.to_owned();
            let of = |made: Vec<Made>| made.iter().map(without_table).collect::<std::collections::BTreeSet<_>>();
            assert_eq!(of(some(engine)), of(all(engine)));
            assert_eq!(some(engine).len() * HELD.len(), all(engine).len());
        }
    }

    #[test]
    fn every_hole_is_filled() {
        for engine in Engine::ALL {
            for made in all(engine) {
                for hole in ["{s}", "{n}", "{z}", "{p", "{table}", "{all}"] {
                    assert!(!made.sql.contains(hole), "{}: {}", made.id, made.sql);
                }
            }
        }
    }
}
