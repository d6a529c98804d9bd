//! Any text as a card's template, on every engine: a refusal or one statement, never a panic; and what compiles with
//! sample values is one statement whose places are in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use query::{Engine, NativeQuery, Snippets, check, check_for, rehearse};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // What is before the first line break may declare parameters.
    let (head, sql) = text.split_once('\n').unwrap_or(("[]", text));
    let parameters = serde_json::from_str(head).unwrap_or_default();
    let card = NativeQuery { sql: sql.to_owned(), parameters };
    let snippets = Snippets::from([("shared".to_owned(), "SELECT 1 AS one".to_owned())]);
    let _ = check(&card, &snippets);
    let _ = check_for(&card, &snippets, &Engine::ALL);
    for engine in Engine::ALL {
        for statement in rehearse(&card, &snippets, engine).unwrap_or_default() {
            // In a quoted text two brackets are two brackets.
            let quoted = text.contains(['\'', '"', '`', '$', '[']);
            assert!(quoted || !statement.sql().contains("{{"), "a place is left in the statement");
            let places = match engine {
                Engine::Postgres => "$",
                Engine::Mysql | Engine::Sqlite => "?",
            };
            assert!(statement.sql().matches(places).count() >= statement.binds().len());
        }
    }
});
