//! Whether a difference is a choice of the planner's.
//!
//! Where tables are shared the planner knows how large they are over all tenants, and chooses accordingly. SQL leaves some
//! things to it: which of two equal numbers survives `DISTINCT`, whether an error in one's own rows is reached. So a
//! difference between worlds may say nothing but which plan was taken. That is not believed but tried: databases in which
//! nobody else has rows answer once more under other plans, and have to give each of the answers themselves. Planners are
//! brought to other plans by their settings, and by being told that tables have as many rows as in the other worlds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::answer::{Answer, Likeness};
use crate::engine::Engine;
use crate::judge::Sent;
use crate::report::{Figures, Wrong};
use crate::trial::{Answers, Trial};
use crate::worlds::Level;

/// What is said of a difference that was explained so.
const CHOSEN: &str =
    "the planner's choice: where nobody else has rows, one plan or another gives each of these answers";

/// What PostgreSQL's planner can be told.
const POSTGRES: [&str; 16] = [
    "enable_hashagg = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "enable_nestloop = off",
    "enable_material = off",
    "enable_memoize = off",
    "enable_sort = off",
    "enable_incremental_sort = off",
    "enable_seqscan = off",
    "enable_indexscan = off",
    "enable_bitmapscan = off",
    "join_collapse_limit = 1",
    "from_collapse_limit = 1",
    "random_page_cost = 0.01",
    "cpu_tuple_cost = 10",
    "cpu_operator_cost = 10",
];

/// What MariaDB's optimiser can be told.
const MARIADB: [&str; 19] = [
    "optimizer_switch = 'derived_merge=off'",
    "optimizer_switch = 'derived_with_keys=off'",
    "optimizer_switch = 'materialization=off'",
    "optimizer_switch = 'exists_to_in=off'",
    "optimizer_switch = 'semijoin=off'",
    "optimizer_switch = 'firstmatch=off'",
    "optimizer_switch = 'loosescan=off'",
    "optimizer_switch = 'subquery_cache=off'",
    "optimizer_switch = 'partial_match_rowid_merge=off,partial_match_table_scan=off'",
    "optimizer_switch = 'condition_pushdown_for_derived=off'",
    "optimizer_switch = 'condition_pushdown_for_subquery=off'",
    "optimizer_switch = 'condition_pushdown_from_having=off'",
    "optimizer_switch = 'split_materialized=off'",
    "optimizer_switch = 'rowid_filter=off'",
    "optimizer_switch = 'join_cache_hashed=off,join_cache_bka=off'",
    "join_cache_level = 0",
    "join_cache_level = 8",
    "optimizer_search_depth = 1",
    "optimizer_use_condition_selectivity = 1",
];

/// Settings of an engine's planner, one at a time and each two together; SQLite has none, and is told of rows alone.
pub fn settings(engine: Engine) -> &'static [Vec<&'static str>] {
    static OF_POSTGRES: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| ones_and_pairs(&POSTGRES));
    static OF_MARIADB: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| ones_and_pairs(&MARIADB));
    match engine {
        Engine::Postgres => &OF_POSTGRES,
        Engine::Mariadb => &OF_MARIADB,
        Engine::Sqlite => &[],
    }
}

fn ones_and_pairs(all: &[&'static str]) -> Vec<Vec<&'static str>> {
    let ones = all.iter().map(|one| vec![*one]);
    let pairs =
        all.iter().enumerate().flat_map(|(number, one)| all.iter().skip(number + 1).map(|two| vec![*one, *two]));
    ones.chain(pairs).collect()
}

/// Says of what was found in the answers to a statement that the planner chose it, where it did, or that the engine does so.
/// A leak is never explained, nor is a difference but by plans.
///
/// # Errors
/// A server does not let us in again.
pub async fn explain(figures: &mut Figures, trial: &Trial, sent: Sent<'_>, answers: &Answers) -> anyhow::Result<()> {
    let found: Vec<Wrong> = figures.doubts().filter(|doubt| doubt.id == sent.id).map(|doubt| doubt.wrong).collect();
    let may_be = found.iter().all(|wrong| matches!(wrong, Wrong::Differs | Wrong::NotSilo));
    // A silo's error may have other words: it is asked about only where its answer is another one.
    let silo = found.contains(&Wrong::NotSilo);
    let known = match otherwise(trial, sent.sql, answers) {
        Some(why) if found == [Wrong::NotSilo] => Some(why),
        _ if !found.is_empty() && may_be && explains(trial, sent.sql, answers, silo).await? => Some(CHOSEN),
        _ => return Ok(()),
    };
    for finding in figures.findings.iter_mut().filter(|finding| finding.id == sent.id) {
        finding.known = known;
    }
    Ok(())
}

/// Why an answer that is the same in all worlds may be another than a silo's. What is wrong with whose rows are read shows
/// between worlds, or by a canary: neither is ever explained so.
fn otherwise(trial: &Trial, sql: &str, answers: &Answers) -> Option<&'static str> {
    match trial.engine {
        // About one random statement in a thousand.
        Engine::Mariadb => Some("MariaDB answers some shapes otherwise once a table is a derived one"),
        // About one in ninety thousand: https://www.sqlite.org/json1.html says that JSON is known by a mark on a value, which
        // is lost in a sorter; and a table has an order of its own, while one behind a fence has to be sorted.
        Engine::Sqlite if sql.contains("json") => Some(
            "SQLite takes JSON for a text once it was sorted, and by one plan or another reaches an error in A's own rows",
        ),
        // One in a million: of a cross join of three rows with two it gives four of the first, and none of the last.
        Engine::Sqlite if sql.contains("EXISTS (") => {
            Some("SQLite makes a join of EXISTS, and repeats rows in plain tables")
        }
        // A hash is no number: behind masks every cast of one fails, where a plan comes to it.
        Engine::Postgres if trial.level == Level::Masks && has_value_error(answers) => {
            Some("an error in A's own rows, of what masks show, is reached by one plan and not by another")
        }
        Engine::Postgres | Engine::Sqlite => None,
    }
}

/// Whether either the worlds or the silo, and not both, say that a value does not fit: class 22 of SQLSTATE.
fn has_value_error(answers: &Answers) -> bool {
    let fails = |answer: &Answer| matches!(answer, Answer::Failed { code, .. } if code.starts_with("22"));
    answers.shared.first().is_some_and(fails) != fails(&answers.silo)
}

/// Whether databases without anybody else's rows give each of these answers to the statement, by one plan or another; with
/// `silo` its answer too, to the statement as it was written.
///
/// # Errors
/// A server does not let us in again.
async fn explains(trial: &Trial, sql: &str, answers: &Answers, silo: bool) -> anyhow::Result<bool> {
    let all = answers.shared.iter().chain(silo.then_some(&answers.silo));
    let mut unexplained: Vec<&Answer> = all.filter(|answer| **answer != Answer::Late).collect();
    let mut unexplained_by = |answer: Answer| {
        unexplained.retain(|one| one.like(&answer) == Likeness::Different && !same_error(one, &answer, sql));
        !unexplained.is_empty()
    };
    // Where columns are masked the worlds hold what must not show, also the one of A's rows alone. The silo does not.
    let alone = trial.level != Level::Masks;
    let silo = silo || !alone;
    let mut some = true;
    if alone {
        for answer in trial.ask_told(sql).await? {
            some = unexplained_by(answer);
        }
    }
    let none: &[&str] = &[];
    for settings in std::iter::once(none).chain(settings(trial.engine).iter().map(Vec::as_slice)) {
        if some && alone {
            some = unexplained_by(trial.ask_alone(sql, settings).await?);
        }
        if some && silo {
            some = unexplained_by(trial.ask_silo(sql, settings).await?);
        }
        if !some {
            break;
        }
    }
    Ok(!some)
}

/// Whether two errors differ in nothing but the order in which the statement is quoted: an optimiser quotes a condition as it
/// turned it, and cuts off what is long. Numbers have to be the same, and what only one of them says stands in the statement.
fn same_error(one: &Answer, other: &Answer, sql: &str) -> bool {
    let (Answer::Failed { code: a, text: mine }, Answer::Failed { code: b, text: theirs }) = (one, other) else {
        return false;
    };
    let (mine, theirs) = (words(mine), words(theirs));
    let name = |word: &&str| word.starts_with(char::is_alphabetic) && sql.contains(word);
    a == b && mine.symmetric_difference(&theirs).all(name)
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect()
}

#[cfg(test)]
mod tests {
    use super::{Answer, same_error};

    #[test]
    fn an_error_is_the_same_however_the_statement_is_quoted() {
        let failed = |code: &str, text: &str| Answer::Failed { code: code.into(), text: text.into() };
        let sql = "SELECT abs(qty) FROM items WHERE order_id = id";
        let one = failed("1690", "out of range in 'abs(qty) where order_id = id'");
        assert!(same_error(&one, &failed("1690", "out of range in 'abs(qty) where id = order_'"), sql));
        assert!(!same_error(&one, &failed("1690", "out of range in 'abs(777) where order_id = id'"), sql), "a number");
        assert!(!same_error(&one, &failed("1690", "out of range in 'abs(qty) where bolt = id'"), sql), "another word");
        assert!(
            !same_error(&one, &failed("1064", "out of range in 'abs(qty) where order_id = id'"), sql),
            "another code"
        );
    }
}
