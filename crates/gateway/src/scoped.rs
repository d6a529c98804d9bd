//! A query that knows its tenant: the only thing that the gateway runs.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use query::Statement;
use tenancy::placement::Placement;

use crate::error::RunError;
use crate::settings::Limits;

/// One statement with its binds, its limits and the placement it runs on.
///
/// Not `Clone` and not `Debug`: it is used up by running it, and it is tenant data.
pub struct ScopedQuery {
    pub(crate) placement: Arc<Placement>,
    pub(crate) statement: Statement,
    pub(crate) limits: Limits,
    pub(crate) cache_ttl: Option<Duration>,
    pub(crate) timezone: TimeZone,
    /// The text before the guard wrote it anew, so that the place of an error can be told in the author's own words.
    pub(crate) written: Option<Box<str>>,
}

impl ScopedQuery {
    /// The one place where a query is made.
    pub(crate) fn new(
        placement: Arc<Placement>,
        statement: Statement,
        limits: Limits,
        cache_ttl: Option<Duration>,
        timezone: TimeZone,
    ) -> Self {
        Self { placement, statement, limits, cache_ttl, timezone, written: None }
    }

    /// With the text that the author knows.
    pub(crate) fn written_as(mut self, sql: &str) -> Self {
        self.written = Some(sql.into());
        self
    }
}

impl ScopedQuery {
    /// An error's position in the text that the author knows. The guard wrote it anew, so the position is that of the
    /// word that the engine stumbled over, where the author wrote it; none for a word of the guard's own.
    pub(crate) fn in_authors_words(&self, error: RunError) -> RunError {
        let (RunError::QueryFailed { code, position: Some(position) }, Some(written)) = (error, &self.written) else {
            return error;
        };
        RunError::QueryFailed {
            code,
            position: word_at(self.statement.sql(), position).and_then(|word| find(written, &word)),
        }
    }
}

/// The name or word at a position, in characters from 1, without quotes.
fn word_at(sql: &str, position: u32) -> Option<String> {
    let from = usize::try_from(position).ok()?.checked_sub(1)?;
    let word = |c: &char| c.is_alphanumeric() || *c == '_';
    let found: String = sql.chars().skip(from).skip_while(|c| matches!(c, '"' | '`')).take_while(word).collect();
    (!found.is_empty()).then_some(found)
}

/// Where a word stands, in characters from 1.
fn find(text: &str, word: &str) -> Option<u32> {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    let alone = |at: usize| {
        let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let (before, rest) = text.split_at_checked(at).unwrap_or_default();
        !part(before.chars().next_back()) && !part(rest.get(word.len()..).and_then(|rest| rest.chars().next()))
    };
    let (at, _) = text.match_indices(&word).find(|(at, _)| alone(*at))?;
    u32::try_from(text.get(..at)?.chars().count() + 1).ok()
}

#[cfg(feature = "testing")]
impl ScopedQuery {
    /// A query without a card, for tests of the data plane.
    #[must_use]
    pub fn for_tests(
        placement: Arc<Placement>,
        statement: Statement,
        limits: Limits,
        cache_ttl: Option<Duration>,
        timezone: TimeZone,
    ) -> Self {
        Self::new(placement, statement, limits, cache_ttl, timezone)
    }
}

#[cfg(test)]
mod tests {
    use super::{find, word_at};

    #[test]
    fn a_position_is_told_in_the_authors_text() {
        let written = "SELECT sum(amount) FROM orders WHERE colour = 1";
        let guarded = "SELECT sum(\"amount\") FROM (SELECT \"amount\" FROM \"app\".\"orders\" OFFSET 0) AS \"orders\" WHERE (\"colour\" = 1)";
        let at = guarded.find("\"colour").and_then(|at| u32::try_from(at + 1).ok()).unwrap_or_default();
        assert_eq!(word_at(guarded, at).and_then(|word| find(written, &word)), Some(38));
        assert_eq!(find(written, "our"), None);
        assert_eq!(word_at(guarded, 0), None);
        assert_eq!(word_at(guarded, 10_000), None);
    }
}
