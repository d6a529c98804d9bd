//! Attacks on a table of canaries, as one of two tenants that do not exist.
//!
//! Tenant A has three rows, whose secrets are the texts `1`, `2` and `3`; tenant B has twenty, whose secrets are no
//! numbers. What a statement must give follows from A's rows alone.

/// An attack. `{t}` is the table, by its qualified name; `{n}` by its name alone.
pub(super) struct Probe {
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    /// The first cell of the answer as a text, from A's rows alone; refusing is as good.
    pub(super) own: &'static str,
    /// Whether it is sent to the database alone too, where the level keeps tenants apart without the guard.
    pub(super) raw: bool,
    /// What anybody may ask: a guard that refuses it would prove nothing.
    pub(super) honest: bool,
}

const fn probe(name: &'static str, sql: &'static str, own: &'static str) -> Probe {
    Probe { name, sql, own, raw: true, honest: false }
}

const fn honest(name: &'static str, sql: &'static str, own: &'static str) -> Probe {
    Probe { name, sql, own, raw: true, honest: true }
}

/// Only where the guard is in front: the statement's answer is not one cell's business, or it waits.
const fn guarded(name: &'static str, sql: &'static str) -> Probe {
    Probe { name, sql, own: "", raw: false, honest: false }
}

pub(super) const COMMON: &[Probe] = &[
    honest("plain", "SELECT count(*) FROM {t}", "3"),
    honest("subquery", "SELECT (SELECT max(secret) FROM {t}) AS x", "3"),
    probe("order-by-subquery", "SELECT max(id) FROM {t} ORDER BY (SELECT max(secret) FROM {t} o2)", "3"),
    honest("cte", "WITH x AS (SELECT * FROM {t}) SELECT max(secret) FROM x", "3"),
    probe("cte-named-like-the-table", "WITH {n} AS (SELECT * FROM {t}) SELECT max(secret) FROM {n}", "3"),
    probe("alias-named-like-the-table", "SELECT max(secret) FROM (SELECT * FROM {t}) {n}", "3"),
    honest(
        "union",
        "SELECT max(secret) FROM (SELECT secret FROM {t} WHERE 1 = 0 UNION ALL SELECT secret FROM {t}) x",
        "3",
    ),
    honest("outer-join", "SELECT count(y.secret) FROM (SELECT 1 AS one) x LEFT JOIN {t} y ON 1 = 1", "3"),
    honest(
        "exists",
        "SELECT count(*) FROM (SELECT 1 AS one) x WHERE EXISTS (SELECT 1 FROM {t} WHERE secret LIKE 'CANARY%')",
        "0",
    ),
    honest("inference", "SELECT CASE WHEN (SELECT count(*) FROM {t}) > 5 THEN 'many' ELSE 'few' END", "few"),
    honest("divisor", "SELECT count(*) FROM {t} WHERE 1 / (amount - 777) > 5", "0"),
];

pub(super) const POSTGRES: &[Probe] = &[
    probe("cast-oracle", "SELECT count(*) FROM {t} WHERE secret::int >= 0", "3"),
    probe("cast-oracle-bool", "SELECT count(*) FROM {t} WHERE length(secret) > 0 AND secret::numeric > 0", "3"),
    probe("set-config", "SELECT count(*) FROM {t} WHERE set_config('app.tenant', 'b', true) IS NOT NULL", "3"),
    probe("set-role", "SELECT count(*) FROM {t} WHERE set_config('search_path', 'pg_temp', true) IS NOT NULL", "3"),
    probe("row-security-off", "SELECT count(*) FROM {t} WHERE set_config('row_security', 'on', true) IS NOT NULL", "3"),
    probe("only", "SELECT max(secret) FROM ONLY {t}", "3"),
    probe("table-command", "SELECT max(secret) FROM (TABLE {t}) x", "3"),
    probe(
        "query-to-xml",
        "SELECT count(*) FROM (SELECT query_to_xml('select secret from {t}', true, false, '')::text AS x) y WHERE x LIKE '%CANARY%'",
        "0",
    ),
    probe(
        "ts-stat",
        "SELECT count(*) FROM ts_stat('select to_tsvector(''simple'', secret) from {t}') WHERE word LIKE 'canary%'",
        "0",
    ),
    probe(
        "statistics",
        "SELECT count(*) FROM pg_stats WHERE tablename = 'cloison_probe' AND most_common_vals::text LIKE '%CANARY%'",
        "0",
    ),
    guarded("catalogue", "SELECT count(*) FROM pg_catalog.pg_class"),
    guarded("sleep", "SELECT pg_sleep(30)"),
    guarded("lock", "SELECT pg_advisory_lock(42)"),
    guarded("file", "SELECT pg_read_file('/etc/hostname')"),
    guarded("delete-in-cte", "WITH d AS (DELETE FROM {t} RETURNING secret) SELECT * FROM d"),
    guarded("explain", "EXPLAIN ANALYZE SELECT * FROM {t}"),
];

pub(super) const MYSQL: &[Probe] = &[
    probe("number-as-text", "SELECT max(secret) FROM {t} WHERE tenant_id = 0", "3"),
    probe("exp-oracle", "SELECT count(*) FROM {t} WHERE exp(if(secret LIKE 'CANARY%', 710, 1)) > 0", "3"),
    probe("exp-oracle-in-select", "SELECT sum(exp(if(secret LIKE 'CANARY%', 710, 0))) FROM {t}", "3"),
    probe("executable-comment", "SELECT 'x' /*!50000 UNION SELECT max(secret) FROM {t} */", "x"),
    guarded("procedure-analyse", "SELECT * FROM {t} PROCEDURE ANALYSE()"),
    guarded("user-variable", "SELECT max(secret) FROM (SELECT @tenant:='b') q STRAIGHT_JOIN {t}"),
    guarded("sleep", "SELECT sleep(30)"),
    guarded("file", "SELECT LOAD_FILE('/etc/hostname')"),
    guarded("outfile", "SELECT secret FROM {t} INTO OUTFILE '/tmp/cloison-probe'"),
    guarded("handler", "HANDLER {t} OPEN"),
    guarded("execute-immediate", "EXECUTE IMMEDIATE 'SELECT 1'"),
    guarded("statistics", "SELECT table_rows FROM information_schema.tables"),
];
