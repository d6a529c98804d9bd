//! Cells of the collection graph: whether a group sees a collection, and by which publication.
//!
//! As in Metabase, a group's cell is about what is given to that group: what all tenants see stands with everybody's and not
//! with each tenant's.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tenancy::model::publication::{Audience, Published};
use tenancy::{Collection, Overview, PublicationId};

use super::super::group::Group;

/// A publication; without an id one that is to be made.
pub(super) struct Given {
    pub(super) id: Option<PublicationId>,
    pub(super) audience: Audience,
}

/// Publications of collections, as they are or as they are to be.
pub(super) struct Publications<'o> {
    /// By the collection's id: a graph asks for each of its cells.
    pub(super) all: BTreeMap<String, Vec<Given>>,
    parents: HashMap<&'o str, Option<&'o str>>,
}

impl<'o> Publications<'o> {
    pub(super) fn of(overview: &'o Overview) -> Self {
        let collection = |own: &'o Collection| (own.id.as_str(), own.draft.collection.as_deref());
        let mut all: BTreeMap<String, Vec<Given>> = BTreeMap::new();
        for own in &overview.publications {
            if let Published::Collection(id) = &own.draft.publish {
                let given = Given { id: Some(own.id.clone()), audience: own.draft.audience.clone() };
                all.entry(id.clone()).or_default().push(given);
            }
        }
        Self { all, parents: overview.collections.iter().map(collection).collect() }
    }

    /// The publication by which a group sees a collection, and the collection that it is of: this one, or one above it.
    pub(super) fn by<'c>(&'c self, group: Group<'_>, collection: &'c str) -> Option<(&'c str, &'c Given)> {
        let mut above = Some(collection);
        // A cycle, which writes refuse, would end at 64.
        for _ in 0..64 {
            let here = above?;
            if let Some(given) = self.all.get(here).and_then(|all| all.iter().find(|given| given.is_for(group))) {
                return Some((here, given));
            }
            above = self.parents.get(here).copied().flatten();
        }
        None
    }

    /// `none`, `read` or `write`.
    pub(super) fn cell(&self, group: Group<'_>, collection: &str) -> &'static str {
        match group {
            // Who writes the library are operators.
            Group::Administrators => "write",
            Group::Everybody | Group::Tenant(_) if self.by(group, collection).is_some() => "read",
            Group::Everybody | Group::Tenant(_) => "none",
        }
    }
}

impl Given {
    fn is_for(&self, group: Group<'_>) -> bool {
        match (&self.audience, group) {
            (Audience::All, Group::Everybody) => true,
            (Audience::All, _) | (_, Group::Everybody | Group::Administrators) => false,
            (audience, Group::Tenant(tenant)) => audience.includes(tenant.id.as_str(), &tenant.draft.labels),
        }
    }

    /// Takes a group out, and says whether it was named. What was for everybody is for nobody then.
    pub(super) fn drop(&mut self, group: Group<'_>) -> bool {
        match (&mut self.audience, group) {
            (Audience::All, Group::Everybody) => true,
            (Audience::Tenants(tenants), Group::Tenant(tenant)) => tenants.remove(tenant.id.as_str()),
            _ => false,
        }
    }

    /// The tenants that it names.
    pub(super) fn tenants(&self) -> BTreeSet<String> {
        match &self.audience {
            Audience::Tenants(tenants) => tenants.clone(),
            Audience::All | Audience::Labels(_) => BTreeSet::new(),
        }
    }
}
