//! What an author writes: SQL with named places, and what may be put into them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The family of a database engine: how SQL is written and where binds stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// PostgreSQL.
    Postgres,
    /// MariaDB and MySQL.
    #[serde(alias = "mariadb")]
    Mysql,
    /// SQLite.
    Sqlite,
}

impl Engine {
    /// Every family.
    pub const ALL: [Self; 3] = [Self::Postgres, Self::Mysql, Self::Sqlite];
}

/// SQL text that cards share, by name.
pub type Snippets = BTreeMap<String, String>;

/// SQL in the template language, and its parameters.
///
/// `{{x}}` is a value or, for a parameter with a column, a whole predicate; `[[ … {{x}} … ]]` is there only when each
/// `x` in it has a value; `{{period.start}}` and `{{period.end}}` are the ends of a date range, the end exclusive;
/// `{{snippet: name}}` is shared text. Comments are left out, brackets balance in each clause and each snippet, and where
/// two pieces meet a blank keeps them apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NativeQuery {
    /// The template.
    pub sql: String,
    /// What may be put into it, 100 at most. Each must be used.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// One parameter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The name in the template: a letter or `_`, then letters, digits and `_`, 64 at most.
    pub name: String,
    /// The name for people; the name itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// Whether the card cannot run without a value.
    #[serde(default)]
    pub required: bool,
    /// Whether it takes a list of values.
    #[serde(default)]
    pub multiple: bool,
    /// The value when none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The tenant attribute whose value is the default, before `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_attribute: Option<String>,
    /// The column that it filters; `{{name}}` is then a whole predicate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Column>,
    /// For type `identifier`: what there is to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Where a viewer's list of values comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ValuesSource>,
}

/// What a parameter's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// Text, 64 KiB at most.
    Text,
    /// A whole or decimal number, exact: 65 digits at most, 30 of them after the point.
    Number,
    /// True or false.
    Boolean,
    /// A day: `2026-01-31`, `today` or `yesterday`.
    Date,
    /// A span of days: `2026-01-01~2026-01-31`, `past30days`, `thismonth` and the like.
    DateRange,
    /// An identifier of a row: a JSON number is a whole number, a JSON text is a text (`"007"` stays what it is).
    Id,
    /// One of the author's `choices`, which stands in the SQL as it is written there.
    Identifier,
}

/// The column of a field filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column as the SQL names it: one to three identifiers with dots between.
    pub sql: String,
    /// What it holds, for dates.
    #[serde(default)]
    pub holds: ColumnHolds,
}

/// What a filtered column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnHolds {
    /// The parameter's own kind of value; dates for dates.
    #[default]
    Value,
    /// Dates.
    Date,
    /// Moments.
    Timestamp,
    /// Whole seconds since 1970 in UTC.
    EpochSeconds,
    /// Whole milliseconds since 1970 in UTC.
    EpochMillis,
}

/// One choice of an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What a caller gives.
    pub value: String,
    /// What people read; the value itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What stands in the SQL: one to three identifiers with dots between.
    pub sql: String,
}

/// Where a viewer's list of values comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ValuesSource {
    /// A fixed list.
    Static(Vec<StaticValue>),
    /// The rows of another card of the same owner.
    Card {
        /// The card, by id or slug.
        card: String,
        /// Column of the values; the first when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value_column: Option<String>,
        /// Column of the labels; the second, or the first, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label_column: Option<String>,
    },
}

/// A value of a fixed list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaticValue {
    /// The value.
    pub value: Value,
    /// What people read; the value itself when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}
