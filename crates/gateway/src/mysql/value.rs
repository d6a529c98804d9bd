//! Values of MariaDB and MySQL: the binary protocol's, with the column's type beside them.

use jiff::civil::{Date, DateTime, Time};
use mysql_async::consts::{ColumnFlags, ColumnType};
use mysql_async::{Column, Value};
use query::Bind;

use crate::cell::{Cell, ColumnKind};

/// The character set that means: these are bytes.
const BINARY: u16 = 63;

/// A parameter's value.
pub(super) fn bind(bind: &Bind) -> Value {
    match bind {
        Bind::Null => Value::NULL,
        Bind::Bool(value) => Value::Int(i64::from(*value)),
        Bind::Int(value) => Value::Int(*value),
        Bind::Float(value) => Value::Double(*value),
        Bind::Decimal(text) | Bind::Text(text) => Value::Bytes(text.clone().into_bytes()),
        Bind::Date(day) => Value::Bytes(day.to_string().into_bytes()),
        Bind::DateTime(moment) => Value::Bytes(moment.to_string().replace('T', " ").into_bytes()),
        // The session's zone is UTC.
        Bind::Timestamp(moment) => {
            let utc = jiff::tz::Offset::UTC.to_datetime(*moment);
            Value::Bytes(utc.to_string().replace('T', " ").into_bytes())
        }
    }
}

/// How to read one column.
#[derive(Clone, Copy)]
pub(super) enum Decoder {
    Integer,
    Decimal,
    Float,
    Text,
    Bytes,
    Date,
    Time,
    DateTime,
    Timestamp,
    Json,
    Bits,
    BitDigits,
    Null,
}

impl Decoder {
    pub(super) fn of(column: &Column) -> Self {
        let is_bytes = column.character_set() == BINARY && column.flags().contains(ColumnFlags::BINARY_FLAG);
        match column.column_type() {
            ColumnType::MYSQL_TYPE_TINY
            | ColumnType::MYSQL_TYPE_SHORT
            | ColumnType::MYSQL_TYPE_INT24
            | ColumnType::MYSQL_TYPE_LONG
            | ColumnType::MYSQL_TYPE_LONGLONG
            | ColumnType::MYSQL_TYPE_YEAR => Self::Integer,
            ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => Self::Decimal,
            ColumnType::MYSQL_TYPE_FLOAT | ColumnType::MYSQL_TYPE_DOUBLE => Self::Float,
            ColumnType::MYSQL_TYPE_DATE | ColumnType::MYSQL_TYPE_NEWDATE => Self::Date,
            ColumnType::MYSQL_TYPE_TIME | ColumnType::MYSQL_TYPE_TIME2 => Self::Time,
            ColumnType::MYSQL_TYPE_DATETIME | ColumnType::MYSQL_TYPE_DATETIME2 => Self::DateTime,
            ColumnType::MYSQL_TYPE_TIMESTAMP | ColumnType::MYSQL_TYPE_TIMESTAMP2 => Self::Timestamp,
            ColumnType::MYSQL_TYPE_JSON => Self::Json,
            // A table's column comes as bits, an expression of that type as digits.
            ColumnType::MYSQL_TYPE_BIT if column.org_table_ref().is_empty() => Self::BitDigits,
            ColumnType::MYSQL_TYPE_BIT => Self::Bits,
            ColumnType::MYSQL_TYPE_NULL => Self::Null,
            ColumnType::MYSQL_TYPE_GEOMETRY => Self::Bytes,
            _ if is_bytes => Self::Bytes,
            _ => Self::Text,
        }
    }

    pub(super) fn kind(self) -> ColumnKind {
        match self {
            Self::Integer | Self::Bits | Self::BitDigits => ColumnKind::Integer,
            Self::Decimal => ColumnKind::Decimal,
            Self::Float => ColumnKind::Float,
            Self::Text => ColumnKind::Text,
            Self::Bytes => ColumnKind::Binary,
            Self::Date => ColumnKind::Date,
            Self::Time => ColumnKind::Time,
            Self::DateTime => ColumnKind::Datetime,
            Self::Timestamp => ColumnKind::Timestamp,
            Self::Json => ColumnKind::Json,
            Self::Null => ColumnKind::Unknown,
        }
    }

    /// `None` for what the protocol does not allow there.
    pub(super) fn decode(self, value: Value) -> Option<Cell> {
        Some(match value {
            Value::NULL => Cell::Null,
            Value::Int(number) => Cell::Int(number),
            Value::UInt(number) => i64::try_from(number).map_or(Cell::UInt(number), Cell::Int),
            // The decimal form of a short float, not the digits that widening invents.
            Value::Float(number) => Cell::Float(number.to_string().parse().ok()?),
            Value::Double(number) => Cell::Float(number),
            Value::Date(year, month, day, hour, minute, second, micros) => {
                self.moment((year, month, day), (hour, minute, second, micros))
            }
            Value::Time(negative, days, hours, minutes, seconds, micros) => {
                duration(negative, days, hours, minutes, seconds, micros)
            }
            Value::Bytes(bytes) => match self {
                Self::Bytes => Cell::Bytes(bytes.into()),
                Self::Bits => bits(&bytes),
                Self::BitDigits => match std::str::from_utf8(&bytes).ok().and_then(|digits| digits.parse().ok()) {
                    Some(number) => i64::try_from(number).map_or(Cell::UInt(number), Cell::Int),
                    None => bits(&bytes),
                },
                Self::Decimal => Cell::Decimal(text(bytes)),
                Self::Json => Cell::Json(text(bytes)),
                Self::Text => Cell::Text(text(bytes)),
                Self::Integer
                | Self::Float
                | Self::Date
                | Self::Time
                | Self::DateTime
                | Self::Timestamp
                | Self::Null => {
                    return None;
                }
            },
        })
    }

    /// Days that no calendar has, such as 0000-00-00, stay the text that they are.
    fn moment(self, (year, month, day): (u16, u8, u8), (hour, minute, second, micros): (u8, u8, u8, u32)) -> Cell {
        let build = || {
            let small = |value: u8| i8::try_from(value).ok();
            let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
            let nanos = i32::try_from(micros.checked_mul(1000)?).ok()?;
            let time = Time::new(small(hour)?, small(minute)?, small(second)?, nanos).ok()?;
            Some(DateTime::from_parts(date, time))
        };
        match (self, build()) {
            (Self::Date, Some(moment)) => Cell::Date(moment.date()),
            (Self::Timestamp, Some(moment)) => match jiff::tz::Offset::UTC.to_timestamp(moment) {
                Ok(moment) => Cell::Timestamp(moment),
                Err(_) => Cell::DateTime(moment),
            },
            (_, Some(moment)) => Cell::DateTime(moment),
            (Self::Date, None) => Cell::Text(format!("{year:04}-{month:02}-{day:02}").into()),
            (_, None) => Cell::Text(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}").into()),
        }
    }
}

/// MariaDB's TIME is a duration of up to 838 hours; what is a time of day becomes one.
fn duration(negative: bool, days: u32, hours: u8, minutes: u8, seconds: u8, micros: u32) -> Cell {
    let time = || {
        let small = |value: u8| i8::try_from(value).ok();
        let nanos = i32::try_from(micros.checked_mul(1000)?).ok()?;
        Time::new(small(hours)?, small(minutes)?, small(seconds)?, nanos).ok()
    };
    match time() {
        Some(time) if !negative && days == 0 => Cell::Time(time),
        _ => {
            let sign = if negative { "-" } else { "" };
            let hours = u64::from(days) * 24 + u64::from(hours);
            let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
            Cell::Text(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}").into())
        }
    }
}

fn bits(bytes: &[u8]) -> Cell {
    if bytes.len() > 8 {
        return Cell::Bytes(bytes.into());
    }
    let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    i64::try_from(number).map_or(Cell::UInt(number), Cell::Int)
}

fn text(bytes: Vec<u8>) -> Box<str> {
    match String::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into(),
    }
}
