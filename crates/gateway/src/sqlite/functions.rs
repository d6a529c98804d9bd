//! SQL functions that the other engines have and this build of SQLite lacks, so
//! that one card's arithmetic reads the same on all engines.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use sha2::{Digest as _, Sha256};

/// The result is NULL for NULL and for what is not a number, as in the engine's own functions.
type Numeric = fn(f64) -> f64;

const NUMERIC: [(&str, Numeric); 8] = [
    ("ceil", f64::ceil),
    ("ceiling", f64::ceil),
    ("floor", f64::floor),
    ("sqrt", f64::sqrt),
    ("exp", f64::exp),
    ("ln", f64::ln),
    ("log10", f64::log10),
    ("trunc", f64::trunc),
];

pub(super) fn add(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, function) in NUMERIC {
        let rounds = matches!(name, "ceil" | "ceiling" | "floor" | "trunc");
        connection.create_scalar_function(name, 1, flags, move |context| {
            // Whole numbers stay whole, and exact.
            if rounds && let ValueRef::Integer(whole) = context.get_raw(0) {
                return Ok(Value::Integer(whole));
            }
            Ok(number(context, 0).map_or(Value::Null, |value| real(function(value))))
        })?;
    }
    for name in ["power", "pow"] {
        connection.create_scalar_function(name, 2, flags, |context| {
            let both = number(context, 0).zip(number(context, 1));
            Ok(both.map_or(Value::Null, |(base, exponent)| real(base.powf(exponent))))
        })?;
    }
    connection.create_scalar_function("mod", 2, flags, |context| {
        Ok(match (context.get_raw(0), context.get_raw(1)) {
            (ValueRef::Integer(left), ValueRef::Integer(right)) => {
                left.checked_rem(right).map_or(Value::Null, Value::Integer)
            }
            _ => number(context, 0).zip(number(context, 1)).map_or(Value::Null, |(left, right)| real(left % right)),
        })
    })?;
    // Masks that show a digest are made of it, here as on the other engines.
    connection.create_scalar_function("sha256", 1, flags, |context| Ok(digest(context)))?;
    connection.create_scalar_function("left", 2, flags, |context| Ok(ends(context, false)))?;
    connection.create_scalar_function("right", 2, flags, |context| Ok(ends(context, true)))
}

/// SQLite has no NaN: it is NULL.
fn real(value: f64) -> Value {
    if value.is_nan() { Value::Null } else { Value::Real(value) }
}

#[expect(clippy::cast_precision_loss, reason = "SQL's own conversion from whole to floating point numbers")]
fn number(context: &Context<'_>, place: usize) -> Option<f64> {
    match context.get_raw(place) {
        ValueRef::Integer(value) => Some(value as f64),
        ValueRef::Real(value) => Some(value),
        ValueRef::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// SHA-256 in lower-case hexadecimal, of a text's or a blob's bytes, or of a number as it is written.
fn digest(context: &Context<'_>) -> Value {
    let digest = match context.get_raw(0) {
        ValueRef::Null => return Value::Null,
        ValueRef::Integer(value) => Sha256::digest(value.to_string()),
        ValueRef::Real(value) => Sha256::digest(value.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Sha256::digest(bytes),
    };
    Value::Text(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn ends(context: &Context<'_>, from_right: bool) -> Value {
    let (ValueRef::Text(text), ValueRef::Integer(length)) = (context.get_raw(0), context.get_raw(1)) else {
        return Value::Null;
    };
    let Ok(text) = std::str::from_utf8(text) else { return Value::Null };
    let length = usize::try_from(length).unwrap_or(0);
    let skip = if from_right { text.chars().count().saturating_sub(length) } else { 0 };
    Value::Text(text.chars().skip(skip).take(length).collect())
}
