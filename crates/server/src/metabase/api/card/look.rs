//! `display` and `visualization_settings`, as far as a card's drawing has them.

use serde_json::Value;
use tenancy::model::content::{Visualization, VisualizationKind};

use super::super::super::shape;
use super::super::denied::Denied;

const KINDS: [VisualizationKind; 17] = [
    VisualizationKind::Table,
    VisualizationKind::Scalar,
    VisualizationKind::Trend,
    VisualizationKind::Bar,
    VisualizationKind::Row,
    VisualizationKind::Line,
    VisualizationKind::Area,
    VisualizationKind::Combo,
    VisualizationKind::Pie,
    VisualizationKind::Scatter,
    VisualizationKind::Pivot,
    VisualizationKind::Funnel,
    VisualizationKind::Waterfall,
    VisualizationKind::Gauge,
    VisualizationKind::Progress,
    VisualizationKind::Sankey,
    VisualizationKind::Boxplot,
];

/// Settings that say what is shown and not how: what cannot be said here is not dropped in silence. Where our own page has the
/// same thing, the native surface writes it.
const MEANING: [&str; 5] = [
    "click_behavior",
    "pivot_table.column_split",
    "table.pivot_column",
    "table.cell_column",
    "table.column_formatting",
];

/// Puts them in. What is sent back as it was told changes nothing: a heat map that is told as a table stays one.
pub(super) fn put(display: Option<&str>, settings: Option<&Value>, look: &mut Visualization) -> Result<(), Denied> {
    if let Some(display) = display {
        let now = shape::display(look.kind.unwrap_or(VisualizationKind::Table));
        if display != now {
            look.kind = Some(kind(display, look.kind)?);
        }
    }
    let Some(settings) = settings.filter(|settings| !settings.is_null()) else { return Ok(()) };
    if let Some(name) = MEANING.into_iter().find(|name| settings.get(name).is_some_and(is_said)) {
        let cure = "is not read here: write it with PUT /v1/content/cards, where drawings are documented";
        return Err(Denied::field(format!("visualization_settings.{name}"), cure));
    }
    let columns = |name: &str, other: &str| match settings.get(name).or_else(|| settings.get(other)) {
        Some(Value::String(one)) => Ok(Some(vec![one.clone()])),
        Some(Value::Array(names)) => {
            let names = names.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            let cure = "must be the names of columns";
            names.map(Some).ok_or_else(|| Denied::field(format!("visualization_settings.{name}"), cure))
        }
        _ => Ok(None),
    };
    if let Some(dimensions) = columns("graph.dimensions", "pie.dimension")? {
        let mut dimensions = dimensions.into_iter();
        (look.x, look.series) = (dimensions.next(), dimensions.next());
        if dimensions.next().is_some() {
            return Err(Denied::field("visualization_settings.graph.dimensions", "must be two columns at most"));
        }
    }
    if let Some(metrics) = columns("graph.metrics", "pie.metric")? {
        look.y = metrics;
    }
    match settings.get("stackable.stack_type") {
        Some(Value::String(kind)) => (look.stacked, look.normalized) = (true, kind == "normalized"),
        Some(Value::Null) => (look.stacked, look.normalized) = (false, false),
        _ => {}
    }
    Ok(())
}

fn is_said(value: &Value) -> bool {
    !(value.is_null()
        || value.as_array().is_some_and(Vec::is_empty)
        || value.as_object().is_some_and(serde_json::Map::is_empty))
}

fn kind(display: &str, now: Option<VisualizationKind>) -> Result<VisualizationKind, Denied> {
    // A map needs to be told what of: it can be kept and not made.
    let known = KINDS.into_iter().chain(now).find(|kind| shape::display(*kind) == display);
    known.ok_or_else(|| {
        let names: Vec<_> = KINDS.into_iter().map(shape::display).collect();
        Denied::field(
            "display",
            format!("must be one of {}; maps are made with POST /v1/content/cards", names.join(", ")),
        )
    })
}
