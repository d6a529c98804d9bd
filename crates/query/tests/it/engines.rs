//! Each engine's own way to write SQL: literals, names, comments, places.

use query::{Engine, Snippets, check_for};
use serde_json::{Value, json};

use crate::world::{card, of};

const PARAMETERS: &str = r#"[{ "name": "x", "type": "text" }]"#;

fn parameters() -> Value {
    serde_json::from_str(PARAMETERS).unwrap()
}

/// The statement when `x` is `v`, without the value; or the error's message.
fn sql(template: &str, engine: Engine) -> String {
    let shown = of(&card(template, parameters()), json!({ "x": "v" }), engine);
    match shown.strip_suffix(" <- \"v\"") {
        Some(sql) => sql.to_owned(),
        None => shown,
    }
}

/// These are copied as they are, apart from the place at their end.
fn copies(engine: Engine, place: &str, templates: &[&str]) {
    for template in templates {
        assert_eq!(sql(&format!("{template}, {{{{x}}}}"), engine), format!("{template}, {place}"), "{engine:?}");
    }
}

/// These are refused.
fn refuses(engine: Engine, templates: &[&str]) {
    for template in templates {
        let shown = sql(&format!("{template}, {{{{x}}}}"), engine);
        assert!(shown.starts_with("template-invalid "), "{engine:?} {template}: {shown}");
    }
}

#[test]
fn postgres_reads_its_own_literals_operators_and_casts() {
    copies(
        Engine::Postgres,
        "$1",
        &[
            r"SELECT 'it''s', 'back\', '?'",
            r"SELECT E'it\'s', e'\\', 1",
            "SELECT E'a'\n  'b\\'c', 1",
            r#"SELECT "a ""quoted"" name?", U&"d\0061t", U&'\0061'"#,
            "SELECT $$it's $1 ?$$, $tag$ $$ ' $tag$, $é$ ' $é$",
            "SELECT a ? 'b', a ?| b, a @> b, a::text, b[1:2], a #>> c, 5 # 3, a %% b",
            "SELECT x$1, x$y$z, f(a => 1), 1e5, 0x1F, :name, @name",
            "SELECT a -'b', 2*-1, a `op` b",
            "SELECT ARRAY[ [1, 2], [3, 4] ]",
        ],
    );
    refuses(
        Engine::Postgres,
        &[
            "SELECT $1",
            "SELECT 'a",
            "SELECT \"a",
            "SELECT $$a",
            "SELECT $a$ $b$",
            "SELECT E'a\\'",
            "SELECT ARRAY[[1,2],[3,4]]",
            "SELECT /* /* */ 1",
            "SELECT 1$1",
        ],
    );
    assert_eq!(sql("SELECT 1 -- a\r, {{x}}", Engine::Postgres), "SELECT 1  \r, $1");
}

#[test]
fn mysql_reads_backslashes_double_quotes_and_hashes() {
    copies(
        Engine::Mysql,
        "?",
        &[
            r#"SELECT 'it\'s', 'it''s', "it's", "a\"b", "?", ':name'"#,
            "SELECT `a``b?`, @v := 1, @@sql_mode",
            "SELECT a ->> '$.b', _utf8mb4'x', x'00', N'ü'",
            "SELECT 1abc, $$",
        ],
    );
    refuses(
        Engine::Mysql,
        &[
            "SELECT ?",
            "SELECT :name",
            "SELECT 'a\\'",
            "SELECT \"a",
            "SELECT `a",
            "SELECT /*! 1 */ 2",
            "SELECT /*!50000 1 */ 2",
            "SELECT /*M! 1 */ 2",
            "SELECT 1--1",
        ],
    );
    assert_eq!(sql("SELECT 1 # {{no}} '\n, {{x}} -- {{no}}", Engine::Mysql), "SELECT 1  \n, ?  ");
    assert_eq!(sql("SELECT 1 /* /* {{no}} */, {{x}} --", Engine::Mysql), "SELECT 1  , ?  ");
    // The driver would take the literal after - or / for code, and :y in it for a parameter.
    assert_eq!(sql("SELECT 1 -'x:y', 2/'x:y', {{x}}", Engine::Mysql), "SELECT 1 - 'x:y', 2/ 'x:y', ?");
    assert_eq!(sql("SELECT 1 -[['x:y' +{{x}}]]", Engine::Mysql), "SELECT 1 - 'x:y' + ?");
}

#[test]
fn sqlite_reads_brackets_and_backticks_and_has_many_kinds_of_places() {
    copies(
        Engine::Sqlite,
        "?1",
        &[
            r"SELECT 'it''s', 'back\', '?1 :a'",
            r#"SELECT "a ""b""", `a``b`, [a "b?'], a$b"#,
            "SELECT a -> '$.b', x'00'",
        ],
    );
    refuses(
        Engine::Sqlite,
        &[
            "SELECT ?",
            "SELECT ?1",
            "SELECT :a",
            "SELECT :1",
            "SELECT @a",
            "SELECT @1",
            "SELECT $a",
            "SELECT $1",
            "SELECT #1",
            "SELECT [a",
            "SELECT a::text",
            "SELECT /* a",
        ],
    );
    assert_eq!(sql("SELECT [[ [a b] = {{x}} AND [c]]]", Engine::Sqlite), "SELECT  [a b] = ?1 AND [c]");
}

#[test]
fn a_card_for_several_engines_means_one_thing_on_all() {
    let agree =
        |template: &str, engines: &[Engine]| check_for(&card(template, parameters()), &Snippets::new(), engines);
    assert!(agree("SELECT 'it''s', \"a\" FROM t WHERE a = {{x}}", &Engine::ALL).is_ok());
    // One literal for MySQL, two literals with a place between for the others.
    let template = r"SELECT 'a\', b = {{x}} -- '";
    assert!(agree(template, &[Engine::Postgres, Engine::Sqlite]).is_ok());
    assert_eq!(agree(template, &Engine::ALL).unwrap_err().code(), "template-invalid");
    // Both read it, each otherwise.
    let template = "SELECT {{x}} # [[ + {{x}} ]]";
    assert!(agree(template, &[Engine::Postgres]).is_ok());
    assert!(agree(template, &[Engine::Mysql]).is_ok());
    let error = agree(template, &[Engine::Postgres, Engine::Mysql]).unwrap_err();
    assert!(error.to_string().contains("engines read this differently"), "{error}");
}
