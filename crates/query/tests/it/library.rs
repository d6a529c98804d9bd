//! The library that comes with the product is written once for three engines: each card must mean one thing on all.

use std::fs;
use std::path::Path;

use query::{Engine, NativeQuery, Snippets, check_for};
use serde_json::Value;

#[test]
fn each_card_of_the_library_reads_alike_on_every_engine() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/moodle/cards");
    let mut seen = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let mut card: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut query = card.get_mut("query").unwrap().take();
        let fields = query.as_object_mut().unwrap();
        let file = fields.remove("sql_file").unwrap();
        let sql = fs::read_to_string(folder.join(file.as_str().unwrap())).unwrap();
        fields.insert("sql".to_owned(), sql.into());
        let query: NativeQuery = serde_json::from_value(query).unwrap();
        check_for(&query, &Snippets::new(), &Engine::ALL).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        seen += 1;
    }
    assert!(seen > 10, "the library was found");
}
