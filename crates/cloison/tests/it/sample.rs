//! The sample sites have the shape of the real thing, and the same rows every time.

use std::collections::BTreeMap;

use cloison::sample::{Cell, Kind, Site, Spec, write_sqlite};

/// 2026-06-15 10:00 UTC, a Monday; any moment would do.
const NOW: i64 = 1_781_517_600;

fn sites() -> Vec<Site> {
    Spec::all().iter().map(|spec| Site::generate(spec, NOW)).collect()
}

#[test]
fn the_same_spec_gives_the_same_rows_and_clients_differ() {
    let (once, again) = (sites(), sites());
    for (one, two) in once.iter().zip(&again) {
        for (left, right) in one.tables().iter().zip(two.tables()) {
            assert!(left.rows().eq(right.rows()), "{} of {} differs", left.name, one.spec.key);
        }
    }
    let people = |site: &Site| site.table("mdl_user").unwrap().len();
    assert_eq!(once.iter().map(people).collect::<Vec<_>>(), [898, 179, 102]);
}

#[test]
fn every_row_fits_its_columns_and_ids_count_up() {
    for site in sites() {
        for table in site.tables() {
            assert!(!table.is_empty(), "{} of {} is empty", table.name, site.spec.key);
            for (number, row) in (1..).zip(table.rows()) {
                assert_eq!(row[0], Cell::Int(number), "{}", table.name);
                for (cell, column) in row.iter().zip(&table.columns) {
                    let fits = match (cell, column.kind) {
                        (Cell::Null, _) => column.nullable,
                        (Cell::Int(value), Kind::Small) => i16::try_from(*value).is_ok(),
                        (Cell::Int(_), Kind::Int) | (Cell::Decimal(_), Kind::Decimal(..)) => true,
                        (Cell::Word(text), Kind::Varchar(most)) => text.chars().count() <= usize::from(most),
                        (Cell::Text(text), Kind::Varchar(most)) => text.chars().count() <= usize::from(most),
                        (Cell::Word(_) | Cell::Text(_), Kind::Text) => true,
                        _ => false,
                    };
                    assert!(fits, "{}.{} in row {number} of {}", table.name, column.name, site.spec.key);
                }
            }
        }
    }
}

#[test]
fn nothing_happens_after_now_and_every_index_that_says_unique_is() {
    for site in sites() {
        let log = site.table("mdl_logstore_standard_log").unwrap();
        let time = log.columns.iter().position(|column| column.name == "timecreated").unwrap();
        let times: Vec<i64> =
            log.rows().map(|row| if let Cell::Int(time) = row[time] { time } else { i64::MAX }).collect();
        assert!(
            times.is_sorted() && times.last().is_some_and(|last| (NOW - 86_400..NOW).contains(last)),
            "{}",
            site.spec.key
        );
        for table in site.tables() {
            for index in table.indexes.iter().filter_map(|index| index.strip_prefix('!')) {
                let places: Vec<usize> = index
                    .split(',')
                    .map(|name| table.columns.iter().position(|column| column.name == name).unwrap())
                    .collect();
                let mut seen = BTreeMap::new();
                for row in table.rows() {
                    let key: Vec<String> = places.iter().map(|place| format!("{:?}", row[*place])).collect();
                    assert!(seen.insert(key, ()).is_none(), "{}({index}) of {}", table.name, site.spec.key);
                }
            }
        }
    }
}

#[test]
fn a_sqlite_file_is_made_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cedar.sqlite");
    let site = Site::generate(&Spec::cedar(), NOW);
    write_sqlite(&site, &path, |_, _| ()).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    for table in site.tables() {
        let count: i64 =
            connection.query_row(&format!("SELECT COUNT(*) FROM {}", table.name), [], |row| row.get(0)).unwrap();
        assert_eq!(usize::try_from(count).unwrap(), table.len(), "{}", table.name);
    }
    assert!(write_sqlite(&site, &path, |_, _| ()).is_err(), "an existing file is left alone");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
