//! A dashboard as clients write it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::{DashboardDraft, Item, MOST_FILTERS, MOST_ITEMS, MOST_TABS, Show, Tab};
use tenancy::{Dashboard, TenantScope};

use super::super::super::numbers;
use super::super::authoring::{Common, Opened, Place, few};
use super::super::denied::Denied;
use super::super::folders::Folders;
use super::super::sent::shaped;
use super::filters::{self, Filters, Written};
use super::places::{self, Placed, Seed};
use super::tabs::{self, Numbers, WrittenTab};

/// A dashboard's own fields. Others are passed over: they are told and not set, or decoration (`width`, `position` …).
#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    parameters: Option<Vec<Written>>,
    #[serde(default)]
    tabs: Option<Vec<WrittenTab>>,
    /// All that is on it afterwards.
    #[serde(default)]
    dashcards: Option<Vec<Placed>>,
    /// The same, as it was called before version 48.
    #[serde(default)]
    ordered_cards: Option<Vec<Placed>>,
}

impl Body {
    /// The desk has the same limits. But each place is compared with each, and each filter with each, before it is asked.
    fn check(&self) -> Result<(), Denied> {
        few("parameters", self.parameters.as_deref(), MOST_FILTERS)?;
        few("tabs", self.tabs.as_deref(), MOST_TABS)?;
        few("dashcards", self.dashcards.as_deref(), MOST_ITEMS)?;
        few("ordered_cards", self.ordered_cards.as_deref(), MOST_ITEMS)
    }
}

/// What there is already, by the numbers that clients know.
pub(super) struct Before {
    pub(super) seed: Seed,
    pub(super) items: Vec<(i32, Item)>,
    pub(super) tabs: Vec<(i32, Tab)>,
}

impl Before {
    pub(super) fn of(record: &Dashboard) -> Self {
        let places = numbers::dashcards(record).into_iter().map(|place| (place.id.number, place.item.clone()));
        let tabs = numbers::tabs(record).into_iter().map(|(id, tab)| (id.number, tab.clone()));
        let seed = Seed::new(record.id.as_str(), record.version);
        Self { seed, items: places.collect(), tabs: tabs.collect() }
    }

    /// The tabs when their list stays.
    pub(super) fn tab_numbers(&self) -> Numbers {
        self.tabs.iter().map(|(number, tab)| (*number, tab.id.clone())).collect()
    }
}

/// A new dashboard.
pub(super) fn fresh(scope: &TenantScope, body: &Value) -> Result<DashboardDraft, Denied> {
    Common::read(body)?.needs_name()?;
    let empty = DashboardDraft {
        slug: None,
        name: String::new(),
        description: None,
        collection: None,
        tabs: Vec::new(),
        parameters: Vec::new(),
        items: Vec::new(),
        refresh_seconds: None,
        enable_embedding: false,
        embedding_params: BTreeMap::new(),
        translations: BTreeMap::new(),
    };
    written(scope, Before { seed: Seed::new("new", 0), items: Vec::new(), tabs: Vec::new() }, empty, body)
}

/// A dashboard with what the body changes.
pub(super) fn changed(scope: &TenantScope, record: &Dashboard, body: &Value) -> Result<DashboardDraft, Denied> {
    written(scope, Before::of(record), record.draft.clone(), body)
}

fn written(
    scope: &TenantScope,
    before: Before,
    mut draft: DashboardDraft,
    body: &Value,
) -> Result<DashboardDraft, Denied> {
    let (mut common, own): (_, Body) = (Common::read(body)?, shaped(body.clone())?);
    own.check()?;
    let (names, sent) = match own.parameters {
        Some(written) => (filters::names(&written)?, Some(written)),
        None => (filters::own_names(&draft.parameters), None),
    };
    let numbers = match own.tabs {
        Some(written) => {
            let (numbers, tabs) = tabs::read(written, &before)?;
            draft.tabs = tabs;
            numbers
        }
        None => before.tab_numbers(),
    };
    if let Some(placed) = own.dashcards.or(own.ordered_cards) {
        draft.items = places::read(scope, placed, &before, &Filters { names: &names }, &numbers)?;
    }
    if let Some(written) = sent {
        draft.parameters = filters::read(scope, written, &names, &draft)?;
    }
    tidy(scope, &mut draft);
    place(&mut common, &Folders::of(scope), &mut draft)?;
    common
        .open(Opened { enable_embedding: &mut draft.enable_embedding, embedding_params: &mut draft.embedding_params });
    Ok(draft)
}

/// Filters are what their wirings are, and what is said of filters, tabs and places that are gone says nothing any more.
pub(super) fn tidy(scope: &TenantScope, draft: &mut DashboardDraft) {
    filters::fit(scope, draft);
    // Clients give a dashboard its first tabs and say of its places nothing: those lie in the first.
    if let Some(first) = draft.tabs.first() {
        draft.items.iter_mut().for_each(|item| item.tab = item.tab.take().or_else(|| Some(first.id.clone())));
    }
    let has_filter = |name: &str| draft.parameters.iter().any(|filter| filter.parameter.name == name);
    draft.embedding_params.retain(|name, _| has_filter(name));
    for item in &mut draft.items {
        if let Show::Card { parameters, unfiltered, .. } = &mut item.show {
            parameters.retain(|_, filter| has_filter(filter));
            unfiltered.retain(|filter| has_filter(filter));
        }
    }
    let (tabs, items) = (&draft.tabs, &draft.items);
    for texts in draft.translations.values_mut() {
        texts.retain(|place, _| match place.split_once('.') {
            Some(("tabs", id)) => tabs.iter().any(|tab| tab.id.as_str() == id),
            Some(("parameters", rest)) => rest.split_once('.').is_some_and(|(name, _)| has_filter(name)),
            Some(("items", rest)) => {
                rest.split_once('.').is_some_and(|(id, _)| items.iter().any(|item| item.id.as_str() == id))
            }
            _ => true,
        });
    }
}

/// The fields that a copy takes too.
pub(super) fn place(common: &mut Common, folders: &Folders, draft: &mut DashboardDraft) -> Result<(), Denied> {
    let (name, description, collection) = (&mut draft.name, &mut draft.description, &mut draft.collection);
    common.put(folders, Place { name, description, collection })
}
