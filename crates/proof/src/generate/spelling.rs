//! Every way to write the name of a table, and of the column that holds others' secrets.

use super::{HELD, Made};
use crate::corpus::Expect;
use crate::engine::Engine;
use crate::fixture::UNDECLARED;

/// Spellings of a relation: `{r}` is its name, `{R}` the name in capitals, `{C}` with one, `{h}` and `{t}` its first
/// letter and the rest.
const POSTGRES: &[&str] = &[
    "{r}",
    "{R}",
    "{C}",
    "\"{r}\"",
    "\"{R}\"",
    "\"{C}\"",
    "app.{r}",
    "APP.{R}",
    "App.{C}",
    "\"app\".{r}",
    "app.\"{r}\"",
    "\"app\".\"{r}\"",
    "\"APP\".{r}",
    "app . {r}",
    "app\n.\n{r}",
    "app/**/./**/{r}",
    "app./* a /* b */ */{r}",
    "app.--x\n{r}",
    "/**/{r}/**/",
    "ONLY {r}",
    "ONLY app.{r}",
    "ONLY ({r})",
    "only(app.{r})",
    "{r} *",
    "{r}*",
    "app.{r} *",
    "U&\"{r}\"",
    "u&\"\\006{d}{t}\"",
    "U&\"!006{d}{t}\" UESCAPE '!'",
    "U&\"\\+00006{d}{t}\"",
    "app.U&\"\\006{d}{t}\"",
    "public.{r}",
    "pg_catalog.{r}",
    "pg_temp.{r}",
    "postgres.app.{r}",
    "a.app.{r}",
    "a.b.app.{r}",
    "\"app.{r}\"",
    "\"{r} \"",
    "\" {r}\"",
    "\"{r}\u{200b}\"",
    "\"\u{feff}{r}\"",
    "{r}\u{a0}",
    "\u{ff4f}{t}",
    "\u{43e}{t}",
    "\"\u{43e}{t}\"",
    "({r})",
    "({r} AS o)",
    "(({r}) CROSS JOIN regions)",
    "({r} CROSS JOIN regions)",
    "(TABLE {r}) AS o",
    "(TABLE app.{r}) o",
    "(TABLE ONLY {r}) o",
    "(SELECT * FROM {r}) o",
    "(VALUES ('0') UNION ALL SELECT secret FROM {r}) AS o (secret)",
    "(VALUES ('0') UNION TABLE regions) AS o (secret, y)",
    "LATERAL (SELECT * FROM {r}) o",
    "LATERAL {r}",
    "{r}()",
    "app.{r}()",
    "ROWS FROM ({r}())",
    "{r} TABLESAMPLE SYSTEM (100)",
    "{r} TABLESAMPLE BERNOULLI (100) REPEATABLE (1)",
    "{r} AS o",
    "{r} o",
    "{r} AS \"o\"",
    "{r} AS {r}",
    "{r} AS app",
    "{r} AS regions",
    "{r} AS \"select\"",
    "{r} AS \"{R}\"",
    "{r} AS \"a.b\"",
    "{r} AS \"a\"\"b\"",
    "{r} AS \"\u{43e}rders\"",
    "{r} AS o (a)",
    "{r} AS o (a, b)",
    "{r} AS secret",
    "{r} \"tenant_id\"",
    "regions, {r}",
    "regions r CROSS JOIN {r}",
    "regions r JOIN {r} ON true",
    "regions r, LATERAL (SELECT * FROM {r}) o",
    "{r} a, {r} b",
    "{r} FOR UPDATE",
    "{r} AS o FOR SHARE",
    "'{r}'",
    "E'{r}'",
    "$${r}$$",
    "\"{r}",
    "{r}\0",
    "`{r}`",
    "[{r}]",
    "app..{r}",
    ".{r}",
    "{r}.",
    "information_schema.tables",
    "pg_class",
    "\"{h}\"\"{t}\"",
    "{h}\\{t}",
    "{h}/**/{t}",
    "current_schema.{r}",
    "(WITH {r} AS (SELECT * FROM {r}) SELECT * FROM {r}) o",
    "(WITH RECURSIVE o AS (SELECT * FROM {r}) SELECT * FROM o) o",
    "(WITH x AS (SELECT 1) SELECT * FROM {r}) o",
    "{r} NATURAL JOIN {r} q",
    "{r} JOIN regions USING (id)",
    "(SELECT ({r}).* FROM {r}) o",
    "(SELECT o.* FROM {r} o) o",
    "(SELECT {r} AS secret FROM {r}) o",
];

const MARIADB: &[&str] = &[
    "{r}",
    "{R}",
    "{C}",
    "`{r}`",
    "`{R}`",
    "`app`.`{r}`",
    "`app`.{r}",
    "`app` . {r}",
    "`app`\n.\n`{r}`",
    "`app`/**/./**/{r}",
    "`app`.-- x\n{r}",
    "`app`.#x\n{r}",
    "/**/{r}/**/",
    "/*!{r}*/",
    "/*!50000 {r}*/",
    "/*!50000{r}*/",
    "/*M!100000 {r}*/",
    "/*!99999 regions*/ {r}",
    "/*!50000 `app`.*/{r}",
    ".{r}",
    ".`{r}`",
    "`app`..{r}",
    "`{r} `",
    "` {r}`",
    "`{r}\u{200b}`",
    "\u{ff4f}{t}",
    "\u{43e}{t}",
    "`\u{43e}{t}`",
    "'{r}'",
    "\"{r}\"",
    "[{r}]",
    "`{h}``{t}`",
    "{h}/**/{t}",
    "({r})",
    "({r} AS o)",
    "(({r}))",
    "({r} CROSS JOIN regions)",
    "({r}, regions)",
    "(SELECT * FROM {r}) o",
    "(TABLE {r}) o",
    "(VALUES ('0') UNION ALL SELECT secret FROM {r}) o (secret)",
    "{r} AS o",
    "{r} o",
    "{r} AS `o`",
    "{r} AS 'o'",
    "{r} AS \"o\"",
    "{r} AS {r}",
    "{r} AS app",
    "{r} AS regions",
    "{r} AS `select`",
    "{r} AS `a.b`",
    "{r} AS `a``b`",
    "{r} AS o (a)",
    "{r} AS secret",
    "{r} `tenant_id`",
    "regions, {r}",
    "regions r CROSS JOIN {r}",
    "regions r STRAIGHT_JOIN {r}",
    "regions r INNER JOIN {r}",
    "{r} a, {r} b",
    "{r} USE INDEX (PRIMARY)",
    "{r} FORCE INDEX (PRIMARY)",
    "{r} IGNORE INDEX FOR JOIN (PRIMARY)",
    "{r} PARTITION (p0)",
    "{r} FOR SYSTEM_TIME ALL",
    "{r} FOR SYSTEM_TIME AS OF NOW()",
    "{r} FOR UPDATE",
    "{r} LOCK IN SHARE MODE",
    "{OJ {r} LEFT OUTER JOIN regions r ON 1}",
    "{ oj {r} left join regions r on 1 = 1 }",
    "information_schema.tables",
    "mysql.user",
    "information_schema.innodb_sys_tables",
    "dual",
    "seq_1_to_3",
    "`app`.seq_1_to_3",
    "information_schema.{r}",
    "def.`app`.{r}",
    "(WITH {r} AS (SELECT * FROM {r}) SELECT * FROM {r}) o",
    "(WITH RECURSIVE o AS (SELECT * FROM {r}) SELECT * FROM o) o",
    "{r} NATURAL JOIN {r} q",
    "{r} JOIN regions USING (id)",
    "(SELECT o.* FROM {r} o) o",
    "(SELECT {r}.* FROM {r}) o",
    "(SELECT `app`.{r}.* FROM `app`.{r}) o",
    "(SELECT * FROM {r} LIMIT 18446744073709551615) o",
    "@{r}",
    "@@{r}",
    "?",
    ":{r}",
    "{r};",
    "{r} -- ",
    "{r}#",
    "{r}\0",
    "{r}\\",
    "_utf8mb4'{r}'",
    "JSON_TABLE('[1]', '$[*]' COLUMNS (secret INT PATH '$')) {r}",
];

const SQLITE: &[&str] = &[
    "{r}",
    "{R}",
    "{C}",
    "\"{r}\"",
    "\"{R}\"",
    "'{r}'",
    "'{R}'",
    "[{r}]",
    "[{R}]",
    "`{r}`",
    "main.{r}",
    "MAIN.{R}",
    "\"main\".\"{r}\"",
    "[main].[{r}]",
    "'main'.'{r}'",
    "`main`.`{r}`",
    "main . {r}",
    "main/**/./**/{r}",
    "main.--x\n{r}",
    "/**/{r}/**/",
    "temp.{r}",
    "\"temp\".{r}",
    "aux.{r}",
    "main..{r}",
    "main.main.{r}",
    ".{r}",
    "\"{r} \"",
    "\" {r}\"",
    "\"{r}\u{200b}\"",
    "{r}\u{a0}",
    "\u{ff4f}{t}",
    "\u{43e}{t}",
    "\"\u{43e}{t}\"",
    "\"{h}\"\"{t}\"",
    "{h}/**/{t}",
    "({r})",
    "({r} AS o)",
    "(({r}))",
    "({r} CROSS JOIN regions)",
    "({r}, regions)",
    "(SELECT * FROM {r}) o",
    "(SELECT * FROM {r})",
    "(TABLE {r}) o",
    "(VALUES ('0') UNION ALL SELECT secret FROM {r}) o",
    "{r}()",
    "{r}(1)",
    "main.{r}()",
    "{r} INDEXED BY x",
    "{r} NOT INDEXED",
    "{r} AS o",
    "{r} o",
    "{r} AS \"o\"",
    "{r} AS 'o'",
    "{r} AS [o]",
    "{r} AS {r}",
    "{r} AS main",
    "{r} AS regions",
    "{r} AS \"select\"",
    "{r} AS \"a.b\"",
    "{r} AS o (a)",
    "{r} AS secret",
    "{r} \"tenant_id\"",
    "regions, {r}",
    "regions r CROSS JOIN {r}",
    "regions r JOIN {r}",
    "{r} a, {r} b",
    "{r} NATURAL JOIN {r} q",
    "{r} JOIN regions USING (id)",
    "sqlite_master",
    "sqlite_schema",
    "main.sqlite_master",
    "sqlite_temp_master",
    "sqlite_stat1",
    "pragma_table_info('{r}')",
    "pragma_table_list",
    "dbstat",
    "sqlite_dbpage",
    "fts3tokenize",
    "json_each('[1]') {r}",
    "json_each",
    "json_tree('[1]')",
    "(WITH {r} AS (SELECT * FROM {r}) SELECT * FROM {r}) o",
    "(WITH {r} AS (SELECT * FROM main.{r}) SELECT * FROM {r}) o",
    "(WITH RECURSIVE o AS (SELECT * FROM {r}) SELECT * FROM o) o",
    "(SELECT o.* FROM {r} o) o",
    "(SELECT {r}.* FROM {r}) o",
    "?",
    ":{r}",
    "@{r}",
    "${r}",
    "{r};",
    "{r}\0",
    "x'6f7264657273'",
    "{r} LEFT JOIN regions r ON 1",
    "{r} RIGHT JOIN regions r ON 1",
    "{r} FULL JOIN regions r ON 1",
];

/// Spellings of the column, where the table is `orders` with the alias `o`.
const COLUMNS: &[(Option<Engine>, &str)] = &[
    (None, "secret"),
    (None, "SECRET"),
    (None, "Secret"),
    (None, "o.secret"),
    (None, "O.SECRET"),
    (None, "o . secret"),
    (None, "o./**/secret"),
    (None, "(o.secret)"),
    (None, "orders.secret"),
    (None, "o.\u{455}ecret"),
    (None, "\u{ff53}ecret"),
    (None, "o.*"),
    (None, "*"),
    (None, "o.secret secret"),
    (None, "o.secret AS tenant_id"),
    (None, "(SELECT o.secret)"),
    (None, "(SELECT secret)"),
    (None, "o.ctid"),
    (None, "o.xmin"),
    (None, "o.tableoid"),
    (None, "rowid"),
    (None, "o.rowid"),
    (None, "o.oid"),
    (None, "_rowid_"),
    (None, "o._rowid_"),
    (Some(Engine::Postgres), "\"secret\""),
    (Some(Engine::Postgres), "\"SECRET\""),
    (Some(Engine::Postgres), "o.\"secret\""),
    (Some(Engine::Postgres), "\"o\".\"secret\""),
    (Some(Engine::Postgres), "app.orders.secret"),
    (Some(Engine::Postgres), "app.o.secret"),
    (Some(Engine::Postgres), "(o).secret"),
    (Some(Engine::Postgres), "(o.*).secret"),
    (Some(Engine::Postgres), "(o).*"),
    (Some(Engine::Postgres), "o"),
    (Some(Engine::Postgres), "o::text"),
    (Some(Engine::Postgres), "o.*::text"),
    (Some(Engine::Postgres), "row(o.*)"),
    (Some(Engine::Postgres), "row(o)"),
    (Some(Engine::Postgres), "row_to_json(o)"),
    (Some(Engine::Postgres), "to_jsonb(o) ->> 'secret'"),
    (Some(Engine::Postgres), "to_jsonb(o.*)"),
    (Some(Engine::Postgres), "jsonb_agg(o)"),
    (Some(Engine::Postgres), "array_agg(o)"),
    (Some(Engine::Postgres), "count(o)"),
    (Some(Engine::Postgres), "count(o.*)"),
    (Some(Engine::Postgres), "secret(o)"),
    (Some(Engine::Postgres), "o.text"),
    (Some(Engine::Postgres), "text(o)"),
    (Some(Engine::Postgres), "o.name"),
    (Some(Engine::Postgres), "format('%s', o)"),
    (Some(Engine::Postgres), "concat(o, '')"),
    (Some(Engine::Postgres), "o IS NULL"),
    (Some(Engine::Postgres), "o = o"),
    (Some(Engine::Postgres), "coalesce(o, o)"),
    (Some(Engine::Postgres), "max(o.secret) OVER ()"),
    (Some(Engine::Postgres), "U&\"\\0073ecret\""),
    (Some(Engine::Postgres), "o.U&\"\\0073ecret\""),
    (Some(Engine::Postgres), "o.secret::text COLLATE \"C\""),
    (Some(Engine::Postgres), "o.secret[1]"),
    (Some(Engine::Postgres), "jsonb_populate_record(o, '{}')"),
    (Some(Engine::Postgres), "current_database.orders.secret"),
    (Some(Engine::Mariadb), "`secret`"),
    (Some(Engine::Mariadb), "`SECRET`"),
    (Some(Engine::Mariadb), "o.`secret`"),
    (Some(Engine::Mariadb), "`app`.orders.secret"),
    (Some(Engine::Mariadb), "`app`.o.secret"),
    (Some(Engine::Mariadb), ".orders.secret"),
    (Some(Engine::Mariadb), ".o.secret"),
    (Some(Engine::Mariadb), "`secret `"),
    (Some(Engine::Mariadb), "/*!secret*/"),
    (Some(Engine::Mariadb), "/*!50000 o.*/secret"),
    (Some(Engine::Mariadb), "\"secret\""),
    (Some(Engine::Mariadb), "BINARY o.secret"),
    (Some(Engine::Mariadb), "o.secret COLLATE utf8mb4_bin"),
    (Some(Engine::Mariadb), "default(secret)"),
    (Some(Engine::Mariadb), "values(secret)"),
    (Some(Engine::Mariadb), "o.secret 'secret'"),
    (Some(Engine::Mariadb), "`app`.o.*"),
    (Some(Engine::Mariadb), "`app`.orders.*"),
    (Some(Engine::Sqlite), "\"secret\""),
    (Some(Engine::Sqlite), "'secret'"),
    (Some(Engine::Sqlite), "[secret]"),
    (Some(Engine::Sqlite), "`secret`"),
    (Some(Engine::Sqlite), "o.\"secret\""),
    (Some(Engine::Sqlite), "o.'secret'"),
    (Some(Engine::Sqlite), "[o].[secret]"),
    (Some(Engine::Sqlite), "main.orders.secret"),
    (Some(Engine::Sqlite), "main.o.secret"),
    (Some(Engine::Sqlite), "\"nothing\""),
    (Some(Engine::Sqlite), "o.secret COLLATE nocase"),
    (Some(Engine::Sqlite), "(o.secret, o.note) = (1, 2)"),
];

/// What is read from a relation, however it is spelled.
const FRAMES: [&str; 3] = ["SELECT max(secret) AS x FROM {}", "SELECT count(*) AS x FROM {}", "SELECT * FROM {}"];

/// Every spelling of every relation, and of the column.
pub fn all(engine: Engine) -> Vec<Made> {
    let spellings = match engine {
        Engine::Postgres => POSTGRES,
        Engine::Mariadb => MARIADB,
        Engine::Sqlite => SQLITE,
    };
    let declared = HELD.iter().map(|held| (held.name, Expect::EqOrReject));
    // What nobody declared shows all rows: it is refused, however it is spelled.
    let undeclared = UNDECLARED.iter().map(|name| (*name, Expect::Reject));
    let mut all = Vec::new();
    for (name, expect) in declared.chain(undeclared) {
        for (number, spelling) in spellings.iter().enumerate() {
            let expect = expected(engine, spelling, expect);
            for (frame, sql) in FRAMES.iter().enumerate() {
                let sql = sql.replace("{}", &spelled(spelling, name));
                all.push(Made { id: format!("spelling:{name}:{number}:{frame}"), sql, expect });
            }
        }
    }
    for (number, (of, spelling)) in COLUMNS.iter().enumerate() {
        if of.is_none_or(|of| of == engine) {
            let expect = expected_of_column(engine, spelling);
            for (frame, table) in ["orders o", "orders"].iter().enumerate() {
                let id = format!("spelling:column:{number}:{frame}");
                let sql = format!("SELECT {spelling} FROM {table} ORDER BY 1");
                all.push(Made { id, sql, expect });
                let sql = format!(
                    "SELECT r.id FROM regions r WHERE EXISTS (SELECT 1 FROM {table} WHERE {spelling} IS NOT NULL)"
                );
                let id = format!("spelling:column-where:{number}:{frame}");
                all.push(Made { id, sql, expect });
            }
        }
    }
    all
}

/// What must come of a spelling, where `plain` is what must come of the relation itself.
fn expected(engine: Engine, spelling: &str, plain: Expect) -> Expect {
    let capitals = ["{R}", "{C}"].iter().any(|hole| spelling.contains(hole));
    let names = capitals || ["{r}", "{t}"].iter().any(|hole| spelling.contains(hole));
    // Answers that are nobody else's, and not a silo's in something else than rows.
    let particular = match spelling {
        // A row of a derived table is of another type than one of the table, and so are its bytes.
        "(SELECT {r} AS secret FROM {r}) o" => true,
        // A view has no partitions, and neither engine minds.
        "{r} PARTITION (p0)" => true,
        _ if spelling.to_ascii_lowercase().contains("only") => true,
        // The guard tells capitals of tables apart only where both spellings are there; MariaDB does on some systems.
        _ => capitals && engine == Engine::Mariadb,
    };
    match spelling {
        // In SQLite it means itself, and that is an error in a silo too.
        _ if spelling.starts_with("(WITH {r} AS (SELECT * FROM {r})") => Expect::EqOrReject,
        // Some of them name something else altogether: nothing of anybody's, or a catalogue.
        _ if harmless(spelling) => Expect::EqOrReject,
        _ if !names => Expect::Reject,
        _ if particular && plain != Expect::Reject => Expect::NoLeak,
        _ => plain,
    }
}

/// What must come of a spelling of the column.
fn expected_of_column(engine: Engine, spelling: &str) -> Expect {
    match (engine, spelling) {
        // What only PostgreSQL has, and no tenant is to see: where a row lies, and who wrote it.
        (Engine::Postgres, "o.ctid" | "o.xmin" | "o.tableoid") => Expect::Reject,
        // A row of a derived table is of another type than one of the table.
        (Engine::Postgres, "array_agg(o)") => Expect::NoLeak,
        // The guard does not tell capitals of aliases apart; MariaDB does on some systems.
        (Engine::Mariadb, "O.SECRET") => Expect::NoLeak,
        _ => Expect::EqOrReject,
    }
}

/// Whether a spelling without a relation's name reads nothing that is there.
fn harmless(spelling: &str) -> bool {
    ["seq_", "dual", "json_", "?", "fts3", "x'", "`app`.seq_"].iter().any(|begin| spelling.starts_with(begin))
}

fn spelled(spelling: &str, name: &str) -> String {
    let (head, tail) = name.split_at(1);
    // The last digit of the first letter's number in Unicode: all of our names begin with one from `a` to `o`.
    let digit = head.bytes().next().map(|byte| format!("{:x}", byte & 15)).unwrap_or_default();
    spelling
        .replace("{r}", name)
        .replace("{R}", &name.to_uppercase())
        .replace("{C}", &format!("{}{tail}", head.to_uppercase()))
        .replace("{h}", head)
        .replace("{t}", tail)
        .replace("{d}", &digit)
}
