//! Dashboards and cards in the fields that Metabase's clients read.

use std::collections::HashMap;
use std::ops::Range;

use query::ParameterType;
use serde_json::{Value, json};
use tenancy::model::content::{Item, Show, VisualizationKind};
use tenancy::{Act, Card, Dashboard, Granted, LookupError, Slug, TenantScope, View};

use super::numbers::{self, Named};
use super::refusal::Refusal;
use crate::v1::content::parameters::{self, ListedValue, ShownParameter};
use crate::v1::content::texts::Texts;

/// `GET /api/embed/dashboard/{token}`.
pub(super) fn dashboard(scope: &TenantScope, dashboard: &Granted<'_, View, Dashboard>) -> Result<Value, Refusal> {
    let places = Places::of(scope, dashboard);
    let mut shape = frame(dashboard, &places);
    let told: Result<Vec<Value>, LookupError> = places.all().map(|place| places.tell(dashboard, place, card)).collect();
    let told = Value::Array(told?);
    set(&mut shape, OLD_PLACES, told.clone());
    set(&mut shape, PLACES, told);
    Ok(shape)
}

/// Where a dashboard's places are told.
pub(super) const PLACES: &str = "dashcards";
/// The same for clients of before version 48.
pub(super) const OLD_PLACES: &str = "ordered_cards";

/// A dashboard's places, and what is needed to tell each by itself: with the SQL of their cards they may be large together.
pub(super) struct Places {
    ids: Vec<Named>,
    tabs: HashMap<Slug, i32>,
    shown: Vec<ShownParameter>,
    texts: Texts,
}

impl Places {
    pub(super) fn of(scope: &TenantScope, dashboard: &Granted<'_, View, Dashboard>) -> Self {
        let record = dashboard.get();
        Self {
            ids: numbers::dashcards(record).into_iter().map(|place| place.id).collect(),
            tabs: numbers::tabs(record).into_iter().map(|(id, tab)| (tab.id.clone(), id.number)).collect(),
            shown: parameters::of_dashboard(scope, dashboard),
            texts: Texts::of(scope, dashboard),
        }
    }

    /// Their positions on the dashboard that they are of.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.ids.len()
    }

    /// One of them, of the dashboard that they are of.
    pub(super) fn tell(
        &self,
        dashboard: &Granted<'_, View, Dashboard>,
        place: usize,
        shape_of: impl Fn(&Granted<'_, View, Card>) -> Value,
    ) -> Result<Value, LookupError> {
        let (id, item) = self.ids.get(place).zip(dashboard.get().draft.items.get(place)).ok_or(LookupError::Missing)?;
        let tab = item.tab.as_ref().and_then(|tab| self.tabs.get(tab)).copied();
        dashcard(dashboard, (id, item), tab, &self.shown, &self.texts, shape_of)
    }
}

/// A dashboard without its places.
pub(super) fn frame(dashboard: &Granted<'_, View, Dashboard>, places: &Places) -> Value {
    let record = dashboard.get();
    let tabs: Vec<Value> = numbers::tabs(record).iter().enumerate().map(|(position, (id, tab))| {
        json!({ "id": id.number, "entity_id": id.entity_id, "dashboard_id": record.number, "name": tab.name, "position": position })
    }).collect();
    json!({
        "id": record.number, "entity_id": record.entity_id, "name": record.draft.name,
        "description": record.draft.description, "archived": false, "width": "full", "auto_apply_filters": true,
        "parameters": places.shown.iter().map(parameter).collect::<Vec<_>>(),
        "tabs": tabs, "param_fields": {}, "param_values": null,
    })
}

/// `GET /api/embed/card/{token}`.
pub(super) fn question(scope: &TenantScope, card: &Granted<'_, View, Card>) -> Value {
    let shown = parameters::of_card(scope, card);
    let mut shape = self::card(card);
    set(&mut shape, "parameters", shown.iter().map(parameter).collect());
    set(&mut shape, "param_fields", json!({}));
    set(&mut shape, "param_values", Value::Null);
    shape
}

pub(super) fn card<A: Act>(card: &Granted<'_, A, Card>) -> Value {
    let (record, look) = (card.get(), &card.get().draft.visualization);
    let dimensions: Vec<&String> = look.x.iter().chain(look.series.iter()).collect();
    json!({
        "id": record.number, "entity_id": record.entity_id, "name": record.draft.name,
        "description": record.draft.description, "display": display(look.kind.unwrap_or(VisualizationKind::Table)), "type": "question",
        "query_type": "native", "archived": false, "dataset_query": { "type": "native" },
        "visualization_settings": { "graph.dimensions": dimensions, "graph.metrics": look.y },
    })
}

fn dashcard(
    dashboard: &Granted<'_, View, Dashboard>,
    (id, item): (&Named, &Item),
    tab: Option<i32>,
    shown: &[ShownParameter],
    texts: &Texts,
    shape_of: impl Fn(&Granted<'_, View, Card>) -> Value,
) -> Result<Value, LookupError> {
    let mut shape = json!({
        "id": id.number, "entity_id": id.entity_id, "dashboard_id": dashboard.get().number,
        "dashboard_tab_id": tab, "row": item.y, "col": item.x, "size_x": item.w, "size_y": item.h,
        "series": [], "inline_parameters": [], "parameter_mappings": [], "card_id": null, "card": null,
    });
    match &item.show {
        Show::Heading { text } => {
            set(&mut shape, LOOK, words("heading", &texts.heading(text)));
            set(&mut shape, "parameter_mappings", named(texts, text));
        }
        Show::Text { text } => {
            set(&mut shape, LOOK, words("text", &texts.markdown(text)));
            set(&mut shape, "parameter_mappings", named(texts, text));
        }
        Show::Card { parameters, title, .. } => {
            let card = dashboard.item::<View>(item.id.as_str())?;
            let number = card.get().number;
            let own = &card.get().draft.query.parameters;
            // What the viewer may not set is not spoken of.
            let open = parameters.iter().filter(|(_, filter)| shown.iter().any(|one| one.name == **filter));
            let mapping = |(name, filter): (&String, &String)| {
                let has_column = own.iter().any(|one| one.name == *name && one.column.is_some());
                let kind = if has_column { "dimension" } else { "variable" };
                json!({ "parameter_id": filter, "card_id": number, "target": [kind, ["template-tag", name]] })
            };
            set(&mut shape, "parameter_mappings", open.map(mapping).collect());
            set(&mut shape, "card_id", number.into());
            set(&mut shape, "card", shape_of(&card));
            let look = title.as_ref().map_or_else(|| json!({}), |title| json!({ "card.title": title }));
            set(&mut shape, LOOK, look);
        }
    }
    Ok(shape)
}

const LOOK: &str = "visualization_settings";

pub(super) fn set(shape: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = shape {
        fields.insert(name.to_owned(), value);
    }
}

/// Clients put in what the viewer sets.
fn named(texts: &Texts, text: &str) -> Value {
    let mapping = |name| json!({ "parameter_id": name, "card_id": null, "target": ["text-tag", name] });
    texts.open_in(text).into_iter().map(mapping).collect()
}

fn words(kind: &str, text: &str) -> Value {
    json!({ "text": text, "virtual_card": { "name": null, "display": kind, "visualization_settings": {}, "dataset_query": {}, "archived": false } })
}

/// A filter that the caller may set.
pub(super) fn parameter(shown: &ShownParameter) -> Value {
    let (kind, section) = kind(shown.kind);
    let (source, config) = match (shown.choices.is_empty(), shown.has_values) {
        (false, _) => (json!("static-list"), json!({ "values": shown.choices.iter().map(choice).collect::<Vec<_>>() })),
        (true, true) => (json!("card"), json!({})),
        (true, false) => (Value::Null, json!({})),
    };
    let has_list = shown.has_values || !shown.choices.is_empty();
    json!({
        "id": shown.name, "slug": shown.name, "name": shown.label, "type": kind, "sectionId": section,
        "default": shown.default, "required": shown.required, "isMultiSelect": shown.multiple,
        "filteringParameters": shown.linked, "values_query_type": if has_list { "list" } else { "none" },
        "values_source_type": source, "values_source_config": config,
    })
}

fn choice(listed: &ListedValue) -> Value {
    json!([listed.value, listed.label])
}

/// Their word for a filter's type.
pub(super) fn parameter_type(of: ParameterType) -> &'static str {
    kind(of).0
}

fn kind(kind: ParameterType) -> (&'static str, &'static str) {
    match kind {
        ParameterType::Text | ParameterType::Identifier => ("string/=", "string"),
        ParameterType::Number => ("number/=", "number"),
        ParameterType::Boolean => ("boolean/=", "boolean"),
        ParameterType::Date => ("date/single", "date"),
        ParameterType::DateRange => ("date/all-options", "date"),
        ParameterType::Id => ("id", "id"),
    }
}

/// The nearest of their drawings; ours draws what it is.
pub(super) fn display(kind: VisualizationKind) -> &'static str {
    match kind {
        VisualizationKind::Table | VisualizationKind::Heatmap => "table",
        VisualizationKind::Scalar => "scalar",
        VisualizationKind::Trend => "smartscalar",
        VisualizationKind::Bar | VisualizationKind::Histogram => "bar",
        VisualizationKind::Row => "row",
        VisualizationKind::Line => "line",
        VisualizationKind::Area => "area",
        VisualizationKind::Combo => "combo",
        VisualizationKind::Pie | VisualizationKind::Donut => "pie",
        VisualizationKind::Scatter => "scatter",
        VisualizationKind::Pivot => "pivot",
        VisualizationKind::Funnel => "funnel",
        VisualizationKind::Waterfall => "waterfall",
        VisualizationKind::Gauge => "gauge",
        VisualizationKind::Progress => "progress",
        VisualizationKind::Sankey => "sankey",
        VisualizationKind::Boxplot => "boxplot",
        VisualizationKind::Map => "map",
    }
}
