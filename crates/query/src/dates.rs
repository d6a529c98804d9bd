//! Days and spans of days, as people say them, in a time zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp, ToSpan};

/// A span of whole days: from `start`, up to and without `end`. An open side has no limit; a span that ends with
/// 9999-12-31 is open there, as no day comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
}

/// The span of one day.
pub(crate) fn whole_day(day: Date) -> Days {
    Days { start: Some(day), end: day.tomorrow().ok() }
}

/// The first moment of a day in a zone: 00:00, the first moment after a change of clocks that skips 00:00, or the
/// earlier of two 00:00. `None` beyond the first and last moments that can be computed.
pub(crate) fn beginning(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    let midnight = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
    let compatible = midnight.compatible().ok()?;
    match midnight.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => Some(compatible),
        // Read as before the change, 00:00 lies after it, as far as the gap is long. The day begins with the change.
        AmbiguousOffset::Gap { .. } => {
            let changes = zone.preceding(compatible.checked_add(1.nanosecond()).ok()?);
            changes.map(|change| change.timestamp()).next()
        }
    }
}

/// `2026-01-31`, `today` or `yesterday`.
pub(crate) fn day(text: &str, today: Date) -> Option<Date> {
    match text {
        "today" => Some(today),
        "yesterday" => today.yesterday().ok(),
        _ => iso(text),
    }
}

/// Four digits, two, two: nothing else that a date parser would take.
fn iso(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(place, byte)| if place == 4 || place == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let date: Date = if shape { text.parse().ok()? } else { return None };
    (date.year() >= 1).then_some(date)
}

/// A span as the contract has it: a day, `A~B`, `A~`, `~B`, `past30days`, `past3months~`, `thisweek`, `lastyear` and so on.
pub(crate) fn span(text: &str, today: Date) -> Option<Days> {
    if let Some(relative) = relative(text, today) {
        return Some(relative);
    }
    let Some((from, to)) = text.split_once('~') else {
        return day(text, today).map(whole_day);
    };
    let start = if from.is_empty() { None } else { Some(day(from, today)?) };
    let last = if to.is_empty() { None } else { Some(day(to, today)?) };
    let ordered = match (start, last) {
        (None, None) => false,
        (Some(start), Some(last)) => start <= last,
        _ => true,
    };
    ordered.then(|| Days { start, end: last.and_then(|last| whole_day(last).end) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

fn relative(text: &str, today: Date) -> Option<Days> {
    if let Some(unit) = text.strip_prefix("this").and_then(unit) {
        return around(first(unit, today)?, 0, 1, unit);
    }
    if let Some(unit) = text.strip_prefix("last").and_then(unit) {
        return around(first(unit, today)?, -1, 0, unit);
    }
    let (rest, sign) = match (text.strip_prefix("past"), text.strip_prefix("next")) {
        (Some(rest), _) => (rest, -1),
        (None, Some(rest)) => (rest, 1),
        (None, None) => return None,
    };
    let (rest, with_current) = rest.strip_suffix('~').map_or((rest, false), |rest| (rest, true));
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (count, word) = rest.split_at_checked(digits)?;
    let count: i32 = count.parse().ok().filter(|count| (1..=10_000).contains(count))?;
    let unit = unit(word.strip_suffix('s').unwrap_or(word))?;
    let current = i32::from(with_current);
    let first = first(unit, today)?;
    if sign < 0 { around(first, -count, current, unit) } else { around(first, 1 - current, 1 + count, unit) }
}

fn unit(word: &str) -> Option<Unit> {
    match word {
        "day" => Some(Unit::Day),
        "week" => Some(Unit::Week),
        "month" => Some(Unit::Month),
        "quarter" => Some(Unit::Quarter),
        "year" => Some(Unit::Year),
        _ => None,
    }
}

/// The first day of the unit that `today` lies in. Weeks begin on Monday (ISO 8601).
fn first(unit: Unit, today: Date) -> Option<Date> {
    match unit {
        Unit::Day => Some(today),
        Unit::Week => {
            let since = today.weekday().since(Weekday::Monday);
            today.checked_sub(i32::from(since).days()).ok()
        }
        Unit::Month => Some(today.first_of_month()),
        Unit::Quarter => Date::new(today.year(), (today.month() - 1) / 3 * 3 + 1, 1).ok(),
        Unit::Year => Some(today.first_of_year()),
    }
}

/// From `from` units after `first` up to `to` units after it.
fn around(first: Date, from: i32, to: i32, unit: Unit) -> Option<Days> {
    let shift = |count: i32| first.checked_add(length(unit, count)).ok().filter(|day| day.year() >= 1);
    Some(Days { start: Some(shift(from)?), end: Some(shift(to)?) })
}

fn length(unit: Unit, count: i32) -> Span {
    match unit {
        Unit::Day => count.days(),
        Unit::Week => count.weeks(),
        Unit::Month => count.months(),
        Unit::Quarter => (count * 3).months(),
        Unit::Year => count.years(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Days, day, span};
    use jiff::civil::date;

    #[test]
    fn spans_are_half_open_and_calendar_true() {
        let today = date(2024, 2, 29);
        let of = |text: &str| {
            span(text, today).map(|Days { start, end }| {
                let show = |day: Option<jiff::civil::Date>| day.map_or("..".to_owned(), |day| day.to_string());
                format!("{} {}", show(start), show(end))
            })
        };
        let check = |text: &str, wanted: &str| assert_eq!(of(text).as_deref(), Some(wanted), "{text}");
        check("today", "2024-02-29 2024-03-01");
        check("yesterday", "2024-02-28 2024-02-29");
        check("2024-01-01", "2024-01-01 2024-01-02");
        check("2024-01-01~2024-01-31", "2024-01-01 2024-02-01");
        check("2024-01-01~", "2024-01-01 ..");
        check("~2024-01-31", ".. 2024-02-01");
        check("past7days", "2024-02-22 2024-02-29");
        check("past7days~", "2024-02-22 2024-03-01");
        check("past1months", "2024-01-01 2024-02-01");
        check("past12months~", "2023-02-01 2024-03-01");
        check("thisweek", "2024-02-26 2024-03-04");
        check("lastweek", "2024-02-19 2024-02-26");
        check("thismonth", "2024-02-01 2024-03-01");
        check("lastmonth", "2024-01-01 2024-02-01");
        check("thisquarter", "2024-01-01 2024-04-01");
        check("lastquarter", "2023-10-01 2024-01-01");
        check("thisyear", "2024-01-01 2025-01-01");
        check("lastyear", "2023-01-01 2024-01-01");
        check("past1years", "2023-01-01 2024-01-01");
        check("9999-12-31", "9999-12-31 ..");
        check("~9999-12-31", ".. ..");
        check("past2024days", "2018-08-15 2024-02-29");
        check("past2023years", "0001-01-01 2024-01-01");
        check("next2days", "2024-03-01 2024-03-03");
        for bad in [
            "",
            "~",
            "2024-02-30",
            "2024-1-1",
            "2024-01-31~2024-01-01",
            "past0days",
            "past99999days",
            "pastdays",
            "past7fortnights",
            "10000-01-01",
            "past5000years",
            "next9000years",
            "2024-01-01~x",
            "20240101",
            "+02024-01-01",
            "past-1days",
            "2024-01-01 ",
            "-001-01-01",
        ] {
            assert_eq!(of(bad), None, "{bad}");
        }
        assert_eq!(day("0001-01-01", today), Some(date(1, 1, 1)));
        assert_eq!(day("0000-01-01", today), None);
    }
}
