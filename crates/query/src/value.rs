//! From JSON to typed values. What does not fit is refused with the cure, never with the value.

use jiff::civil::Date;
use serde_json::{Number, Value};

use crate::compile::Bind;
use crate::dates::{self, Days};
use crate::definition::{Parameter, ParameterType};
use crate::error::QueryError;

/// The longest text, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// The most values in a list.
const MOST_VALUES: usize = 1000;

/// A parameter's value.
#[derive(Clone, PartialEq)]
pub(crate) enum Typed {
    None,
    Scalars(Vec<Bind>),
    Day(Date),
    ListOfDays(Vec<Date>),
    Days(Days),
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
    match parameter.kind {
        ParameterType::Text => scalars(items, text, || refuse("takes text of at most 64 KiB")),
        ParameterType::Number => scalars(items, number, || refuse("takes a number, such as 12 or \"12.50\"")),
        ParameterType::Boolean => scalars(items, boolean, || refuse("takes true or false")),
        ParameterType::Id => scalars(items, identity, || refuse("takes a whole number or a text")),
        ParameterType::Date => {
            let day = |item: &Value| item.as_str().and_then(|text| dates::day(text, today));
            let days = items.iter().map(day).collect::<Option<Vec<_>>>();
            let days = days.ok_or_else(|| refuse("takes a day such as \"2026-01-31\", \"today\" or \"yesterday\""))?;
            Ok(match days.as_slice() {
                [one] => Typed::Day(*one),
                _ => Typed::ListOfDays(days),
            })
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

/// Sign, digits, point, digits, and a small exponent; at most 100 characters.
fn decimal(text: &str) -> Option<Bind> {
    if let Ok(whole) = text.parse::<i64>() {
        return (!text.starts_with('+')).then_some(Bind::Int(whole));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let small = exponent.is_none_or(|text| text.parse::<i32>().is_ok_and(|value| (-100..=100).contains(&value)));
    (text.len() <= 100 && digits(whole) && digits(fraction) && small).then(|| Bind::Decimal(text.to_owned()))
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
