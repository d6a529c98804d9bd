//! What can be told without a database.

use std::collections::{BTreeMap, BTreeSet};

use query::{Engine, Given, Snippets, ValuesSource};
use tenancy::Content as _;
use tenancy::model::content::{CollectionDraft, Item, Show};

use super::library::{cards, dashboards, folder, given, statement};

#[test]
fn the_collection_and_every_draft_pass_the_kernels_checks() {
    let text = std::fs::read_to_string(folder().join("collection.json")).unwrap();
    let collection: CollectionDraft = serde_json::from_str(&text).unwrap();
    collection.validate().unwrap();
    assert_eq!(collection.slug.as_ref().map(|slug| slug.as_str()), Some("moodle"));
    let cards = cards();
    assert!(cards.len() >= 12);
    for (slug, card) in &cards {
        card.validate().unwrap_or_else(|error| panic!("{slug}: {error:?}"));
        query::check(&card.query, &Snippets::new()).unwrap_or_else(|error| panic!("{slug}: {error}"));
        assert_eq!((card.source.as_str(), card.cache_seconds), ("lms", 60), "{slug}");
        assert!(card.description.is_some(), "{slug} says what it tells");
    }
    for (slug, dashboard) in dashboards() {
        dashboard.validate().unwrap_or_else(|error| panic!("{slug}: {error:?}"));
    }
}

#[test]
fn every_card_compiles_for_every_engine_and_values_are_binds() {
    for (slug, card) in cards() {
        for engine in Engine::ALL {
            let bare = statement(&slug, &card, engine, &Given::new());
            assert!(bare.binds().is_empty(), "{slug} has no value to bind when none is given");
            let full = statement(&slug, &card, engine, &given(&card, &[4_711, 4_712]));
            assert_eq!(full.binds().is_empty(), card.query.parameters.is_empty(), "{slug}");
            assert!(!full.sql().contains("4711"), "{slug}: a value is a bind");
        }
    }
}

#[test]
fn dashboards_name_cards_that_are_there_and_wire_filters_of_the_same_kind() {
    let cards = cards();
    let mut shown = BTreeSet::new();
    for (slug, dashboard) in dashboards() {
        for item in &dashboard.items {
            let Show::Card { card, parameters, .. } = &item.show else { continue };
            let draft = cards.get(card).unwrap_or_else(|| panic!("{slug} shows {card}, which is not there"));
            shown.insert(card.clone());
            let own: BTreeMap<_, _> = draft.query.parameters.iter().map(|own| (own.name.as_str(), own)).collect();
            assert!(own.keys().eq(parameters.keys()), "{slug}: {card} has all its parameters wired, and no others");
            for (parameter, filter) in parameters {
                let filter = &dashboard.filter(filter).unwrap().parameter;
                let parameter = own[parameter.as_str()];
                assert_eq!((parameter.kind, parameter.multiple), (filter.kind, filter.multiple), "{slug}: {card}");
            }
        }
        for filter in &dashboard.parameters {
            query::check_parameter(&filter.parameter).unwrap();
            let wired = |item: &Item| matches!(&item.show, Show::Card { parameters, .. } if parameters.values().any(|name| *name == filter.parameter.name));
            assert!(dashboard.items.iter().any(wired), "{slug}: {} filters nothing", filter.parameter.name);
            if let Some(ValuesSource::Card { card, .. }) = &filter.parameter.values {
                assert!(cards.contains_key(card), "{slug}: the values of {} come from {card}", filter.parameter.name);
                shown.insert(card.clone());
            }
        }
    }
    assert!(shown.iter().eq(cards.keys()), "each card is shown somewhere");
}

/// Rows without holes and without overlaps, each filling the 24 columns.
#[test]
fn dashboards_fill_their_grid() {
    for (slug, dashboard) in dashboards() {
        let tabs: BTreeSet<_> = dashboard.items.iter().map(|item| item.tab.as_ref().map(|tab| tab.as_str())).collect();
        for tab in tabs {
            let mut cells = BTreeSet::new();
            let items = dashboard.items.iter().filter(|item| item.tab.as_ref().map(|tab| tab.as_str()) == tab);
            for item in items {
                for y in item.y..item.y + u16::from(item.h) {
                    for x in item.x..item.x + item.w {
                        assert!(cells.insert((y, x)), "{slug}: {} lies on something", item.id);
                    }
                }
            }
            let height = cells.iter().map(|(y, _)| y + 1).max().unwrap();
            assert_eq!(cells.len(), usize::from(height) * 24, "{slug}: there is a hole in {tab:?}");
        }
    }
}
