//! A dashboard's places as clients write them: a number that is there keeps its place, a negative one is new.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::{Item, Show};
use tenancy::{Slug, TenantScope, View};

use super::super::super::numbers::Named;
use super::super::denied::Denied;
use super::super::sent;
use super::draft::Before;
use super::filters::Filters;
use super::tabs::Numbers;

/// A place.
#[derive(Deserialize)]
pub(super) struct Placed {
    #[serde(default)]
    pub(super) id: Option<i32>,
    #[serde(default, alias = "cardId")]
    card_id: Option<i32>,
    #[serde(default)]
    row: Option<u16>,
    #[serde(default)]
    col: Option<u8>,
    #[serde(default, alias = "sizeX")]
    size_x: Option<u8>,
    #[serde(default, alias = "sizeY")]
    size_y: Option<u8>,
    #[serde(default)]
    dashboard_tab_id: Option<i32>,
    #[serde(default)]
    parameter_mappings: Option<Vec<Mapping>>,
    #[serde(default)]
    visualization_settings: Option<Value>,
    #[serde(default)]
    series: Option<Vec<Value>>,
    #[serde(default)]
    action_id: Option<Value>,
}

/// A wiring of a filter.
#[derive(Deserialize)]
struct Mapping {
    parameter_id: String,
    #[serde(default)]
    card_id: Option<i32>,
    target: Value,
}

/// Where names of new places come from: the dashboard and its version, so that a name is never another place's later.
pub(super) struct Seed {
    dashboard: String,
    version: String,
}

impl Seed {
    pub(super) fn new(dashboard: &str, version: i64) -> Self {
        Self { dashboard: dashboard.to_owned(), version: version.to_string() }
    }

    /// A name that nothing has yet.
    pub(super) fn slug(&self, kind: &str, place: usize, is_taken: impl Fn(&Slug) -> bool) -> Result<Slug, Denied> {
        for again in 0..100 {
            let (place, again) = (place.to_string(), again.to_string());
            let number = Named::of(&["new", kind, &self.dashboard, &self.version, &place, &again]).number;
            if let Ok(slug) = Slug::parse(&format!("{kind}-{number}"))
                && !is_taken(&slug)
            {
                return Ok(slug);
            }
        }
        Err(Denied::field("dashcards", "are too many at once"))
    }
}

/// All that is on the dashboard, in its order.
pub(super) fn read(
    scope: &TenantScope,
    placed: Vec<Placed>,
    before: &Before,
    filters: &Filters<'_>,
    tabs: &Numbers,
) -> Result<Vec<Item>, Denied> {
    let (mut items, mut seen): (Vec<Item>, _) = (Vec::new(), BTreeSet::new());
    for (place, one) in placed.into_iter().enumerate() {
        let at = format!("dashcards[{place}]");
        let known = match one.id {
            Some(number) if number > 0 => {
                let found = before.items.iter().find(|(own, _)| *own == number);
                let cure = "is no place of this dashboard; a new one has a negative id";
                let found = found.ok_or_else(|| Denied::field(format!("{at}.id"), cure))?;
                if !seen.insert(number) {
                    return Err(Denied::field(format!("{at}.id"), "is there twice"));
                }
                Some(&found.1)
            }
            _ => None,
        };
        let is_taken = |slug: &Slug| {
            before.items.iter().any(|(_, own)| own.id == *slug) || items.iter().any(|own| own.id == *slug)
        };
        let fresh = || before.seed.slug("card", place, is_taken);
        let id = known.map_or_else(fresh, |known| Ok(known.id.clone()))?;
        items.push(item(scope, &at, one, known, id, filters, tabs)?);
    }
    Ok(items)
}

/// One place, over what was there.
pub(super) fn item(
    scope: &TenantScope,
    at: &str,
    one: Placed,
    known: Option<&Item>,
    id: Slug,
    filters: &Filters<'_>,
    tabs: &Numbers,
) -> Result<Item, Denied> {
    if one.series.as_ref().is_some_and(|series| !series.is_empty()) {
        return Err(Denied::field(
            format!("{at}.series"),
            "must be empty: a card with several columns draws several series",
        ));
    }
    if one.action_id.as_ref().is_some_and(|action| !action.is_null()) {
        return Err(Denied::field(format!("{at}.action_id"), "must be null: nothing here writes to a database"));
    }
    let tab =
        match one.dashboard_tab_id {
            Some(number) => {
                let tab = tabs.get(&number).cloned();
                Some(tab.ok_or_else(|| {
                    Denied::field(format!("{at}.dashboard_tab_id"), "must be the id of one of the tabs")
                })?)
            }
            None => known.and_then(|known| known.tab.clone()).filter(|own| tabs.values().any(|tab| tab == own)),
        };
    let (x, y, w, h) = known.map_or((0, 0, 4, 4), |own| (own.x, own.y, own.w, own.h));
    let show = show(scope, at, &one, known.map(|known| &known.show), filters)?;
    let (x, y) = (one.col.unwrap_or(x), one.row.unwrap_or(y));
    Ok(Item { id, tab, x, y, w: one.size_x.unwrap_or(w), h: one.size_y.unwrap_or(h), show })
}

fn show(
    scope: &TenantScope,
    at: &str,
    one: &Placed,
    known: Option<&Show>,
    filters: &Filters<'_>,
) -> Result<Show, Denied> {
    let look = |name: &str| one.visualization_settings.as_ref().and_then(|look| look.get(name));
    if look("click_behavior").is_some_and(|clicks| !clicks.is_null()) {
        let cure = "is not read here: write \"clicks\" with PUT /v1/content/dashboards";
        return Err(Denied::field(format!("{at}.visualization_settings.click_behavior"), cure));
    }
    let number = match (one.card_id, known) {
        (Some(number), _) => number,
        // A place that is only moved says nothing of what it shows.
        (None, Some(known)) if one.visualization_settings.is_none() || matches!(known, Show::Card { .. }) => {
            return wired(scope, at, one, known.clone(), filters);
        }
        (None, known) => return words(at, one, known),
    };
    let card = scope.card_numbered::<View>(&number.to_string())?;
    if card.is_from_library() {
        return Err(Denied::field(
            format!("{at}.card_id"),
            "must be a card of your own: what is published to you is shown where it is",
        ));
    }
    let id = card.get().id.as_str();
    let same = known.filter(|known| matches!(known, Show::Card { card, .. } if card == id)).cloned();
    let empty = || Show::Card {
        card: id.to_owned(),
        title: None,
        parameters: BTreeMap::new(),
        unfiltered: BTreeSet::new(),
        clicks: Vec::new(),
    };
    let mut show = wired(scope, at, one, same.unwrap_or_else(empty), filters)?;
    if let (Show::Card { title, .. }, true) = (&mut show, one.visualization_settings.is_some()) {
        *title = look("card.title").and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    }
    Ok(show)
}

/// The same with the wirings that the client writes.
fn wired(scope: &TenantScope, at: &str, one: &Placed, mut show: Show, filters: &Filters<'_>) -> Result<Show, Denied> {
    let (Show::Card { card, parameters, .. }, Some(mappings)) = (&mut show, &one.parameter_mappings) else {
        return Ok(show);
    };
    let number = scope.card::<View>(card)?.get().number;
    parameters.clear();
    for (place, mapping) in mappings.iter().enumerate() {
        let field = |name: &str| format!("{at}.parameter_mappings[{place}].{name}");
        if mapping.card_id.is_some_and(|own| own != number) {
            return Err(Denied::field(field("card_id"), "must be the card of this place"));
        }
        let tag = sent::tag(&mapping.target);
        let cure = "must name a template tag: [\"variable\", [\"template-tag\", \"x\"]] or \"dimension\"";
        let tag = tag.ok_or_else(|| Denied::field(field("target"), cure))?;
        let filter = filters.named(&mapping.parameter_id);
        let filter =
            filter.ok_or_else(|| Denied::field(field("parameter_id"), "must be the id of one of the parameters"))?;
        parameters.insert(tag.to_owned(), filter.to_owned());
    }
    Ok(show)
}

/// A heading or a text.
fn words(at: &str, one: &Placed, known: Option<&Show>) -> Result<Show, Denied> {
    let look = one.visualization_settings.as_ref();
    let text = look.and_then(|look| look.get("text")).and_then(Value::as_str);
    let kind = look.and_then(|look| look.pointer("/virtual_card/display")).and_then(Value::as_str);
    let kind = kind.or(match known {
        Some(Show::Heading { .. }) => Some("heading"),
        Some(Show::Text { .. }) => Some("text"),
        _ => None,
    });
    match (kind, text.map(str::to_owned)) {
        (Some("heading"), Some(text)) => Ok(Show::Heading { text }),
        (Some("text"), Some(text)) => Ok(Show::Text { text }),
        (Some("heading" | "text"), None) => {
            Err(Denied::field(format!("{at}.visualization_settings.text"), "is needed"))
        }
        (Some(_), _) => {
            let cure = "must be heading or text; a link is written in a text";
            Err(Denied::field(format!("{at}.visualization_settings.virtual_card.display"), cure))
        }
        (None, _) => {
            Err(Denied::field(format!("{at}.card_id"), "is needed, or a virtual_card of display heading or text"))
        }
    }
}
