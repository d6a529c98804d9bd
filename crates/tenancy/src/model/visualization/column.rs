//! How one column looks.

use serde::{Deserialize, Serialize};

/// How one column looks: its mark in a chart, its cells in a table.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnLook {
    /// What draws it, in a chart of kind `combo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The axis it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axis: Option<AxisSide>,
    /// `good`, `warning`, `bad`, `neutral`, `accent` or `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Whether it stays when a table is scrolled sideways.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Whether its cells have bars.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bar: bool,
    /// Colours by condition: the first that holds is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ColorRule>,
    /// Colours from the least to the greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<ColorScale>,
    /// An address with columns of the row in braces: `https://lms.example/course/view.php?id={id}`. `https`, `http` and `mailto` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What draws a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Bars.
    Bar,
    /// A line.
    Line,
    /// A filled line.
    Area,
}

/// A side of the chart. In a language that runs from the right, it is mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AxisSide {
    /// Where the line of text starts.
    Start,
    /// Where the line of text ends.
    End,
}

/// A colour by condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColorRule {
    /// How the cell compares.
    pub when: Comparison,
    /// To what. Nothing for `empty`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<RuleValue>,
    /// `good`, `warning`, `bad`, `neutral`, `accent` or `#rrggbb`.
    pub color: String,
    /// Whether the whole row takes the colour.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub row: bool,
}

/// How a cell compares to a rule's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Below it.
    Less,
    /// Below it or equal.
    AtMost,
    /// Above it.
    Greater,
    /// Above it or equal.
    AtLeast,
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Text that has it in it, in any case.
    Contains,
    /// No value.
    Empty,
}

/// A value that cells are compared to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum RuleValue {
    /// A number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// Text; dates as `2026-01-31`.
    Text(String),
}

/// Colours from the least to the greatest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColorScale {
    /// From the ground to the accent.
    Rising,
    /// From the accent to the ground.
    Falling,
    /// From bad over neutral to good.
    BadToGood,
    /// From good over neutral to bad.
    GoodToBad,
}
