//! Days, times, moments and intervals from their binary forms.
//!
//! PostgreSQL knows days that the calendar library does not (before -9999, after
//! 9999, the infinities): those become text as the server prints it.

use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};

use super::decode::Reader;
use crate::cell::Cell;

/// 2000-01-01, from which the server counts, in seconds of the Unix epoch.
const EPOCH_SECONDS: i64 = 946_684_800;
const DAY_MICROS: i64 = 86_400_000_000;

pub(super) fn date(reader: &mut Reader<'_>) -> Option<Cell> {
    let days = reader.i32()?;
    Some(match days {
        i32::MAX => Cell::Text("infinity".into()),
        i32::MIN => Cell::Text("-infinity".into()),
        days => near_date(i64::from(days)).map_or_else(|| Cell::Text(far_date(i64::from(days)).into()), Cell::Date),
    })
}

fn near_date(days: i64) -> Option<Date> {
    let epoch = jiff::civil::date(2000, 1, 1);
    epoch.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// A day outside the calendar library's years, by the usual arithmetic on 400-year cycles.
fn far_date(days: i64) -> String {
    let shifted = days + 730_425; // days from 0000-03-01 to 2000-01-01
    let cycle = shifted.div_euclid(146_097);
    let day = shifted.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let in_month = in_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + cycle * 400 + carry;
    if year > 0 {
        format!("{year:04}-{month:02}-{in_month:02}")
    } else {
        format!("{:04}-{month:02}-{in_month:02} BC", 1 - year)
    }
}

pub(super) fn time(reader: &mut Reader<'_>) -> Option<Cell> {
    let micros = reader.i64()?;
    Some(if micros == DAY_MICROS { Cell::Text("24:00:00".into()) } else { Cell::Time(clock(micros)?) })
}

pub(super) fn time_with_zone(reader: &mut Reader<'_>) -> Option<Cell> {
    let micros = reader.i64()?;
    // Seconds west of Greenwich.
    let east = reader.i32()?.checked_neg()?;
    let time = if micros == DAY_MICROS { "24:00:00".to_owned() } else { clock(micros)?.to_string() };
    let sign = if east < 0 { '-' } else { '+' };
    let east = east.unsigned_abs();
    Some(Cell::Text(format!("{time}{sign}{:02}:{:02}", east / 3600, east / 60 % 60).into()))
}

fn clock(micros: i64) -> Option<Time> {
    if !(0..DAY_MICROS).contains(&micros) {
        return None;
    }
    let seconds = micros / 1_000_000;
    let part = |value: i64| i8::try_from(value).ok();
    let nanos = i32::try_from(micros % 1_000_000 * 1000).ok()?;
    Time::new(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, nanos).ok()
}

pub(super) fn timestamp(reader: &mut Reader<'_>, with_zone: bool) -> Option<Cell> {
    let micros = reader.i64()?;
    if let Some(name) = infinity(micros) {
        return Some(Cell::Text(name.into()));
    }
    let near =
        micros.checked_add(EPOCH_SECONDS * 1_000_000).and_then(|micros| Timestamp::from_microsecond(micros).ok());
    Some(match near {
        Some(moment) if with_zone => Cell::Timestamp(moment),
        Some(moment) => Cell::DateTime(jiff::tz::Offset::UTC.to_datetime(moment)),
        None => {
            let time = clock(micros.rem_euclid(DAY_MICROS))?;
            let zone = if with_zone { "+00" } else { "" };
            Cell::Text(format!("{} {time}{zone}", far_date(micros.div_euclid(DAY_MICROS))).into())
        }
    })
}

fn infinity(micros: i64) -> Option<&'static str> {
    match micros {
        i64::MAX => Some("infinity"),
        i64::MIN => Some("-infinity"),
        _ => None,
    }
}

/// An interval in the form of ISO 8601.
pub(super) fn interval(reader: &mut Reader<'_>) -> Option<Cell> {
    let (micros, days, months) = (reader.i64()?, reader.i32()?, reader.i32()?);
    match (micros, days, months) {
        (i64::MAX, i32::MAX, i32::MAX) => return Some(Cell::Text("infinity".into())),
        (i64::MIN, i32::MIN, i32::MIN) => return Some(Cell::Text("-infinity".into())),
        _ => {}
    }
    let mut out = String::from("P");
    let mut part = |value: i64, unit: char| {
        if value != 0 {
            out.push_str(&value.to_string());
            out.push(unit);
        }
    };
    part(i64::from(months / 12), 'Y');
    part(i64::from(months % 12), 'M');
    part(i64::from(days), 'D');
    if micros != 0 {
        out.push('T');
        let seconds = micros / 1_000_000;
        let mut part = |value: i64, unit: char| {
            if value != 0 {
                out.push_str(&value.to_string());
                out.push(unit);
            }
        };
        part(seconds / 3600, 'H');
        part(seconds / 60 % 60, 'M');
        let fraction = micros.unsigned_abs() % 1_000_000;
        if fraction != 0 {
            let sign = if micros < 0 { "-" } else { "" };
            let digits = format!("{fraction:06}");
            out.push_str(&format!("{sign}{}.{}S", (seconds % 60).unsigned_abs(), digits.trim_end_matches('0')));
        } else if seconds % 60 != 0 {
            out.push_str(&format!("{}S", seconds % 60));
        }
    }
    if out == "P" {
        out.push_str("T0S");
    }
    Some(Cell::Text(out.into()))
}
