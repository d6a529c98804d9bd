//! Every card on the sample sites in SQLite: there is an answer, and it can be true.

use std::collections::BTreeMap;

use cloison::sample::Site;
use query::{Engine, Given};
use rusqlite::Connection;
use tenancy::model::content::{CardDraft, FormatStyle};

use super::answer::{Answer, Cell, sqlite};
use super::library::{NOW, cards, given, statement};

pub(crate) fn sites() -> Vec<(&'static str, Site)> {
    use cloison::sample::Spec;
    let specs = [("alder", Spec::alder()), ("birch", Spec::birch()), ("cedar", Spec::cedar())];
    specs.into_iter().map(|(name, spec)| (name, Site::generate(&spec, NOW))).collect()
}

/// The site in a SQLite file, and the folder that it lives in.
pub(crate) fn file(site: &Site) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.sqlite");
    cloison::sample::write_sqlite(site, &path, |_, _| ()).unwrap();
    (folder, Connection::open(path).unwrap())
}

fn run(connection: &Connection, slug: &str, card: &CardDraft, given: &Given) -> Answer {
    let statement = statement(slug, card, Engine::Sqlite, given);
    sqlite(connection, &statement).unwrap_or_else(|error| panic!("{slug}: {error}\n{}", statement.sql()))
}

/// All courses but the last, so that the filter has something to do.
pub(crate) fn some_courses(connection: &Connection, cards: &BTreeMap<String, CardDraft>) -> Vec<i64> {
    let all = run(connection, "courses", &cards["courses"], &Given::new());
    let mut ids: Vec<i64> = all
        .column("id")
        .map(|id| if let Cell::Number(id) = id { id / 1_000_000 } else { panic!("an id is a number") })
        .collect();
    ids.sort_unstable();
    ids.pop();
    ids
}

#[test]
fn every_card_answers_on_every_site_with_and_without_values() {
    let cards = cards();
    for (name, site) in sites() {
        let (_folder, connection) = file(&site);
        let courses = some_courses(&connection, &cards);
        for (slug, card) in &cards {
            let all = run(&connection, slug, card, &Given::new());
            let some = run(&connection, slug, card, &given(card, &courses));
            for answer in [&all, &some] {
                assert!(!answer.0.is_empty(), "{slug} on {name} has no rows");
                sensible(&format!("{slug} on {name}"), card, answer);
            }
            assert!(some.0.len() <= all.0.len(), "{slug} on {name}: values narrow");
        }
        for slug in ["active-learners", "enrolments", "completion-rate", "average-grade"] {
            assert!(run(&connection, slug, &cards[slug], &Given::new()).scalar() > 0, "{slug} on {name}");
        }
        let enrolments = |given: &Given| run(&connection, "enrolments", &cards["enrolments"], given).scalar();
        let course = Given::from([("course".to_owned(), serde_json::json!(courses))]);
        assert!(enrolments(&course) < enrolments(&Given::new()), "{name}: the last course has enrolments too");
    }
}

/// What the drawing names is there; what is called percent lies between 0 and 100; nothing is below zero.
fn sensible(what: &str, card: &CardDraft, answer: &Answer) {
    let columns = answer.columns();
    let drawing = &card.visualization;
    let named = drawing.x.iter().chain(&drawing.y).chain(&drawing.series).chain(drawing.labels.keys());
    for name in named.chain(drawing.formats.keys()).chain(&drawing.hidden) {
        assert!(columns.contains(name.as_str()), "{what}: there is no column {name}");
    }
    for column in &columns {
        assert!(drawing.labels.contains_key(*column), "{what}: {column} has no label");
    }
    for name in &drawing.y {
        assert!(answer.column(name).all(|cell| matches!(cell, Cell::Number(_))), "{what}: {name} is drawn");
    }
    let mut drawn = drawing.y.iter().flat_map(|name| answer.column(name));
    assert!(drawing.y.is_empty() || drawn.any(|cell| *cell != Cell::Number(0)), "{what}: nothing but zeros");
    for (column, format) in &drawing.formats {
        for cell in answer.column(column) {
            let Cell::Number(value) = cell else { continue };
            let most = match format.style {
                FormatStyle::Percent => 100_000_000,
                // Certificates run out in some years.
                FormatStyle::EpochDate => (NOW + 10 * 366 * 86_400) * 1_000_000,
                _ => i64::MAX,
            };
            assert!((0..=most).contains(value), "{what}: {column} is {value} millionths");
        }
    }
}
