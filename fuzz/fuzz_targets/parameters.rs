//! Any JSON as a caller's values: they become binds, and the text of the statement depends on which are there only.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use query::{Context, Engine, Given, NativeQuery, Snippets, compile};

const CARD: &str = r#"{
  "sql": "SELECT {{what}}, count(*) FROM orders WHERE {{period}} [[AND city = {{city}}]] [[AND {{kinds}}]] [[AND n > {{n}}]] [[AND paid = {{paid}}]] [[AND id = {{id}}]] [[AND day >= {{day}}]] [[AND t < {{span.end}}]]",
  "parameters": [
    { "name": "what", "type": "identifier", "required": true, "choices": [{ "value": "a", "sql": "a" }, { "value": "b", "sql": "t.b" }] },
    { "name": "period", "type": "date_range", "column": { "sql": "paid_at", "holds": "epoch_seconds" } },
    { "name": "city", "type": "text" },
    { "name": "kinds", "type": "text", "multiple": true, "column": { "sql": "kind" } },
    { "name": "n", "type": "number" },
    { "name": "paid", "type": "boolean" },
    { "name": "id", "type": "id" },
    { "name": "day", "type": "date" },
    { "name": "span", "type": "date_range" }
  ]
}"#;

fuzz_target!(|data: &[u8]| {
    let Ok(given) = serde_json::from_slice::<Given>(data) else { return };
    let Ok(card) = serde_json::from_str::<NativeQuery>(CARD) else { return };
    for engine in Engine::ALL {
        let context = Context {
            engine,
            now: jiff::Timestamp::UNIX_EPOCH,
            timezone: &jiff::tz::TimeZone::UTC,
            attributes: &BTreeMap::new(),
        };
        let Ok(statement) = compile(&card, &Snippets::new(), &given, &context) else { continue };
        // Every character of the text is the author's: a long text given by a caller is nowhere in it.
        for value in given.values().filter_map(|value| value.as_str()).filter(|text| text.len() > 12) {
            assert!(!statement.sql().contains(value), "a value is in the text of the statement");
        }
    }
});
