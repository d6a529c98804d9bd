//! Scopes: what a key may do, on what. Narrowing is the only operation on them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One thing that a tenant's key can be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Action {
    /// See dashboards, cards and collections, without rows.
    #[serde(rename = "dashboards:read")]
    DashboardsRead,
    /// Run cards and read their rows.
    #[serde(rename = "cards:run")]
    CardsRun,
    /// Download rows as files.
    #[serde(rename = "results:export")]
    ResultsExport,
    /// Save and run SQL of one's own.
    #[serde(rename = "sql:run")]
    SqlRun,
    /// Create and change the tenant's own collections, cards and dashboards.
    #[serde(rename = "content:write")]
    ContentWrite,
    /// Have embed tokens signed.
    #[serde(rename = "embed:sign")]
    EmbedSign,
    /// Make and revoke keys, never wider than the key that makes them.
    #[serde(rename = "keys:manage")]
    KeysManage,
    /// Read the tenant's audit log.
    #[serde(rename = "audit:read")]
    AuditRead,
}

impl Action {
    /// Every action, in the order of the documentation. A new one is added behind: clients of Metabase know a set of actions by a
    /// number whose bits are places in this list.
    pub const ALL: [Self; 8] = [
        Self::DashboardsRead,
        Self::CardsRun,
        Self::ResultsExport,
        Self::SqlRun,
        Self::ContentWrite,
        Self::EmbedSign,
        Self::KeysManage,
        Self::AuditRead,
    ];

    /// The written form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DashboardsRead => "dashboards:read",
            Self::CardsRun => "cards:run",
            Self::ResultsExport => "results:export",
            Self::SqlRun => "sql:run",
            Self::ContentWrite => "content:write",
            Self::EmbedSign => "embed:sign",
            Self::KeysManage => "keys:manage",
            Self::AuditRead => "audit:read",
        }
    }
}

/// What a scope reaches: everything of the tenant, or what is named.
///
/// Names are ids or slugs of the thing itself. A collection includes what lies in it and below it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Everything of the tenant; the lists must then be empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// Named collections.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub collections: BTreeSet<String>,
    /// Named dashboards, with their cards as the dashboard shows them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dashboards: BTreeSet<String>,
    /// Named cards.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cards: BTreeSet<String>,
    /// Named data sources: the cards that read them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sources: BTreeSet<String>,
}

impl Resources {
    /// Everything of the tenant.
    #[must_use]
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        !self.all
            && self.collections.is_empty()
            && self.dashboards.is_empty()
            && self.cards.is_empty()
            && self.sources.is_empty()
    }

    pub(crate) fn contains(&self, lineage: &Lineage) -> bool {
        let named = |set: &BTreeSet<String>, names: &[String]| names.iter().any(|name| set.contains(name));
        self.all
            || named(&self.collections, &lineage.collections)
            || named(&self.dashboards, &lineage.dashboards)
            || named(&self.cards, &lineage.cards)
            || named(&self.sources, &lineage.sources)
    }

    /// Whether everything that `self` names is named by `wider` in the same words. It never looks into
    /// collections, so it may refuse what would have been narrower; it never accepts what is wider.
    pub(crate) fn is_within(&self, wider: &Self) -> bool {
        wider.all
            || (!self.all
                && self.collections.is_subset(&wider.collections)
                && self.dashboards.is_subset(&wider.dashboards)
                && self.cards.is_subset(&wider.cards)
                && self.sources.is_subset(&wider.sources))
    }
}

/// Actions on resources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What may be done.
    pub actions: BTreeSet<Action>,
    /// To what.
    pub resources: Resources,
}

/// All scopes of one key. No scope, no right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Grant(Vec<Scope>);

/// Why a grant cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Nothing would be allowed.
    #[error("name at least one action and one resource in each scope")]
    Empty,
    /// `all` beside names.
    #[error("a scope names either everything (\"all\": true) or particular resources, not both")]
    AllBesideNames,
    /// Wider than what the maker has.
    #[error("the scopes are wider than those of the key that asks; name only actions and resources that it has itself")]
    Wider,
}

/// Where a thing lies: its names and those of what contains it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lineage {
    pub(crate) collections: Vec<String>,
    pub(crate) dashboards: Vec<String>,
    pub(crate) cards: Vec<String>,
    pub(crate) sources: Vec<String>,
}

impl Grant {
    /// Checks that the scopes say something.
    pub fn new(scopes: Vec<Scope>) -> Result<Self, GrantError> {
        let grant = Self(scopes);
        grant.validate()?;
        Ok(grant)
    }

    /// The same check for a grant that was read from a request.
    pub fn validate(&self) -> Result<(), GrantError> {
        if self.0.is_empty() {
            return Err(GrantError::Empty);
        }
        for scope in &self.0 {
            if scope.actions.is_empty() || scope.resources.is_empty() {
                return Err(GrantError::Empty);
            }
            let names_too = Resources { all: false, ..scope.resources.clone() };
            if scope.resources.all && !names_too.is_empty() {
                return Err(GrantError::AllBesideNames);
            }
        }
        Ok(())
    }

    /// The grant of an embed token, which is never empty.
    pub(crate) fn of_token(scope: Scope) -> Self {
        Self(vec![scope])
    }

    /// The scopes.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        &self.0
    }

    /// Whether `action` is allowed on the thing with this lineage.
    pub(crate) fn allows(&self, action: Action, lineage: &Lineage) -> bool {
        self.0.iter().any(|scope| scope.actions.contains(&action) && scope.resources.contains(lineage))
    }

    /// Whether `action` is allowed on everything of the tenant.
    pub(crate) fn allows_everywhere(&self, action: Action) -> bool {
        self.0.iter().any(|scope| scope.actions.contains(&action) && scope.resources.all)
    }

    /// Whether `action` is allowed on something.
    pub(crate) fn allows_somewhere(&self, action: Action) -> bool {
        self.0.iter().any(|scope| scope.actions.contains(&action))
    }

    /// Accepts `wanted` when every action of each of its scopes is covered by one scope of `self`.
    pub fn narrow(&self, wanted: &Self) -> Result<(), GrantError> {
        wanted.validate()?;
        let covered = |scope: &Scope| {
            scope.actions.iter().all(|action| {
                self.0.iter().any(|own| own.actions.contains(action) && scope.resources.is_within(&own.resources))
            })
        };
        if wanted.0.iter().all(covered) { Ok(()) } else { Err(GrantError::Wider) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    fn names() -> impl Strategy<Value = BTreeSet<String>> {
        btree_set("[ab]", 0..3)
    }

    fn resources() -> impl Strategy<Value = Resources> {
        let named = (names(), names(), names(), names()).prop_map(|(collections, dashboards, cards, sources)| {
            Resources { all: false, collections, dashboards, cards, sources }
        });
        prop_oneof![1 => Just(Resources::everything()), 5 => named]
    }

    fn actions() -> impl Strategy<Value = BTreeSet<Action>> {
        btree_set(proptest::sample::select(&Action::ALL[..4]), 1..3)
    }

    fn grant() -> impl Strategy<Value = Grant> {
        let scope = (actions(), resources()).prop_map(|(actions, resources)| Scope { actions, resources });
        vec(scope, 1..4).prop_map(Grant)
    }

    fn lineage() -> impl Strategy<Value = Lineage> {
        let names = || vec("[ab]", 0..3);
        (names(), names(), names(), names()).prop_map(|(collections, dashboards, cards, sources)| Lineage {
            collections,
            dashboards,
            cards,
            sources,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 3_000, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default()
        })]

        #[test]
        fn what_is_accepted_is_never_wider(maker in grant(), minted in grant(), thing in lineage()) {
            if maker.narrow(&minted).is_ok() {
                for action in Action::ALL {
                    prop_assert!(!minted.allows(action, &thing) || maker.allows(action, &thing));
                    prop_assert!(!minted.allows_everywhere(action) || maker.allows_everywhere(action));
                    prop_assert!(!minted.allows_somewhere(action) || maker.allows_somewhere(action));
                }
            }
        }

        #[test]
        fn what_names_less_in_the_same_words_is_accepted(maker in grant(), keep in vec(any::<bool>(), 64)) {
            let mut keep = keep.into_iter().cycle();
            let mut some = |names: &BTreeSet<String>| names.iter().filter(|_| keep.next() == Some(true)).cloned().collect();
            let narrower = |scope: &Scope| Scope {
                actions: scope.actions.iter().take(1).copied().collect(),
                resources: Resources {
                    all: scope.resources.all,
                    collections: some(&scope.resources.collections),
                    dashboards: some(&scope.resources.dashboards),
                    cards: some(&scope.resources.cards),
                    sources: some(&scope.resources.sources),
                },
            };
            let minted = Grant(maker.0.iter().map(narrower).filter(|scope| !scope.resources.is_empty()).collect());
            prop_assume!(!minted.0.is_empty());
            prop_assert_eq!(maker.narrow(&minted), Ok(()));
        }
    }

    /// Numbers that clients of Metabase keep follow from this order.
    #[test]
    fn actions_keep_their_places() {
        let names = Action::ALL.map(Action::name);
        let wanted = [
            "dashboards:read",
            "cards:run",
            "results:export",
            "sql:run",
            "content:write",
            "embed:sign",
            "keys:manage",
            "audit:read",
        ];
        assert_eq!(names, wanted);
    }

    #[test]
    fn a_grant_that_says_nothing_or_two_things_is_none() {
        let scope = |resources| Scope { actions: BTreeSet::from([Action::CardsRun]), resources };
        let both = Resources { cards: BTreeSet::from(["a".into()]), ..Resources::everything() };
        assert_eq!(Grant::new(Vec::new()).err(), Some(GrantError::Empty));
        assert_eq!(Grant::new(vec![scope(Resources::default())]).err(), Some(GrantError::Empty));
        assert_eq!(Grant::new(vec![scope(both)]).err(), Some(GrantError::AllBesideNames));
        let idle = Scope { actions: BTreeSet::new(), resources: Resources::everything() };
        assert_eq!(Grant::new(vec![idle]).err(), Some(GrantError::Empty));
    }
}
