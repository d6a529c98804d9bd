//! Filters as a viewer sees them, and the values to choose from.

use query::{Parameter, ParameterType, ValuesSource};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tenancy::model::Invalid;
use tenancy::model::content::{Filter, Show, Values};
use tenancy::{Act, Card, Dashboard, Granted, Run, TenantScope};

use crate::app::App;
use crate::problem::Problem;
use crate::rows;

/// A filter that a viewer may set.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ShownParameter {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(rename = "type")]
    pub(crate) kind: ParameterType,
    pub(crate) required: bool,
    pub(crate) multiple: bool,
    pub(crate) default: Option<Value>,
    /// The values to choose from, when they are few and fixed.
    pub(crate) choices: Vec<ListedValue>,
    /// Whether the values route lists values.
    pub(crate) has_values: bool,
    /// Filters whose values narrow the list, when the values route is asked by POST.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) linked: Vec<String>,
}

/// A value and what people read.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ListedValue {
    #[schema(value_type = Value)]
    pub(crate) value: Box<RawValue>,
    pub(crate) label: String,
}

/// A filter's values.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ValueList {
    pub(crate) values: Vec<ListedValue>,
    /// Whether there are more than are listed; a search narrows.
    pub(crate) more: bool,
}

/// Which values.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Only values whose label holds this text, in any case.
    pub(crate) search: Option<String>,
}

/// Which values, with the values of the filters that narrow the list.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedBeside {
    /// Only values whose label holds this text, in any case.
    #[serde(default)]
    pub(crate) search: Option<String>,
    /// Values of linked filters, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub(crate) parameters: Values,
}

/// Where a filter's values come from.
enum Source<'p> {
    Inline(Vec<ListedValue>),
    Card { card: &'p str, value_column: Option<&'p str>, label_column: Option<&'p str> },
    None,
}

/// The filters of a dashboard that this caller may set.
pub(crate) fn of_dashboard<A: Act>(scope: &TenantScope, dashboard: &Granted<'_, A, Dashboard>) -> Vec<ShownParameter> {
    filters(scope, dashboard, true)
}

/// Those that it may not: their values are the token's, or the author's.
pub(super) fn hidden<A: Act>(scope: &TenantScope, dashboard: &Granted<'_, A, Dashboard>) -> Vec<ShownParameter> {
    filters(scope, dashboard, false)
}

/// Whether this caller may set it.
pub(super) fn is_open(scope: &TenantScope, filter: &Filter) -> bool {
    !((scope.viewer().is_some() && filter.locked) || scope.locks(&filter.parameter.name))
}

fn filters<A: Act>(scope: &TenantScope, dashboard: &Granted<'_, A, Dashboard>, open: bool) -> Vec<ShownParameter> {
    let filters = dashboard.get().draft.parameters.iter();
    filters
        .filter(|filter| is_open(scope, filter) == open)
        .map(|filter| {
            let wired = wired_parameter(dashboard, &filter.parameter.name);
            let linked = filter.linked.iter().cloned().collect();
            ShownParameter { linked, ..shown(scope, &filter.parameter, wired.as_ref()) }
        })
        .collect()
}

/// The parameters of a card that this caller may set.
pub(crate) fn of_card<A: Act>(scope: &TenantScope, card: &Granted<'_, A, Card>) -> Vec<ShownParameter> {
    let parameters = card.get().draft.query.parameters.iter();
    parameters
        .filter(|parameter| !scope.locks(&parameter.name))
        .map(|parameter| shown(scope, parameter, None))
        .collect()
}

/// Lists the values of a dashboard's filter.
pub(crate) async fn dashboard_values<A: Act>(
    app: &App,
    dashboard: &Granted<'_, A, Dashboard>,
    name: &str,
    search: Option<&str>,
    beside: Values,
) -> Result<ValueList, Problem> {
    let scope = dashboard.scope();
    let filter = dashboard.get().draft.filter(name).ok_or_else(Problem::missing)?;
    if scope.locks(name) || (scope.viewer().is_some() && filter.locked) {
        return Err(Problem::missing());
    }
    if let Some(other) = beside.keys().find(|other| !filter.linked.contains(*other)) {
        return Err(Invalid::new(format!("parameters.{other}"), "this filter does not narrow the list").into());
    }
    let wired = wired_parameter(dashboard, name);
    match source(&filter.parameter, wired.as_ref()) {
        Source::None => Err(Problem::missing()),
        Source::Inline(values) => Ok(searched(values, search)),
        Source::Card { card, value_column, label_column } => {
            let card = dashboard.values_card(card)?;
            from_card(app, &card, (value_column, label_column), search, beside).await
        }
    }
}

/// Lists the values of a card's parameter.
pub(crate) async fn card_values<A: Act>(
    app: &App,
    card: &Granted<'_, A, Card>,
    name: &str,
    search: Option<&str>,
) -> Result<ValueList, Problem> {
    if card.scope().locks(name) {
        return Err(Problem::missing());
    }
    let parameter = card.get().draft.query.parameters.iter().find(|parameter| parameter.name == name);
    match source(parameter.ok_or_else(Problem::missing)?, None) {
        Source::None => Err(Problem::missing()),
        Source::Inline(values) => Ok(searched(values, search)),
        Source::Card { card: listed, value_column, label_column } => {
            let listed = card.values_card(listed)?;
            from_card(app, &listed, (value_column, label_column), search, Values::new()).await
        }
    }
}

async fn from_card(
    app: &App,
    card: &Granted<'_, Run, Card>,
    columns: (Option<&str>, Option<&str>),
    search: Option<&str>,
    mut beside: Values,
) -> Result<ValueList, Problem> {
    // A list that does not take a linked filter is the same whatever that filter says.
    let own = &card.get().draft.query.parameters;
    beside.retain(|name, _| own.iter().any(|parameter| parameter.name == *name));
    let found = rows::values(app, card, beside, columns, search).await?;
    let values = found.values.into_iter().map(|value| ListedValue { value: value.value, label: value.label }).collect();
    Ok(ValueList { values, more: found.more })
}

fn searched(mut values: Vec<ListedValue>, search: Option<&str>) -> ValueList {
    if let Some(wanted) = search.map(str::to_lowercase) {
        values.retain(|choice| choice.label.to_lowercase().contains(&wanted));
    }
    ValueList { values, more: false }
}

/// The card parameter that a filter is wired to: it knows the choices when the filter names none.
fn wired_parameter<A: Act>(dashboard: &Granted<'_, A, Dashboard>, filter: &str) -> Option<Parameter> {
    dashboard.get().draft.items.iter().find_map(|item| {
        let Show::Card { parameters, .. } = &item.show else { return None };
        let (own, _) = parameters.iter().find(|(_, wired)| *wired == filter)?;
        let card = dashboard.item::<tenancy::View>(item.id.as_str()).ok()?;
        card.get().draft.query.parameters.iter().find(|parameter| parameter.name == *own).cloned()
    })
}

fn shown(scope: &TenantScope, parameter: &Parameter, wired: Option<&Parameter>) -> ShownParameter {
    let attribute = parameter.default_attribute.as_ref().and_then(|name| scope.attributes().get(name));
    let (choices, has_values) = match source(parameter, wired) {
        Source::Inline(choices) => (choices, false),
        Source::Card { .. } => (Vec::new(), true),
        Source::None => (Vec::new(), false),
    };
    ShownParameter {
        name: parameter.name.clone(),
        label: parameter.label.clone().unwrap_or_else(|| parameter.name.clone()),
        kind: parameter.kind,
        required: parameter.required,
        multiple: parameter.multiple,
        default: attribute.or(parameter.default.as_ref()).cloned(),
        choices,
        has_values,
        linked: Vec::new(),
    }
}

fn source<'p>(parameter: &'p Parameter, wired: Option<&'p Parameter>) -> Source<'p> {
    let of = |parameter: &'p Parameter| match &parameter.values {
        Some(ValuesSource::Static(values)) => {
            let choices = values.iter().map(|value| choice(&value.value, value.label.as_deref()));
            Source::Inline(choices.collect())
        }
        Some(ValuesSource::Card { card, value_column, label_column }) => {
            Source::Card { card, value_column: value_column.as_deref(), label_column: label_column.as_deref() }
        }
        None if !parameter.choices.is_empty() => {
            let choices =
                parameter.choices.iter().map(|one| choice(&Value::String(one.value.clone()), one.label.as_deref()));
            Source::Inline(choices.collect())
        }
        None => Source::None,
    };
    match (of(parameter), wired) {
        (Source::None, Some(wired)) => of(wired),
        (found, _) => found,
    }
}

fn choice(value: &Value, label: Option<&str>) -> ListedValue {
    let label = label.map_or_else(|| value.as_str().map_or_else(|| value.to_string(), str::to_owned), str::to_owned);
    // A `Value` always has a JSON text.
    let value = serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned());
    ListedValue { value, label }
}
