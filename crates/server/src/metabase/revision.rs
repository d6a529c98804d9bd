//! Revisions of graphs: digests of what they say.
//!
//! There is no counter that all of a graph's sources would have to move, and none is needed: a client must have read what it is
//! about to change, and a graph that says the same again is the same.

use serde::Serialize;
use tenancy::WriteError;

use super::api::denied::Denied;
use super::numbers::Named;

/// The number of what a graph says. 31 bits, as all numbers of this surface are.
pub(super) fn of(groups: &impl Serialize) -> i32 {
    // What cannot be written has no revision that anybody could send.
    serde_json::to_string(groups).map_or(0, |text| Named::of(&["graph", &text]).number)
}

/// Refuses a change of a graph that says something else by now.
pub(super) fn check(sent: Option<i64>, own: i32) -> Result<(), Denied> {
    match sent {
        None => Err(Denied::field("revision", "is needed: the one of the graph that was read")),
        Some(sent) if sent == i64::from(own) => Ok(()),
        Some(_) => Err(WriteError::Stale.into()),
    }
}

/// The most cells that a graph is told with: more would be hundreds of megabytes, for one question.
const MOST_CELLS: usize = 1_000_000;

/// Refuses a graph of so many groups and things that nobody could use it.
pub(super) fn fits(groups: usize, things: usize) -> Result<(), Denied> {
    if groups.saturating_mul(things) <= MOST_CELLS {
        return Ok(());
    }
    Err(Denied::bad(
        "This graph has more than a million cells. Ask for parts of it in our own API: /v1/publications, /v1/tenants/:tenant/placements/:source.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_is_told_up_to_a_million_cells() {
        assert!(fits(10_000, 100).is_ok() && fits(0, usize::MAX).is_ok());
        assert!(fits(10_000, 101).is_err() && fits(usize::MAX, usize::MAX).is_err());
    }
}
