//! What comes out: one statement and its values; and what a compilation depends on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::definition::Engine;

/// Values by parameter name. `null` means no value, an absent name takes the default.
pub type Given = BTreeMap<String, Value>;

/// What a compilation depends on beside the card and the values.
pub struct Context<'a> {
    /// The engine that will run the statement.
    pub engine: Engine,
    /// The time that relative dates are relative to.
    pub now: Timestamp,
    /// The zone in which days begin.
    pub timezone: &'a TimeZone,
    /// The tenant's attributes, for defaults.
    pub attributes: &'a BTreeMap<String, Value>,
}

/// A value for a place in a statement. No `Debug` and no `Display`: it is a tenant's.
///
/// PostgreSQL tells the type of each place when it prepares a statement; the gateway writes the value in that type.
/// Where the value's own type must decide, the SQL has a cast:
///
/// | parameter | PostgreSQL | MariaDB, MySQL | SQLite |
/// | --- | --- | --- | --- |
/// | text, id | bare: as an untyped literal, it fits `uuid`, enumerations, numbers | `?` | `?1` |
/// | number | as the literal would be: `int4`, `int8` or `numeric` | `?`; decimals `CAST(? AS DECIMAL(65,n))` | `?1` |
/// | boolean | `boolean`; bare in a field filter | `?` | `?1` |
/// | date, `.start`, `.end` | `date`, `timestamptz`, `int8`; days and moments are bare in a field filter | `DATE`, `DATETIME`; bare in a field filter | `?1` |
///
/// Where nothing around a text tells its type (`{{x}} IS NULL`, `concat({{x}})`), PostgreSQL wants `{{x}}::text`.
#[derive(Clone, PartialEq)]
pub enum Bind {
    /// NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A binary floating-point number.
    Float(f64),
    /// A decimal number, exact: an optional `-`, digits, and digits after a point where there are any; no exponent,
    /// at most 65 digits, of them 30 after the point.
    Decimal(String),
    /// Text.
    Text(String),
    /// A day.
    Date(Date),
    /// A day and time without a zone.
    DateTime(DateTime),
    /// A moment.
    Timestamp(Timestamp),
}

/// One statement and the values for its places, in their order. No `Debug`: both are a tenant's.
///
/// Places are `$1`, `$2`, … for PostgreSQL, `?1`, `?2`, … for SQLite, `?` for MariaDB and MySQL. Each place has a value
/// of its own; the n-th value is that of the n-th place in the text.
pub struct Statement {
    pub(crate) sql: String,
    pub(crate) binds: Vec<Bind>,
}

impl Statement {
    /// The text.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// The values.
    #[must_use]
    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// A statement as it is: for what rewrites one, and for questions of the data plane's own. It is no right to run
    /// anything: that is the gateway's scoped query.
    #[must_use]
    pub fn new(sql: String, binds: Vec<Bind>) -> Self {
        Self { sql, binds }
    }
}
