//! A dashboard's filters as clients write them. A filter's slug is its name here: what tokens and addresses call it.

use std::collections::BTreeMap;

use query::{Parameter, ParameterType};
use serde::Deserialize;
use serde_json::Value;
use tenancy::model::content::{DashboardDraft, Filter, Show};
use tenancy::{TenantScope, View};

use super::super::super::shape;
use super::super::denied::Denied;

/// A filter.
#[derive(Deserialize)]
pub(super) struct Written {
    id: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    default: Value,
    #[serde(default)]
    required: Option<bool>,
    #[serde(default, rename = "isMultiSelect")]
    is_multiple: Option<bool>,
    #[serde(default, rename = "filteringParameters")]
    linked: Option<Vec<String>>,
}

/// The names of filters by what clients call them.
pub(super) type Names = BTreeMap<String, String>;

/// How wirings name filters.
pub(super) struct Filters<'n> {
    pub(super) names: &'n Names,
}

impl Filters<'_> {
    /// The filter that a wiring means.
    pub(super) fn named(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }
}

/// The names that a list of filters gives.
pub(super) fn names(written: &[Written]) -> Result<Names, Denied> {
    let mut names = Names::new();
    for (place, filter) in written.iter().enumerate() {
        let name = filter.slug.as_ref().unwrap_or(&filter.id);
        let is_name = name.len() <= 64
            && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_name {
            let cure = "must be a name: a letter, then letters, digits and _, 64 at most";
            return Err(Denied::field(format!("parameters[{place}].slug"), cure));
        }
        if names.insert(filter.id.clone(), name.clone()).is_some() {
            return Err(Denied::field(format!("parameters[{place}].id"), "is there twice"));
        }
    }
    Ok(names)
}

/// The names when the list stays: a filter is called by its name.
pub(super) fn own_names(filters: &[Filter]) -> Names {
    filters.iter().map(|own| (own.parameter.name.clone(), own.parameter.name.clone())).collect()
}

/// The filters, in their order; what clients have no words for stays as it was.
pub(super) fn read(
    scope: &TenantScope,
    written: Vec<Written>,
    names: &Names,
    draft: &DashboardDraft,
) -> Result<Vec<Filter>, Denied> {
    let mut filters = Vec::new();
    for (place, sent) in written.into_iter().enumerate() {
        let name = names.get(&sent.id).cloned().unwrap_or_default();
        let wired = wired(scope, draft, &name);
        let mut filter = match draft.filter(&name) {
            Some(own) => own.clone(),
            None => fresh(name),
        };
        let is_fresh = draft.filter(&filter.parameter.name).is_none();
        // Under another name it would be a new filter, which nobody locked and no card takes: everybody's rows would show.
        if is_fresh && draft.filter(&sent.id).is_some_and(|own| own.locked) {
            let cure = "a filter that is locked keeps its name here; rename it with PUT /v1/content/dashboards";
            return Err(Denied::field(format!("parameters[{place}].slug"), cure));
        }
        if let Some(kind) = sent.r#type.as_deref()
            && (is_fresh || shape::parameter_type(filter.parameter.kind) != kind)
        {
            let kinds = kinds(kind).ok_or_else(|| Denied::field(format!("parameters[{place}].type"), TYPES))?;
            let of_card = wired.iter().map(|own| own.kind).find(|kind| kinds.contains(kind));
            filter.parameter.kind = of_card.or(kinds.first().copied()).unwrap_or(ParameterType::Text);
        } else if is_fresh {
            return Err(Denied::field(format!("parameters[{place}].type"), TYPES));
        }
        let takes_many =
            matches!(filter.parameter.kind, ParameterType::Text | ParameterType::Number | ParameterType::Id);
        let wanted = sent.is_multiple.unwrap_or(if is_fresh { true } else { filter.parameter.multiple });
        filter.parameter.multiple = wanted && takes_many && wired.iter().all(|own| own.multiple);
        if let Some(label) = sent.name {
            filter.parameter.label = Some(label).filter(|label| *label != filter.parameter.name);
        }
        filter.parameter.required = sent.required.unwrap_or(filter.parameter.required);
        // An empty list is how some clients write that there is none.
        let default =
            Some(sent.default).filter(|value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
        let own = &mut filter.parameter;
        // What was told is the tenant's attribute where there is one; sent back as it was, it stays the attribute's.
        let told = own.default_attribute.as_ref().and_then(|name| scope.attributes().get(name));
        if default.as_ref() != told.or(own.default.as_ref()) {
            own.default = default.map(|value| tenancy::fitted(own, value));
            own.default_attribute = None;
        }
        if let Some(linked) = sent.linked {
            let known = |id: String| names.get(&id).cloned().unwrap_or(id);
            filter.linked = linked.into_iter().map(known).collect();
        }
        filters.push(filter);
    }
    Ok(filters)
}

/// Clients wire a filter for lists to a parameter that takes one value, and do not say which the filter is: it is what all of its
/// wirings are. A filter for single values stays one: who made it so would be given several.
pub(super) fn fit(scope: &TenantScope, draft: &mut DashboardDraft) {
    let single: Vec<bool> = draft
        .parameters
        .iter()
        .map(|own| {
            let wired = wired(scope, draft, &own.parameter.name);
            !wired.is_empty() && wired.iter().all(|one| !one.multiple)
        })
        .collect();
    for (filter, is_single) in draft.parameters.iter_mut().zip(single) {
        let has_list = filter.parameter.default.as_ref().is_some_and(Value::is_array);
        filter.parameter.multiple &= !is_single || has_list;
    }
}

const TYPES: &str = "must be category, id, string/=, number/=, boolean/=, date/single, date/range, date/relative or \
                     date/all-options: other comparisons are written in the card's SQL";

/// What a filter of one of their types may be here, the likeliest first.
fn kinds(kind: &str) -> Option<&'static [ParameterType]> {
    use ParameterType::{Boolean, Date, DateRange, Id, Number, Text};
    Some(match kind {
        "string/=" | "location/city" | "location/state" | "location/zip_code" | "location/country" => &[Text, Id],
        "category" => &[Text, Id, Number],
        "id" => &[Id, Number, Text],
        "number/=" => &[Number, Id],
        "boolean/=" => &[Boolean],
        "date/single" => &[Date],
        "date/all-options" | "date/range" | "date/relative" => &[DateRange],
        _ => return None,
    })
}

fn fresh(name: String) -> Filter {
    Filter {
        parameter: Parameter {
            name,
            label: None,
            kind: ParameterType::Text,
            required: false,
            multiple: false,
            default: None,
            default_attribute: None,
            column: None,
            choices: Vec::new(),
            values: None,
        },
        locked: false,
        linked: std::collections::BTreeSet::new(),
    }
}

/// The parameters of cards that take their value from a filter.
fn wired(scope: &TenantScope, draft: &DashboardDraft, filter: &str) -> Vec<Parameter> {
    let mut found = Vec::new();
    for item in &draft.items {
        let Show::Card { card, parameters, .. } = &item.show else { continue };
        let Ok(card) = scope.card::<View>(card) else { continue };
        let own = &card.get().draft.query.parameters;
        for (name, _) in parameters.iter().filter(|(_, wired)| *wired == filter) {
            found.extend(own.iter().find(|own| own.name == *name).cloned());
        }
    }
    found
}
