//! The files of `content/moodle`, read as the demo reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use query::{Context, Engine, Given, Snippets, Statement, compile};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tenancy::model::content::{CardDraft, DashboardDraft};

/// 2026-06-15 10:00 UTC, a Monday; any moment would do.
pub(crate) const NOW: i64 = 1_781_517_600;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/moodle")
}

fn files(of: &str, ending: &str) -> BTreeMap<String, PathBuf> {
    let files = std::fs::read_dir(folder().join(of)).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|found| found == ending));
    files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)).collect()
}

fn json_of(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn draft<T: DeserializeOwned>(slug: &str, mut value: Value) -> T {
    value["slug"] = json!(slug);
    value["collection"] = json!("moodle");
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{slug}: {error}"))
}

/// The cards by slug, with their SQL in place.
pub(crate) fn cards() -> BTreeMap<String, CardDraft> {
    let sql = files("cards", "sql");
    let cards = files("cards", "json");
    assert!(sql.keys().eq(cards.keys()), "each card has its SQL, and each SQL its card");
    let read = |(slug, path): (String, PathBuf)| {
        let mut value = json_of(&path);
        let query = value["query"].as_object_mut().unwrap();
        let file = query.remove("sql_file").unwrap_or_else(|| panic!("{slug} names no sql_file"));
        let text = std::fs::read_to_string(path.with_file_name(file.as_str().unwrap())).unwrap();
        query.insert("sql".to_owned(), text.into());
        (slug.clone(), draft(&slug, value))
    };
    cards.into_iter().map(read).collect()
}

/// The dashboards by slug.
pub(crate) fn dashboards() -> BTreeMap<String, DashboardDraft> {
    let read = |(slug, path): (String, PathBuf)| (slug.clone(), draft(&slug, json_of(&path)));
    files("dashboards", "json").into_iter().map(read).collect()
}

/// The card as a statement for one engine.
pub(crate) fn statement(slug: &str, card: &CardDraft, engine: Engine, given: &Given) -> Statement {
    let context = Context {
        engine,
        now: jiff::Timestamp::from_second(NOW).unwrap(),
        timezone: &jiff::tz::TimeZone::UTC,
        attributes: &BTreeMap::new(),
    };
    compile(&card.query, &Snippets::new(), given, &context).unwrap_or_else(|error| panic!("{slug}: {error}"))
}

/// A value for each parameter that the card has: a period that cuts, and these courses.
pub(crate) fn given(card: &CardDraft, courses: &[i64]) -> Given {
    let value = |name: &str| match name {
        "period" => json!("past150days"),
        "course" => json!(courses),
        "cohort" => json!([1, 2, 3]),
        other => panic!("no test value for the parameter {other}"),
    };
    card.query.parameters.iter().map(|parameter| (parameter.name.clone(), value(&parameter.name))).collect()
}
