//! How an answer is drawn, as authors write it. What is left open is decided from the answer's columns, by the page.

mod check;
mod column;
mod format;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use column::{AxisSide, ColorRule, ColorScale, ColumnLook, Comparison, Mark, RuleValue};
pub use format::{Format, FormatStyle, Granularity};

/// How an answer is drawn. Absent fields are chosen from the answer's columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visualization {
    /// The kind of drawing.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<VisualizationKind>,
    /// Column of the categories, of time, of the numbers of a histogram, of a sankey's starts, of a map's regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Columns of the values. A box plot takes one of raw values, or five: least, quartile, median, quartile, greatest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub y: Vec<String>,
    /// Column whose values make the series, the rows of a heat map, a sankey's ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Column of the sizes of bubbles and of a map's points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    /// Whether series are stacked.
    #[serde(default)]
    pub stacked: bool,
    /// Whether stacked series are drawn as shares of 100 %.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub normalized: bool,
    /// Whether bars lie. `row` is a bar that lies.
    #[serde(default)]
    pub horizontal: bool,
    /// Names for people, by column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Columns that are not shown.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub hidden: BTreeSet<String>,
    /// How numbers and times are written, by column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub formats: BTreeMap<String, Format>,
    /// How single columns look, by column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnLook>,
    /// Least value of the value axis or of a gauge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest value of the value axis or of a gauge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether the value axis is logarithmic. Values that are not above zero are left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub logarithmic: bool,
    /// Whether values are written on the marks; decided from the room when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_values: Option<bool>,
    /// Whether sums are added: the rows and columns of a pivot, the last bar of a waterfall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totals: Option<bool>,
    /// What is to be reached: the end of a progress bar, a gauge's mark, a line across a chart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// Which way is good, for the colours of a trend and a waterfall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Good>,
    /// Bands of colour of a gauge or a single number, each from its own `from` to the next one's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// How many bins a histogram has; decided from the values when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 200)]
    pub bins: Option<u8>,
    /// What a pivot has down and across.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pivot: Option<PivotLook>,
    /// What a map shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<MapLook>,
}

/// The kinds of drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VisualizationKind {
    /// Rows and columns.
    Table,
    /// One number, or a few.
    Scalar,
    /// The last number of a time series against the one before.
    Trend,
    /// Bars.
    Bar,
    /// Bars that lie.
    Row,
    /// Lines.
    Line,
    /// Filled lines.
    Area,
    /// Bars and lines, by `columns`.
    Combo,
    /// Shares of a whole, as a disc.
    Pie,
    /// Shares of a whole, as a ring around the sum.
    Donut,
    /// Points, or bubbles with `size`.
    Scatter,
    /// How many values lie in which range.
    Histogram,
    /// Colours on a grid: `x` across, `series` down. A moment alone becomes day by hour.
    Heatmap,
    /// A table of sums: `pivot` says what is down and across.
    Pivot,
    /// Stages, each a part of the first.
    Funnel,
    /// Steps up and down from zero to a total.
    Waterfall,
    /// One number on a dial.
    Gauge,
    /// One number on its way to a goal.
    Progress,
    /// Flows from `x` to `series`.
    Sankey,
    /// Quartiles by category.
    Boxplot,
    /// Countries by colour, or places by point.
    Map,
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The number. Give this or `column`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The column that has it in its first row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Good {
    /// More is better.
    Up,
    /// Less is better.
    Down,
    /// Neither: no colours.
    Neither,
}

/// A band of colour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Where it begins; absent in the first, which begins at the least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// `good`, `warning`, `bad`, `neutral`, `accent` or `#rrggbb`.
    pub color: String,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What a pivot has down and across. Its values are the visualization's `y`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PivotLook {
    /// Columns whose values go down, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<String>,
    /// Columns whose values go across, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

/// What a map shows. With `latitude` and `longitude` it has points, else regions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MapLook {
    /// The part of the world; where the data is when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<MapArea>,
    /// Column of the latitudes, in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<String>,
    /// Column of the longitudes, in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<String>,
}

/// Parts of the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MapArea {
    /// All of it.
    World,
    /// Africa.
    Africa,
    /// Asia.
    Asia,
    /// Europe.
    Europe,
    /// North and Central America.
    NorthAmerica,
    /// Oceania.
    Oceania,
    /// South America.
    SouthAmerica,
}
