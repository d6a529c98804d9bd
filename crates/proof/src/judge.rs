//! What is made of the answers to one statement. Everything that is sent is judged here, whoever wrote it.

use std::time::Duration;

use crate::answer::{Answer, Likeness};
use crate::corpus::Expect;
use crate::fixture::CANARY;
use crate::report::{Figures, Layer, Wrong};
use crate::session::LIMIT;
use crate::trial::Answers;

/// Something that was sent, and what must come of it.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    /// Its name.
    pub id: &'a str,
    /// The statement.
    pub sql: &'a str,
    /// What must come of it.
    pub expect: Expect,
}

/// Counts the answers and what is wrong with them; whether anything is.
pub fn judge(figures: &mut Figures, sent: Sent<'_>, answers: &Answers) -> bool {
    let Some(first) = answers.shared.first() else { return false };
    figures.items += 1;
    match first {
        Answer::Refused(_) => figures.refused += 1,
        Answer::Rows { .. } => figures.accepted += 1,
        Answer::Failed { .. } | Answer::Late => {
            figures.accepted += 1;
            figures.errors += 1;
        }
    }
    if reordered(&answers.shared) {
        figures.reordered += 1;
    }
    let wrongs = wrongs(figures.layer, sent, answers);
    let found = !wrongs.is_empty();
    for (wrong, says) in wrongs {
        figures.found(sent.id, wrong, says);
    }
    found
}

/// Everything that is wrong with the answers.
pub fn wrongs(layer: Layer, sent: Sent<'_>, answers: &Answers) -> Vec<(Wrong, String)> {
    let Answers { shared, silo, took } = answers;
    let Some(first) = shared.first() else { return Vec::new() };
    let mut wrongs = Vec::new();
    let shown = || format!("{} => {}", sent.sql, shared.iter().map(Answer::shown).collect::<Vec<_>>().join(" / "));
    if shared.iter().any(Answer::has_canary) {
        // What the statement itself says is not a value that came from others' rows.
        let echo = sent.sql.contains(CANARY) && shared.iter().all(|answer| answer == first);
        if !echo {
            wrongs.push((Wrong::Leak, shown()));
        }
    }
    // What only the guard refuses, such as catalogues, is another in each database.
    let only_guarded = layer == Layer::Database && sent.expect == Expect::Reject;
    if differ(shared) && !only_guarded {
        wrongs.push((Wrong::Differs, shown()));
    }
    if layer == Layer::Undefended {
        return wrongs;
    }
    let refused = matches!(first, Answer::Refused(_));
    match sent.expect {
        Expect::Eq | Expect::Literal if refused => {
            wrongs.push((Wrong::Unexpected, format!("{} is refused: {}", sent.sql, first.shown())));
        }
        Expect::Reject if layer == Layer::Guard && !refused => {
            wrongs.push((Wrong::Unexpected, format!("not refused: {}", shown())));
        }
        Expect::Bounded if *took > LIMIT + Duration::from_secs(1) => {
            wrongs.push((Wrong::Unexpected, format!("took {took:?}")));
        }
        Expect::Eq | Expect::Literal | Expect::EqOrReject if !refused && !as_silo(layer, sent.expect, first, silo) => {
            wrongs.push((Wrong::NotSilo, format!("{} / silo {}", shown(), silo.shown())));
        }
        _ => {}
    }
    wrongs
}

fn likenesses(shared: &[Answer]) -> impl Iterator<Item = Likeness> {
    shared.iter().zip(shared.iter().skip(1)).map(|(one, next)| one.like(next))
}

/// How long an answer takes is promised nowhere, so one that was stopped is like any other.
fn differ(shared: &[Answer]) -> bool {
    !shared.contains(&Answer::Late) && likenesses(shared).any(|likeness| likeness == Likeness::Different)
}

fn reordered(shared: &[Answer]) -> bool {
    !differ(shared) && likenesses(shared).any(|likeness| likeness == Likeness::SameRows)
}

fn as_silo(layer: Layer, expect: Expect, first: &Answer, silo: &Answer) -> bool {
    match (first, silo) {
        (Answer::Late, _) | (_, Answer::Late) => true,
        // Errors are compared between worlds; a silo's may have another text.
        (Answer::Failed { .. }, Answer::Failed { .. }) => true,
        // The database's own refusal.
        (Answer::Failed { .. }, _) => layer == Layer::Database && expect == Expect::EqOrReject,
        _ => first.like(silo) != Likeness::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Answers, Expect, Layer, Sent, Wrong, wrongs};

    fn rows(values: &[&str]) -> Answer {
        let rows = values.iter().map(|value| vec![Some(value.as_bytes().to_vec())]).collect();
        Answer::Rows { columns: vec!["x".into()], rows }
    }

    fn failed(text: &str) -> Answer {
        Answer::Failed { code: "22012".into(), text: text.into() }
    }

    fn found(layer: Layer, expect: Expect, sql: &str, shared: Vec<Answer>, silo: Answer) -> Vec<Wrong> {
        let answers = Answers { shared, silo, took: std::time::Duration::ZERO };
        wrongs(layer, Sent { id: "x", sql, expect }, &answers).into_iter().map(|(wrong, _)| wrong).collect()
    }

    #[test]
    fn every_kind_of_wrong_is_seen() {
        let guard = |expect, shared, silo| found(Layer::Guard, expect, "SELECT 1", shared, silo);
        let same = |answer: &Answer| vec![answer.clone(), answer.clone(), answer.clone()];
        let (mine, canary) = (rows(&["1"]), rows(&["CANARY-B-71"]));
        assert_eq!(guard(Expect::EqOrReject, same(&mine), mine.clone()), []);
        assert_eq!(guard(Expect::EqOrReject, same(&mine), rows(&["2"])), [Wrong::NotSilo]);
        assert_eq!(guard(Expect::EqOrReject, same(&canary), canary.clone()), [Wrong::Leak]);
        assert_eq!(
            guard(Expect::NoLeak, vec![mine.clone(), mine.clone(), rows(&["2"])], mine.clone()),
            [Wrong::Differs]
        );
        assert_eq!(
            guard(Expect::NoLeak, vec![mine.clone(), failed("division"), mine.clone()], mine.clone()),
            [Wrong::Differs]
        );
        assert_eq!(guard(Expect::Reject, same(&mine), mine.clone()), [Wrong::Unexpected]);
        let refused = Answer::Refused("no".into());
        assert_eq!(guard(Expect::Reject, same(&refused), Answer::Late), []);
        assert_eq!(guard(Expect::Eq, same(&refused), Answer::Late), [Wrong::Unexpected]);
        // An error of the statement is one with the guard and without, or it is none.
        assert_eq!(guard(Expect::EqOrReject, same(&failed("a")), failed("b")), []);
        assert_eq!(guard(Expect::EqOrReject, same(&failed("a")), mine.clone()), [Wrong::NotSilo]);
        assert_eq!(guard(Expect::EqOrReject, same(&mine), failed("a")), [Wrong::NotSilo]);
    }

    #[test]
    fn what_a_statement_says_itself_is_no_leak_while_it_is_the_same_everywhere() {
        let sql = "SELECT 'CANARY-B-71'";
        let (said, mine) = (rows(&["CANARY-B-71"]), rows(&["1"]));
        let guard = |shared| found(Layer::Guard, Expect::NoLeak, sql, shared, said.clone());
        assert_eq!(guard(vec![said.clone(), said.clone(), said.clone()]), []);
        assert_eq!(guard(vec![said.clone(), mine.clone(), said.clone()]), [Wrong::Leak, Wrong::Differs]);
    }
}
