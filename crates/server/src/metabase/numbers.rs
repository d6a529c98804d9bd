//! Numbers and entity ids of what has none of its own: a dashboard's places and tabs, a database's tables and columns. They
//! follow from names, so they stay the same through edits, and no table must hold them.

use std::collections::HashSet;

use tenancy::model::content::{Item, Tab};
use tenancy::{Act, Card, Dashboard, EntityId, Granted, LookupError, Run, View};

/// Both names of a thing.
pub(super) struct Named {
    pub(super) number: i32,
    pub(super) entity_id: EntityId,
}

/// A place of a dashboard: "dashcard".
pub(super) struct Place<'d> {
    pub(super) id: Named,
    pub(super) item: &'d Item,
}

impl Named {
    pub(super) fn of(parts: &[&str]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        let mut reader = hasher.finalize_xof();
        let (mut number, mut letters) = ([0; 4], [0; 21]);
        reader.fill(&mut number);
        reader.fill(&mut letters);
        let number = (i32::from_be_bytes(number) & i32::MAX).max(1);
        Self { number, entity_id: EntityId::spelled(&letters) }
    }

    /// Whether a segment of a path names it.
    pub(super) fn is(&self, text: &str) -> bool {
        self.entity_id.as_str() == text || self.number.to_string() == text
    }
}

/// Moves on to the next number where an earlier thing has it.
pub(super) fn settled(mut named: Named, taken: &mut HashSet<i32>) -> Named {
    while !taken.insert(named.number) {
        named.number = named.number.checked_add(1).unwrap_or(1);
    }
    named
}

/// The places of a dashboard, in its order.
pub(super) fn dashcards(dashboard: &Dashboard) -> Vec<Place<'_>> {
    let mut taken = HashSet::new();
    let id = |item: &Item| Named::of(&["dashcard", dashboard.id.as_str(), item.id.as_str()]);
    dashboard.draft.items.iter().map(|item| Place { id: settled(id(item), &mut taken), item }).collect()
}

/// The tabs of a dashboard, in its order.
pub(super) fn tabs(dashboard: &Dashboard) -> Vec<(Named, &Tab)> {
    let mut taken = HashSet::new();
    let id = |tab: &Tab| Named::of(&["tab", dashboard.id.as_str(), tab.id.as_str()]);
    dashboard.draft.tabs.iter().map(|tab| (settled(id(tab), &mut taken), tab)).collect()
}

/// The card at a dashboard's place. A path names the card too, and both must fit.
pub(super) fn card_at<'s, A: Act>(
    dashboard: &Granted<'s, View, Dashboard>,
    dashcard: &str,
    card: &str,
) -> Result<Granted<'s, A, Card>, LookupError> {
    let place = dashcards(dashboard.get()).into_iter().find(|place| place.id.is(dashcard));
    let item = place.ok_or(LookupError::Missing)?.item.id.as_str();
    // Seen before allowed: which card lies there is no secret of who may not export it.
    let seen = dashboard.item::<Run>(item)?;
    if is_card(seen.get(), card) { dashboard.item(item) } else { Err(LookupError::Missing) }
}

fn is_card(card: &Card, text: &str) -> bool {
    card.entity_id.as_ref().is_some_and(|id| id.as_str() == text) || card.number.to_string() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_things_of_a_dashboard_never_share_a_number() {
        let mut taken = HashSet::from([i32::MAX, 1]);
        let named = Named { number: i32::MAX, entity_id: EntityId::spelled(&[0; 21]) };
        assert_eq!(settled(named, &mut taken).number, 2);
        let (a, b) = (Named::of(&["a", "bc", "d"]), Named::of(&["ab", "c", "d"]));
        assert!(a.number != b.number && a.entity_id != b.entity_id && a.number > 0);
        assert!(a.is(&a.number.to_string()) && a.is(a.entity_id.as_str()) && !a.is(b.entity_id.as_str()));
    }
}
