//! Statements and what the guard makes of them, to the letter.
//!
//! A file of `golden/` holds paragraphs. Lines with `#` are remarks, lines with `>` the statement. What follows is the
//! guard's: `=` the text that may run, `:` its binds and the relations that it reads, `!` the refusal with its line and
//! column. With `SQLGUARD_GOLDEN=write` in the environment the guard's lines are written anew: read the difference.

use crate::{output, shop};
use sqlguard::{Dialect, Place, guard};
use std::fmt::Write as _;
use std::path::PathBuf;

fn path(file: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "it", "golden", file].iter().collect()
}

/// Compares a file with what it should hold, or writes it.
#[expect(clippy::disallowed_methods, reason = "a developer says so, at the terminal")]
pub(crate) fn compare(file: &str, fresh: &str) {
    if std::env::var("SQLGUARD_GOLDEN").is_ok_and(|word| word == "write") {
        return std::fs::write(path(file), fresh).expect("the golden file can be written");
    }
    let kept = std::fs::read_to_string(path(file)).unwrap_or_default();
    if let Some((number, (kept, fresh))) =
        kept.lines().zip(fresh.lines()).enumerate().find(|(_, (kept, fresh))| kept != fresh)
    {
        panic!(
            "{file}, line {}:\n  it holds {kept}\n  it is    {fresh}\nSQLGUARD_GOLDEN=write writes it anew",
            number + 1
        );
    }
    assert_eq!(kept.lines().count(), fresh.lines().count(), "{file}: SQLGUARD_GOLDEN=write writes it anew");
}

/// The remarks and the statement of each paragraph.
fn paragraphs(file: &str) -> Vec<(Vec<String>, String)> {
    let text = std::fs::read_to_string(path(file)).expect("the golden file can be read");
    let paragraph = |text: &str| {
        let remarks = text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect();
        let statement: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
        (remarks, statement.join("\n"))
    };
    text.split("\n\n").map(paragraph).collect()
}

fn answer(sql: &str, dialect: Dialect) -> String {
    let catalogue = shop::catalogue(dialect);
    let guarded = match guard(sql, &catalogue) {
        Ok(guarded) => guarded,
        Err(refusal) => return format!("! {}:{} {}\n", refusal.line, refusal.column, refusal.message),
    };
    output::check(&guarded, &catalogue);
    let mut answer = String::new();
    for line in guarded.sql.lines() {
        writeln!(answer, "= {line}").unwrap();
    }
    let binds: Vec<String> = guarded
        .binds
        .iter()
        .map(|place| match place {
            Place::Given(number) => format!("given {number}"),
            Place::Rule(number) => format!("rule {number}"),
        })
        .collect();
    let named = |what: &str, list: &[String]| {
        if list.is_empty() { String::new() } else { format!(": {what} {}\n", list.join(", ")) }
    };
    answer + &named("binds", &binds) + &named("reads", &guarded.relations)
}

fn golden(name: &str, dialect: Dialect) -> usize {
    let file = format!("{name}.txt");
    let mut fresh = Vec::new();
    let mut statements = 0;
    for (remarks, statement) in paragraphs(&file) {
        let mut paragraph = String::new();
        for remark in remarks {
            writeln!(paragraph, "{remark}").unwrap();
        }
        if !statement.is_empty() {
            statements += 1;
            for line in statement.split('\n') {
                writeln!(paragraph, "> {line}").unwrap();
            }
            paragraph += &answer(&statement, dialect);
        }
        fresh.push(paragraph);
    }
    compare(&file, &fresh.join("\n"));
    statements
}

#[test]
fn every_statement_becomes_what_the_golden_file_says() {
    for (name, dialect) in shop::DIALECTS {
        let statements = golden(name, dialect);
        assert!(statements >= 150, "{name} holds {statements} statements only");
    }
}
