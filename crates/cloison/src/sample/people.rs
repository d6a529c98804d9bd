//! Accounts, with made-up names.

use std::collections::BTreeSet;

use super::names;
use super::plan::{Learner, WEEK};
use super::prng::Prng;
use super::schema::Tables;
use super::spec::Spec;

/// Makes accounts with names of their own.
pub(super) struct People<'s> {
    spec: &'s Spec,
    prng: Prng,
    taken: BTreeSet<String>,
}

impl<'s> People<'s> {
    /// Draws for one `purpose`, apart from all others.
    pub(super) fn new(spec: &'s Spec, purpose: u64) -> Self {
        Self { spec, prng: Prng::new(spec.seed, purpose), taken: BTreeSet::new() }
    }

    /// An account with a name drawn by chance.
    pub(super) fn account(
        &mut self,
        tables: &mut Tables,
        since: i64,
        department: &'static str,
        suspended: bool,
    ) -> (i64, i64) {
        let (first, last) = (self.prng.pick(names::FIRST), self.prng.pick(names::LAST));
        let plain = format!("{first}.{last}").to_ascii_lowercase().replace('\'', "");
        let mut login = plain.clone();
        let mut number = 2;
        while !self.taken.insert(login.clone()) {
            login = format!("{plain}{number}");
            number += 1;
        }
        (self.row(tables, since, login, first, last, department, i64::from(suspended)), since)
    }

    #[expect(clippy::too_many_arguments, reason = "one argument for each thing that differs between accounts")]
    /// An account as it is given.
    pub(super) fn row(
        &self,
        tables: &mut Tables,
        since: i64,
        login: String,
        first: &'static str,
        last: &'static str,
        department: &'static str,
        suspended: i64,
    ) -> i64 {
        let email = format!("{login}@{}", self.spec.domain);
        let number = format!("{}{:05}", self.spec.key.get(..1).unwrap_or_default(), tables.user.len() + 1);
        tables.user.add([
            "manual".into(),
            1.into(),
            0.into(),
            suspended.into(),
            1.into(),
            login.into(),
            number.into(),
            first.into(),
            last.into(),
            email.into(),
            self.spec.name.into(),
            department.into(),
            self.spec.city.into(),
            self.spec.country.into(),
            "en".into(),
            "99".into(),
            0.into(),
            0.into(),
            0.into(),
            0.into(),
            "".into(),
            since.into(),
            since.into(),
        ])
    }

    /// A learner, drawn by chance.
    pub(super) fn learner(&mut self, tables: &mut Tables, start: i64) -> Learner {
        let programme = usize::try_from(self.prng.between(0, 99)).unwrap_or(0) % self.spec.categories.len().max(1);
        let department = self.spec.categories.get(programme).copied().unwrap_or("");
        // Two in three were there from the beginning.
        let since =
            if self.prng.chance(0.66) { start } else { start + self.prng.between(0, self.spec.weeks - 2) * WEEK };
        let closed = self.prng.chance(0.025);
        let until = closed.then(|| since + (self.spec.now - since) / 100 * self.prng.between(40, 90));
        let (id, _) = self.account(tables, since, department, closed);
        if self.prng.chance(0.01) {
            tables.user.set(id, "deleted", 1.into());
        }
        let (ability, diligence) = (self.prng.normal(), (1.0 + 0.35 * self.prng.normal()).clamp(0.25, 2.0));
        Learner { id, since, ability, diligence, programme, until }
    }
}
