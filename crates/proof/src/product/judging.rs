//! What must come of an attack, whichever way it took.

use std::collections::BTreeMap;
use std::time::Duration;

use super::reply::{Rows, Seen};
use crate::corpus::{Expect, Item};
use crate::fixture::CANARY;
use crate::report::{Figures, Wrong};

/// What a database with A's rows alone says to the statement as it was written.
pub(super) enum Plain {
    /// These rows.
    Rows(Rows),
    /// An error with this code, or with none when it could not even be saved.
    Error(Option<String>),
}

/// Looks at answers, one attack and way after the other.
pub(super) struct Judging<'a> {
    figures: &'a mut Figures,
    silo: &'a BTreeMap<usize, Plain>,
}

/// Codes of what was not sent to a database.
const REFUSALS: [&str; 2] = ["query-refused", "isolation-unproven"];

impl Seen {
    /// Whether the product did not let the statement through.
    pub(super) fn is_refused(&self) -> bool {
        // No values are given: what is wrong with a request is its statement, as a template that cannot be read.
        self.status == 400 || self.code.as_deref().is_some_and(|code| REFUSALS.contains(&code))
    }
}

impl<'a> Judging<'a> {
    pub(super) fn new(figures: &'a mut Figures, silo: &'a BTreeMap<usize, Plain>) -> Self {
        Self { figures, silo }
    }

    fn unexpected(&mut self, id: &str, says: String) {
        self.figures.found(id, Wrong::Unexpected, says);
    }

    fn count(&mut self, seen: &Seen) {
        self.figures.items += 1;
        if seen.is_refused() {
            self.figures.refused += 1;
        } else {
            self.figures.accepted += 1;
            self.figures.errors += usize::from(seen.code.is_some());
        }
    }

    /// What came of a statement that would run until it is stopped.
    pub(super) fn ended(&mut self, item: &Item, way: &str, seen: &Seen, took: Duration, allowed: Duration) {
        self.count(seen);
        if took > allowed || seen.has_canary() {
            self.unexpected(&format!("{} {way}", item.id), format!("took {took:?}: {}", seen.shown()));
        }
    }

    /// The answers of all worlds to the `place`-th attack, which took this `way`. Where no statement of a tenant may run
    /// at all, `forbidden` is the code that says so.
    pub(super) fn look(&mut self, place: usize, item: &Item, way: &str, seen: &[Seen], forbidden: Option<&str>) {
        let Some(first) = seen.first() else { return };
        let id = format!("{} {way}", item.id);
        self.count(first);
        let shown = || format!("{} => {}", item.sql, seen.iter().map(Seen::shown).collect::<Vec<_>>().join(" / "));
        let alike = seen.iter().all(|answer| answer.is(first));
        // What the statement itself says is not a value that came from others' rows.
        let echo = item.sql.contains(CANARY) && alike;
        if !echo && seen.iter().any(Seen::has_canary) {
            self.figures.found(&id, Wrong::Leak, shown());
        }
        if !alike {
            if seen.iter().all(|answer| answer.is(first) || answer.is_but_for_order(first)) {
                self.figures.reordered += 1;
            } else {
                self.figures.found(&id, Wrong::Differs, shown());
            }
        }
        if let Some(code) = forbidden {
            if first.code.as_deref() != Some(code) {
                self.unexpected(&id, format!("not {code}: {}", shown()));
            }
            return;
        }
        if first.status >= 500 && first.code.as_deref() != Some("query-timeout") {
            self.unexpected(&id, shown());
        }
        match item.expect {
            Expect::Eq | Expect::Literal if first.is_refused() => self.unexpected(&id, format!("refused: {}", shown())),
            Expect::Reject if !first.is_refused() => self.unexpected(&id, format!("not refused: {}", shown())),
            Expect::Eq | Expect::Literal | Expect::EqOrReject if !first.is_refused() && !self.is_silo(place, first) => {
                let silo = match self.silo.get(&place) {
                    Some(Plain::Rows((names, rows))) => format!("{names:?} {} rows: {rows:?}", rows.len()),
                    Some(Plain::Error(code)) => format!("{code:?}"),
                    None => String::new(),
                };
                let silo: String = silo.chars().take(300).collect();
                self.figures.found(&id, Wrong::NotSilo, format!("{} / silo {silo}", shown()));
            }
            _ => {}
        }
    }

    /// Whether an answer holds what a database with A's rows alone says.
    fn is_silo(&self, place: usize, seen: &Seen) -> bool {
        match (self.silo.get(&place), &seen.rows) {
            (Some(Plain::Rows((names, rows))), Some((own_names, own))) => {
                names == own_names && (rows == own || sorted(rows) == sorted(own))
            }
            // Files have no rows that could be read here; their documents do.
            (Some(Plain::Rows(_)), None) => seen.status == 200 && seen.code.is_none(),
            (Some(Plain::Error(_)), rows) => rows.is_none() && seen.code.is_some(),
            (None, _) => false,
        }
    }
}

fn sorted(rows: &[serde_json::Value]) -> Vec<String> {
    let mut rows: Vec<_> = rows.iter().map(ToString::to_string).collect();
    rows.sort();
    rows
}
