//! How numbers and times are written.

use serde::{Deserialize, Serialize};

/// How a column's values are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// The style.
    pub style: FormatStyle,
    /// Digits after the decimal sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10)]
    pub decimals: Option<u8>,
    /// ISO 4217 code, for style `currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Whether large numbers are short: 1.2M.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub compact: bool,
    /// How much of a date is written; seen from the values when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granularity: Option<Granularity>,
    /// Text before the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Text after the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

/// The styles of [`Format`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormatStyle {
    /// A number.
    Number,
    /// A number that is already in percent.
    Percent,
    /// A share of one, shown in percent: 0.5 is 50 %.
    Fraction,
    /// An amount of money.
    Currency,
    /// A size in bytes.
    Bytes,
    /// A span in days.
    DurationDays,
    /// A span in hours.
    DurationHours,
    /// A span in minutes.
    DurationMinutes,
    /// A span in seconds.
    DurationSeconds,
    /// A span in milliseconds.
    DurationMilliseconds,
    /// A date.
    Date,
    /// A date and time.
    Datetime,
    /// Seconds since 1970 in UTC, shown as a date.
    EpochDate,
    /// Seconds since 1970 in UTC, shown as a date and time.
    EpochDatetime,
}

/// How much of a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Granularity {
    /// 2026
    Year,
    /// Q1 2026
    Quarter,
    /// January 2026
    Month,
    /// The week's first day.
    Week,
    /// 1 January 2026
    Day,
    /// 1 January 2026, 14:00
    Hour,
    /// 1 January 2026, 14:05
    Minute,
}
