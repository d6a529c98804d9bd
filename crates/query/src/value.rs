//! From JSON to typed values. What does not fit is refused with the cure, never with the value.

use jiff::civil::Date;
use serde_json::{Number, Value};

use crate::dates::{self, Days};
use crate::definition::{Parameter, ParameterType};
use crate::error::QueryError;
use crate::statement::Bind;

/// The longest text, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// The longest list of texts, in bytes.
const LONGEST_LIST: usize = 1024 * 1024;
/// The most values in a list.
const MOST_VALUES: usize = 1000;
/// The most digits of a number, and of them after the point: what every engine keeps exactly.
const MOST_DIGITS: usize = 65;
const MOST_FRACTION_DIGITS: usize = 30;

/// A parameter's value.
#[derive(Clone, PartialEq)]
pub(crate) enum Typed {
    None,
    Scalars(Vec<Bind>),
    ListOfDays(Vec<Date>),
    Days(Days),
    /// The author's SQL of the choice.
    Identifier(String),
}

impl Typed {
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }
}

/// Reads a value that was given, or a default.
pub(crate) fn read(parameter: &Parameter, value: &Value, today: Date) -> Result<Typed, QueryError> {
    let refuse = |message| QueryError::Value { name: parameter.name.clone(), message };
    let items = match value {
        Value::Null => return Ok(Typed::None),
        Value::Array(items) if parameter.multiple => items.as_slice(),
        Value::Array(_) => return Err(refuse("takes one value, not a list")),
        // A text field that was left empty.
        Value::String(text) if text.is_empty() && parameter.kind != ParameterType::Text => return Ok(Typed::None),
        one => std::slice::from_ref(one),
    };
    if items.is_empty() {
        return Ok(Typed::None);
    }
    if items.len() > MOST_VALUES {
        return Err(refuse("takes at most 1000 values"));
    }
    if items.iter().filter_map(Value::as_str).map(str::len).sum::<usize>() > LONGEST_LIST {
        return Err(refuse("takes at most 1 MiB of text"));
    }
    match parameter.kind {
        ParameterType::Text => scalars(items, text, || refuse("takes text of at most 64 KiB without NUL characters")),
        ParameterType::Number => scalars(items, number, || refuse("takes a number, such as 12 or \"12.50\"")),
        ParameterType::Boolean => scalars(items, boolean, || refuse("takes true or false")),
        ParameterType::Id => scalars(items, identity, || refuse("takes a whole number or a text")),
        ParameterType::Date => {
            let day = |item: &Value| item.as_str().and_then(|text| dates::day(text, today));
            let days = items.iter().map(day).collect::<Option<Vec<_>>>();
            let message = "takes a day such as \"2026-01-31\", \"today\" or \"yesterday\"";
            days.map(Typed::ListOfDays).ok_or_else(|| refuse(message))
        }
        ParameterType::DateRange => {
            let span = value.as_str().and_then(|text| dates::span(text, today));
            let message = "takes days such as \"2026-01-01~2026-01-31\", \"past30days\" or \"thismonth\"";
            span.map(Typed::Days).ok_or_else(|| refuse(message))
        }
        ParameterType::Identifier => {
            let wanted = value.as_str();
            let choice = parameter.choices.iter().find(|choice| Some(choice.value.as_str()) == wanted);
            choice.map(|choice| Typed::Identifier(choice.sql.clone())).ok_or_else(|| refuse("takes one of its choices"))
        }
    }
}

fn scalars(
    items: &[Value],
    read: impl Fn(&Value) -> Option<Bind>,
    refuse: impl Fn() -> QueryError,
) -> Result<Typed, QueryError> {
    items.iter().map(read).collect::<Option<Vec<_>>>().map(Typed::Scalars).ok_or_else(refuse)
}

fn text(value: &Value) -> Option<Bind> {
    let text = value.as_str().filter(|text| text.len() <= LONGEST_TEXT && !text.contains('\0'))?;
    Some(Bind::Text(text.to_owned()))
}

/// Whole numbers stay whole, everything else stays exact as text.
fn number(value: &Value) -> Option<Bind> {
    match value {
        Value::Number(number) => json_number(number),
        Value::String(text) => decimal(text.trim()),
        _ => None,
    }
}

fn json_number(number: &Number) -> Option<Bind> {
    // serde_json has read it as a double already when it is neither i64 nor u64: its shortest text is what was meant.
    number.as_i64().map(Bind::Int).or_else(|| decimal(&number.to_string()))
}

/// Sign, digits, point, digits, and a small exponent, which is worked out: the text that remains is exact and plain.
fn decimal(text: &str) -> Option<Bind> {
    if text.len() > 100 || text.starts_with('+') {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Bind::Int(whole));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent: isize = exponent.parse().ok().filter(|value| (-100..=100).contains(value))?;
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let fraction = if unsigned.contains('.') { fraction } else { "" };
    let point = isize::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let mut digits = format!("{whole}{fraction}");
    // Zeros, so that the point lies within the digits or at their end.
    if let Ok(short) = usize::try_from(-point) {
        digits.insert_str(0, &"0".repeat(short));
    }
    let point = usize::try_from(point.max(0)).ok()?;
    digits.push_str(&"0".repeat(point.saturating_sub(digits.len())));
    let (whole, fraction) = digits.split_at_checked(point)?;
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > MOST_DIGITS || fraction.len() > MOST_FRACTION_DIGITS {
        return None;
    }
    let sign = if mantissa.len() > unsigned.len() { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let plain = format!("{sign}{whole}{point}{fraction}");
    // 1e3 is as whole as 1000.
    Some(plain.parse().map_or(Bind::Decimal(plain), Bind::Int))
}

fn boolean(value: &Value) -> Option<Bind> {
    match value {
        Value::Bool(value) => Some(Bind::Bool(*value)),
        Value::String(text) if text == "true" => Some(Bind::Bool(true)),
        Value::String(text) if text == "false" => Some(Bind::Bool(false)),
        _ => None,
    }
}

/// A JSON number is a whole number, a JSON text is a text: `"007"` stays what it is.
fn identity(value: &Value) -> Option<Bind> {
    match value {
        Value::Number(number) => number.as_i64().map(Bind::Int),
        other => text(other),
    }
}
