//! Days in time zones: changes of clocks, days that there are not, ends of months.

use query::Engine;
use serde_json::json;

use crate::world::{card, run_in, show};

/// The two moments between which a range lies, in a zone at a time.
fn moments(range: &str, zone: &str, now: &str) -> String {
    let column = json!({ "sql": "c", "holds": "timestamp" });
    let query = card("SELECT {{f}}", json!([{ "name": "f", "type": "date_range", "column": column }]));
    let shown = show(run_in(&query, json!({ "f": range }), Engine::Sqlite, zone, now));
    shown.split_once(" <- ").map_or(shown.clone(), |(_, binds)| binds.to_owned())
}

#[test]
fn today_is_the_zones_day() {
    let now = "2026-01-31T23:30:00Z";
    assert_eq!(moments("today", "UTC", now), "2026-01-31T00:00:00Z | 2026-02-01T00:00:00Z");
    assert_eq!(moments("today", "Europe/Paris", now), "2026-01-31T23:00:00Z | 2026-02-01T23:00:00Z");
    assert_eq!(moments("today", "America/Sao_Paulo", now), "2026-01-31T03:00:00Z | 2026-02-01T03:00:00Z");
    assert_eq!(moments("thismonth", "Europe/Paris", now), "2026-01-31T23:00:00Z | 2026-02-28T23:00:00Z");
    assert_eq!(moments("yesterday", "Pacific/Kiritimati", now), "2026-01-30T10:00:00Z | 2026-01-31T10:00:00Z");
}

#[test]
fn days_have_23_and_25_hours_in_paris() {
    let now = "2026-06-01T12:00:00Z";
    assert_eq!(moments("2026-03-29", "Europe/Paris", now), "2026-03-28T23:00:00Z | 2026-03-29T22:00:00Z");
    assert_eq!(moments("2026-10-25", "Europe/Paris", now), "2026-10-24T22:00:00Z | 2026-10-25T23:00:00Z");
}

#[test]
fn a_day_whose_midnight_is_skipped_begins_with_the_change() {
    let now = "2026-06-01T12:00:00Z";
    // 00:00 to 01:00 was skipped.
    assert_eq!(moments("2018-11-04", "America/Sao_Paulo", now), "2018-11-04T03:00:00Z | 2018-11-05T02:00:00Z");
    assert_eq!(moments("2018-11-03", "America/Sao_Paulo", now), "2018-11-03T03:00:00Z | 2018-11-04T03:00:00Z");
    // 23:30 to 00:30 was skipped: the day began at 00:30, which is 04:30 in UTC.
    assert_eq!(moments("1919-03-31", "America/Toronto", now), "1919-03-31T04:30:00Z | 1919-04-01T04:00:00Z");
}

#[test]
fn a_midnight_that_comes_twice_is_the_first() {
    let now = "2026-06-01T12:00:00Z";
    assert_eq!(moments("2025-11-02", "America/Havana", now), "2025-11-02T04:00:00Z | 2025-11-03T05:00:00Z");
}

#[test]
fn a_day_that_never_was_is_empty() {
    let now = "2026-06-01T12:00:00Z";
    assert_eq!(moments("2011-12-30", "Pacific/Apia", now), "2011-12-30T10:00:00Z | 2011-12-30T10:00:00Z");
    assert_eq!(moments("2011-12-29", "Pacific/Apia", now), "2011-12-29T10:00:00Z | 2011-12-30T10:00:00Z");
    assert_eq!(moments("2011-12-31", "Pacific/Apia", now), "2011-12-30T10:00:00Z | 2011-12-31T10:00:00Z");
}

#[test]
fn months_end_where_they_end() {
    let days = |range: &str, now: &str| moments(range, "UTC", &format!("{now}T12:00:00Z")).replace("T00:00:00Z", "");
    assert_eq!(days("past1months", "2024-03-31"), "2024-02-01 | 2024-03-01");
    assert_eq!(days("past1months~", "2024-03-31"), "2024-02-01 | 2024-04-01");
    assert_eq!(days("past12months", "2024-02-29"), "2023-02-01 | 2024-02-01");
    assert_eq!(days("thisyear", "2024-12-31"), "2024-01-01 | 2025-01-01");
    assert_eq!(days("past1years~", "2024-02-29"), "2023-01-01 | 2025-01-01");
    assert_eq!(days("past30days", "2024-03-01"), "2024-01-31 | 2024-03-01");
    assert_eq!(days("thisweek", "2024-03-03"), "2024-02-26 | 2024-03-04");
    assert_eq!(days("thisweek", "2024-03-04"), "2024-03-04 | 2024-03-11");
    assert_eq!(days("lastweek", "2026-01-01"), "2025-12-22 | 2025-12-29");
    assert_eq!(days("past2weeks", "2026-01-01"), "2025-12-15 | 2025-12-29");
    assert_eq!(days("thisquarter", "2026-12-31"), "2026-10-01 | 2027-01-01");
    assert_eq!(days("lastquarter", "2026-03-31"), "2025-10-01 | 2026-01-01");
}

#[test]
fn each_day_ends_where_the_next_begins() {
    for zone in
        ["Europe/Paris", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "Asia/Tehran", "Australia/Lord_Howe"]
    {
        let mut day = jiff::civil::date(2010, 1, 1);
        let mut last: Option<String> = None;
        while day.year() < 2013 {
            let found = moments(&day.to_string(), zone, "2026-06-01T12:00:00Z");
            let (start, end) = found.split_once(" | ").unwrap();
            assert!(start <= end, "{zone} {day}");
            assert!(last.is_none_or(|last| last == start), "{zone} {day}");
            last = Some(end.to_owned());
            day = day.tomorrow().unwrap();
        }
    }
}
