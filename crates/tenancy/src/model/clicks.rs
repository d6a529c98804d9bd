//! What a click on a mark or a cell of a card does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Invalid;

/// The most clicks of one card.
const MOST: usize = 20;

/// What a click does. It grants nothing: another dashboard needs a token of its own, which the host page gives or not.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "action", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Click {
    /// Sets filters of this dashboard.
    Filter {
        /// Only clicks on this column; any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
        /// Where each filter's value comes from.
        filters: BTreeMap<String, ClickValue>,
    },
    /// Opens another dashboard, for which the host page is asked for a token.
    Open {
        /// Only clicks on this column; any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
        /// The dashboard's slug.
        dashboard: String,
        /// Where values of its filters come from.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        filters: BTreeMap<String, ClickValue>,
    },
    /// Opens an address in a new window.
    Visit {
        /// Only clicks on this column; any when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column: Option<String>,
        /// `{column}` and `{filter:name}` become their values, percent-encoded. Begins with `https://`, `http://` or
        /// `mailto:`, or is one `{column}` that holds an address.
        url: String,
    },
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ClickValue {
    /// A column of the row.
    Column(FromColumn),
    /// A filter of this dashboard.
    Filter(FromFilter),
    /// Always the same.
    Fixed(FixedValue),
}

/// A column of the row that was clicked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FromColumn {
    /// The column of the answer.
    pub column: String,
    /// The whole span of time that the column's date lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// The value that a filter has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FromFilter {
    /// The filter.
    pub filter: String,
}

/// A value.
#[derive(Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedValue {
    /// The value.
    pub value: Value,
}

/// Spans of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// A day.
    Day,
    /// A week, from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

/// Checks the clicks of a card; `settable` says whether the dashboard has such a filter and a viewer may set it.
pub(super) fn check(field: &str, clicks: &[Click], settable: impl Fn(&str) -> bool) -> Result<(), Invalid> {
    if clicks.len() > MOST {
        return Err(Invalid::new(field, format!("a card has at most {MOST} clicks")));
    }
    clicks.iter().try_for_each(|click| click.check(field, &settable))
}

impl Click {
    fn check(&self, field: &str, settable: &impl Fn(&str) -> bool) -> Result<(), Invalid> {
        let known = |values: &BTreeMap<String, ClickValue>| {
            values.values().all(|value| match value {
                ClickValue::Filter(FromFilter { filter }) => settable(filter),
                ClickValue::Column(_) | ClickValue::Fixed(_) => true,
            })
        };
        match self {
            Self::Filter { filters, .. } if filters.is_empty() || !filters.keys().all(|name| settable(name)) => {
                Err(Invalid::new(field, "a click sets filters of this dashboard that are not locked"))
            }
            Self::Filter { filters, .. } | Self::Open { filters, .. } if !known(filters) => Err(Invalid::new(
                field,
                "values come from columns, and from filters of this dashboard that are not locked",
            )),
            Self::Open { dashboard, .. } if dashboard.is_empty() || dashboard.len() > 100 => {
                Err(Invalid::new(field, "name the dashboard to open by its slug"))
            }
            Self::Visit { url, .. } if !is_address(url) => Err(Invalid::new(
                field,
                "an address begins with https://, http:// or mailto:, or is one {column} that holds an address",
            )),
            Self::Filter { .. } | Self::Open { .. } | Self::Visit { .. } => Ok(()),
        }
    }
}

/// The page checks the scheme again when it opens the address: a column's value is a tenant's.
fn is_address(url: &str) -> bool {
    let one_column = url.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let schemes = ["https://", "http://", "mailto:"];
    let plain = url.len() <= 2000 && !url.chars().any(|letter| letter.is_control() || letter == ' ');
    plain
        && (one_column.is_some_and(|name| !name.contains(['{', '}']))
            || schemes.iter().any(|scheme| url.starts_with(scheme)))
}
