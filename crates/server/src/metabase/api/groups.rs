//! Groups, as clients of Metabase know them: sets of scopes. A view, and nothing of it is stored.
//!
//! Each key is in one group, that of exactly its scopes: a group of fewer would say less than the key may, and one of more would
//! pretend. So the number of a group follows from its scopes, and is the same for every tenant and for good.

use std::collections::{BTreeMap, BTreeSet};

use tenancy::model::keys::ApiKey;
use tenancy::{Action, Grant, Resources, Scope};

use super::super::numbers::Named;

/// What readers have, under the name and number of Metabase's group of everybody.
pub(in crate::metabase) const EVERYBODY: i32 = 1;
/// All that a tenant's key can have, under those of its administrators.
pub(in crate::metabase) const ADMINISTRATORS: i32 = 2;
const READS: [Action; 3] = [Action::DashboardsRead, Action::CardsRun, Action::ResultsExport];
/// Every other set of actions on everything: this, and a bit for each action by its place in `Action::ALL`.
const SETS: i32 = 1000;
/// The group of one key that is narrowed to named things: this bit, and others that follow from the key. No set is so high.
const NARROWED: i32 = 1 << 30;

/// A set of scopes.
pub(super) struct Group {
    pub(super) id: i32,
    pub(super) name: String,
    grant: Grant,
}

impl Group {
    /// The group that a key is in.
    pub(super) fn of(key: &ApiKey) -> Self {
        let grant = &key.draft.scopes;
        let all = |scope: &&Scope| scope.resources.all;
        let everywhere: BTreeSet<Action> =
            grant.scopes().iter().filter(all).flat_map(|own| &own.actions).copied().collect();
        let all: BTreeSet<Action> = grant.scopes().iter().flat_map(|own| &own.actions).copied().collect();
        if let (true, Some(set)) = (all == everywhere, Self::set(&everywhere)) {
            return set;
        }
        let id = Named::of(&["group", key.id.as_str()]).number | NARROWED;
        let name = format!("{}: {} on named things", key.draft.name, listed(&all));
        Self { id, name, grant: grant.clone() }
    }

    fn set(actions: &BTreeSet<Action>) -> Option<Self> {
        let everything = Scope { actions: actions.clone(), resources: Resources::everything() };
        let grant = Grant::new(vec![everything]).ok()?;
        let (id, name) = if *actions == READS.into() {
            (EVERYBODY, "All Users".to_owned())
        } else if *actions == Action::ALL.into() {
            (ADMINISTRATORS, "Administrators".to_owned())
        } else {
            (SETS + bits(actions), listed(actions))
        };
        Some(Self { id, name, grant })
    }

    /// The set with a number. Each set has one, so another spelling is the number of none.
    pub(super) fn numbered(id: i32) -> Option<Self> {
        let actions = match id {
            EVERYBODY => READS.into(),
            ADMINISTRATORS => Action::ALL.into(),
            id => with_bits(id.checked_sub(SETS)?)?,
        };
        Self::set(&actions).filter(|group| group.id == id)
    }

    /// The set that a name lists: `dashboards:read, cards:run`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let read = |text: &str| Action::ALL.into_iter().find(|action| action.name() == text.trim());
        Self::set(&name.split(',').map(read).collect::<Option<_>>()?)
    }

    /// Those that there are whoever asks, and those of some keys, by number.
    pub(super) fn all(keys: &[ApiKey]) -> Vec<Self> {
        let always = [EVERYBODY, ADMINISTRATORS].into_iter().filter_map(Self::numbered);
        let groups = always.chain(keys.iter().map(Self::of)).map(|group| (group.id, group));
        groups.collect::<BTreeMap<_, _>>().into_values().collect()
    }

    /// The scopes of a key that is made for the group.
    pub(super) fn grant(&self) -> &Grant {
        &self.grant
    }

    /// What clients know the two groups by that are always there.
    pub(super) fn magic(&self) -> Option<&'static str> {
        match self.id {
            EVERYBODY => Some("all-internal-users"),
            ADMINISTRATORS => Some("admin"),
            _ => None,
        }
    }

    /// Whether its scopes name an action for everything, or for what `names` finds. This is said and not asked: whoever acts is
    /// checked by the scope.
    pub(super) fn has(&self, action: Action, names: impl Fn(&Resources) -> bool) -> bool {
        let fits = |own: &Scope| own.actions.contains(&action) && (own.resources.all || names(&own.resources));
        self.grant.scopes().iter().any(fits)
    }

    pub(super) fn has_everywhere(&self, action: Action) -> bool {
        self.has(action, |_| false)
    }
}

/// What readers have.
pub(in crate::metabase) fn readers() -> Option<Grant> {
    Group::numbered(EVERYBODY).map(|group| group.grant)
}

/// `dashboards:read, cards:run`, in the order of the documentation.
pub(super) fn listed(actions: &BTreeSet<Action>) -> String {
    actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(", ")
}

fn bits(actions: &BTreeSet<Action>) -> i32 {
    let places = Action::ALL.iter().enumerate().filter(|(_, action)| actions.contains(action));
    places.fold(0, |bits, (place, _)| bits | (1 << place))
}

fn with_bits(bits: i32) -> Option<BTreeSet<Action>> {
    let places = Action::ALL.into_iter().enumerate();
    let actions: BTreeSet<Action> =
        places.filter(|(place, _)| bits & (1 << place) != 0).map(|(_, action)| action).collect();
    (self::bits(&actions) == bits).then_some(actions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_one_number_and_every_number_one_set() {
        let sets: Vec<Group> = (i32::MIN..=i32::MIN + 9).chain(-9..2000).filter_map(Group::numbered).collect();
        assert_eq!(sets.len(), 255, "all but the empty one");
        for group in &sets {
            assert!(group.id < NARROWED && Group::numbered(group.id).is_some());
            let listed = group.grant.scopes().iter().flat_map(|scope| &scope.actions).copied().collect();
            assert_eq!(Group::named(&super::listed(&listed)).map(|own| own.id), Some(group.id));
        }
        // Clients keep these.
        let number = |name: &str| Group::named(name).map(|group| group.id);
        assert_eq!(number("dashboards:read"), Some(1001));
        assert_eq!(number(" sql:run,dashboards:read "), Some(1009));
        assert_eq!(number("results:export, cards:run, dashboards:read"), Some(1));
        assert_eq!(number("audit:read"), Some(1128));
        for other in ["", "Administrators", "dashboards:read,", "Dashboards:read", "dashboards:read; cards:run"] {
            assert_eq!(number(other), None, "{other}");
        }
        assert!(Group::numbered(1007).is_none() && Group::numbered(1255).is_none() && Group::numbered(1000).is_none());
    }
}
