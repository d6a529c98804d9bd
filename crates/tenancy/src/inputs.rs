//! From what a caller gave to a card's parameters: wiring, defaults, and what only a token may say.

use std::collections::{BTreeMap, BTreeSet};

use query::Parameter;
use serde_json::Value;

use crate::model::Invalid;
use crate::model::content::{CardDraft, DashboardDraft, Filter, Values};

/// A card by itself: the names are the card's own.
pub(crate) fn direct(card: &CardDraft, given: Values, locked: &Values) -> Result<Values, Invalid> {
    let known = |name: &str| card.query.parameters.iter().any(|parameter| parameter.name == name);
    if !locked.keys().all(|name| known(name)) {
        return Err(unknown_locked());
    }
    refuse_locked(&given, |name| locked.contains_key(name))?;
    let mut values = given;
    values.extend(locked.iter().map(|(name, value)| (name.clone(), value.clone())));
    Ok(values)
}

/// A card on a dashboard: the names are the dashboard's filters.
pub(crate) fn wired(
    dashboard: &DashboardDraft,
    wiring: &BTreeMap<String, String>,
    unfiltered: &BTreeSet<String>,
    given: Values,
    locked: &Values,
    is_token: bool,
    attributes: &BTreeMap<String, Value>,
) -> Result<Values, Invalid> {
    if !locked.keys().all(|name| dashboard.filter(name).is_some()) {
        return Err(unknown_locked());
    }
    if let Some(name) = given.keys().find(|name| dashboard.filter(name).is_none()) {
        return Err(unknown(name));
    }
    let for_token_only = |filter: &Filter| is_token && filter.locked;
    refuse_locked(&given, |name| locked.contains_key(name) || dashboard.filter(name).is_some_and(for_token_only))?;
    if is_token
        && dashboard.parameters.iter().any(|filter| filter.locked && !locked.contains_key(&filter.parameter.name))
    {
        return Err(Invalid::new(
            "params",
            "the embed token must give a value for each locked filter of this dashboard",
        ));
    }
    // A token that locks a filter means all of the dashboard: a card that would ignore it is not shown.
    let takes = |name: &str| unfiltered.contains(name) || wiring.values().any(|filter| filter == name);
    if !locked.keys().all(|name| takes(name)) {
        return Err(Invalid::new(
            "params",
            "this card does not take a filter that the embed token locks, and is not marked as unfiltered",
        ));
    }
    let value_of = |filter: &Filter| {
        let name = &filter.parameter.name;
        let chosen = locked.get(name).or_else(|| given.get(name)).cloned();
        chosen.or_else(|| default_of(&filter.parameter, attributes))
    };
    let wired = wiring.iter().filter_map(|(own, name)| {
        let value = dashboard.filter(name).and_then(value_of)?;
        Some((own.clone(), value))
    });
    Ok(wired.collect())
}

/// The filter's default: the tenant's attribute before the fixed one.
pub(crate) fn default_of(parameter: &Parameter, attributes: &BTreeMap<String, Value>) -> Option<Value> {
    let attribute = parameter.default_attribute.as_ref().and_then(|name| attributes.get(name));
    attribute.or(parameter.default.as_ref()).cloned()
}

fn refuse_locked(given: &Values, is_locked: impl Fn(&str) -> bool) -> Result<(), Invalid> {
    match given.keys().find(|name| is_locked(name)) {
        None => Ok(()),
        Some(name) => {
            Err(Invalid::new(format!("parameters.{name}"), "is locked: only the embed token may give its value"))
        }
    }
}

fn unknown(name: &str) -> Invalid {
    let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let field = if plain { format!("parameters.{name}") } else { "parameters".to_owned() };
    Invalid::new(field, "there is no such filter here")
}

fn unknown_locked() -> Invalid {
    Invalid::new("params", "the embed token gives a value for a filter that is not here")
}
