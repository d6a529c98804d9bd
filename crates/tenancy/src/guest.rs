//! Guest embeds: who gives which filter's value, by the author's `embedding_params`.
//!
//! The rules are part of the scope that a guest token is admitted to, and so hold on every way to rows: the surface for
//! Metabase's clients, our own page, our own API.

use std::collections::BTreeMap;

use query::{Parameter, ParameterType};
use serde_json::{Number, Value};

use crate::error::GuestError;
use crate::grant::Resources;
use crate::inputs::default_of;
use crate::model::content::{CardDraft, DashboardDraft, GuestFilter, Values};
use crate::scope::EmbedResource;
use crate::view::{Library, TenantView};

/// What the author allows guests, by filter. A filter that is not here is nobody's to set.
#[derive(Default)]
pub(crate) struct Guest {
    filters: BTreeMap<String, GuestFilter>,
    /// Filters that are locked for every embed: no token turns them off.
    held: Vec<String>,
}

/// What a guest token asks for, as the author wrote it.
pub(crate) enum Asked<'d> {
    Dashboard(&'d DashboardDraft),
    Card(&'d CardDraft),
}

impl Asked<'_> {
    fn is_enabled(&self) -> bool {
        match self {
            Self::Dashboard(draft) => draft.enable_embedding,
            Self::Card(draft) => draft.enable_embedding,
        }
    }

    fn parameters(&self) -> Vec<&Parameter> {
        match self {
            Self::Dashboard(draft) => draft.parameters.iter().map(|filter| &filter.parameter).collect(),
            Self::Card(draft) => draft.query.parameters.iter().collect(),
        }
    }

    fn parameter(&self, name: &str) -> Option<&Parameter> {
        match self {
            Self::Dashboard(draft) => draft.filter(name).map(|filter| &filter.parameter),
            Self::Card(draft) => draft.query.parameters.iter().find(|parameter| parameter.name == name),
        }
    }
}

impl Guest {
    fn of(asked: &Asked<'_>) -> Self {
        match asked {
            Asked::Card(draft) => Self { filters: draft.embedding_params.clone(), held: Vec::new() },
            Asked::Dashboard(draft) => {
                let locked = draft.parameters.iter().filter(|filter| filter.locked);
                let held: Vec<String> = locked.map(|filter| filter.parameter.name.clone()).collect();
                let mut filters = draft.embedding_params.clone();
                filters.extend(held.iter().map(|name| (name.clone(), GuestFilter::Locked)));
                Self { filters, held }
            }
        }
    }

    /// The rules for a token and the values that it gives, or why it is not accepted.
    pub(crate) fn admit(asked: &Asked<'_>, params: Values) -> Result<(Self, Values), GuestError> {
        if !asked.is_enabled() {
            return Err(GuestError::NotEnabled);
        }
        let guest = Self::of(asked);
        // An empty text is no value, and neither is null. An empty list is one: it turns the filter off.
        let given: Values = params.into_iter().filter(|(_, value)| !is_absent(value)).collect();
        for (name, says) in &guest.filters {
            match (says, given.get(name)) {
                (GuestFilter::Disabled, Some(_)) => return Err(GuestError::Disabled(name.clone())),
                (GuestFilter::Locked, None) => return Err(GuestError::Needed(name.clone())),
                (GuestFilter::Locked, Some(value)) if guest.held.contains(name) && is_nothing(value) => {
                    return Err(GuestError::Needed(name.clone()));
                }
                _ => {}
            }
        }
        guest.know(given.keys())?;
        let fit = |(name, value): (String, Value)| match asked.parameter(&name) {
            Some(parameter) => (name, fitted(parameter, value)),
            None => (name, value),
        };
        let locked = given.into_iter().map(fit).collect();
        Ok((guest, locked))
    }

    /// The rules for a public link, and the values of what is locked. There is no token, so nothing but a default can give
    /// those; the name of a filter that has none comes back, and nothing may be shown.
    ///
    /// What the author names for guests and leaves to the token or to nobody is not the viewer's here either: whoever makes
    /// a link is not always the author. What is not named is the viewer's, as in the product that links come from.
    pub(crate) fn of_link(asked: &Asked<'_>, attributes: &BTreeMap<String, Value>) -> Result<(Self, Values), String> {
        let Self { filters: said, held } = Self::of(asked);
        let (mut filters, mut locked) = (BTreeMap::new(), Values::new());
        for parameter in asked.parameters() {
            let name = parameter.name.clone();
            let says = match said.get(&name) {
                Some(GuestFilter::Locked) => {
                    let value = default_of(parameter, attributes).filter(|value| !is_nothing(value));
                    locked.insert(name.clone(), value.ok_or_else(|| name.clone())?);
                    GuestFilter::Disabled
                }
                Some(GuestFilter::Disabled) => GuestFilter::Disabled,
                Some(GuestFilter::Enabled) | None => GuestFilter::Enabled,
            };
            filters.insert(name, says);
        }
        Ok((Self { filters, held }, locked))
    }

    fn know<'n>(&self, mut names: impl Iterator<Item = &'n String>) -> Result<(), GuestError> {
        match names.find(|name| !self.filters.contains_key(*name)) {
            Some(name) => Err(GuestError::Unknown(plain(name))),
            None => Ok(()),
        }
    }

    /// Whether the viewer may set a filter whose value the token does not give.
    pub(crate) fn lets_set(&self, name: &str) -> bool {
        self.filters.get(name) == Some(&GuestFilter::Enabled)
    }

    /// Refuses what the viewer may not give.
    pub(crate) fn check(&self, given: &Values, locked: &Values) -> Result<(), GuestError> {
        for (name, says) in self.filters.iter().filter(|(name, _)| given.contains_key(*name)) {
            match says {
                GuestFilter::Disabled => return Err(GuestError::Disabled(name.clone())),
                GuestFilter::Locked => return Err(GuestError::OnlyInToken(name.clone())),
                GuestFilter::Enabled if locked.contains_key(name) => return Err(GuestError::InToken(name.clone())),
                GuestFilter::Enabled => {}
            }
        }
        self.know(given.keys())
    }
}

/// What a token asks for, if its tenant and its key see it.
pub(crate) fn asked<'v>(
    resource: &EmbedResource,
    view: &'v TenantView,
    library: &'v Library,
    ceiling: &Resources,
) -> Option<Asked<'v>> {
    let shelves = |from_library| view.shelves(library, from_library);
    match resource {
        EmbedResource::Dashboard(id) => {
            let seen = view.dashboard(library, id).filter(|seen| ceiling.contains(&seen.lineage))?;
            shelves(seen.from_library).dashboards.get(id).map(|record| Asked::Dashboard(&record.draft))
        }
        EmbedResource::Card(id) => {
            let seen = view.card(library, id).filter(|seen| ceiling.contains(&seen.lineage))?;
            shelves(seen.from_library).cards.get(id).map(|record| Asked::Card(&record.draft))
        }
        EmbedResource::Nothing => None,
    }
}

/// Whether the author still lets guests see it.
pub(crate) fn is_still_enabled(resource: &EmbedResource, view: &TenantView, library: &Library) -> bool {
    asked(resource, view, library, &Resources::everything()).is_some_and(|asked| asked.is_enabled())
}

/// Whether a public link may still show it: it is there, and every filter that is locked has a value.
pub(crate) fn is_still_linkable(resource: &EmbedResource, view: &TenantView, library: &Library) -> bool {
    let asked = asked(resource, view, library, &Resources::everything());
    asked.is_some_and(|asked| Guest::of_link(&asked, &view.tenant.draft.attributes).is_ok())
}

fn is_absent(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn is_nothing(value: &Value) -> bool {
    is_absent(value) || value.as_array().is_some_and(|items| items.iter().all(is_absent))
}

/// A name that nobody knows, short enough to be said again.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(64).collect()
}

/// A value as clients of Metabase send it, in the type that the filter has: one value in a list for a filter that takes one,
/// a number for a text. What does not fit stays as it is, and is refused by its own rules.
#[must_use]
pub fn fitted(parameter: &Parameter, value: Value) -> Value {
    match value {
        Value::Array(mut items) if !parameter.multiple && items.len() == 1 => {
            items.pop().map_or(Value::Null, |item| fitted_one(parameter.kind, item))
        }
        // "No value" is an empty list for every filter there, and null here.
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => Value::Array(items.into_iter().map(|item| fitted_one(parameter.kind, item)).collect()),
        one => fitted_one(parameter.kind, one),
    }
}

fn fitted_one(kind: ParameterType, value: Value) -> Value {
    match (kind, value) {
        (ParameterType::Text, Value::Number(number)) => Value::String(number.to_string()),
        (ParameterType::Text, Value::Bool(value)) => Value::String(value.to_string()),
        (_, value) => value,
    }
}

/// A value from an address, where everything is text. `5` is a number where the filter takes a row's identifier: `007` is not.
#[must_use]
pub fn fitted_text(parameter: &Parameter, text: &str) -> Value {
    let whole = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    match (parameter.kind, whole) {
        (ParameterType::Id, Some(number)) => Value::Number(Number::from(number)),
        _ => Value::String(text.to_owned()),
    }
}
