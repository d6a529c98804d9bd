//! Why a credential may or may not see a thing: the same look-ups as a request's, with their findings in words.
//!
//! For operators: it tells of things that are there and not published, which a request never would.

use serde::Serialize;

use crate::grant::{Action, Lineage};
use crate::model::content::{Content, Show};
use crate::scope::{Caller, EmbedResource, TenantScope};
use crate::view::Seen;

/// What somebody wants to see.
#[derive(Debug, Clone)]
pub enum Thing {
    /// A card by itself, by id or slug.
    Card(String),
    /// A card as an item of a dashboard shows it.
    Item {
        /// The dashboard, by id or slug.
        dashboard: String,
        /// The item.
        item: String,
    },
}

/// One step of the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was looked at.
    pub what: &'static str,
    /// Whether it lets the caller on.
    pub holds: bool,
    /// What was found.
    pub says: String,
}

impl Step {
    /// A step of a decision.
    pub fn new(what: &'static str, holds: bool, says: impl Into<String>) -> Self {
        Self { what, holds, says: says.into() }
    }
}

impl TenantScope {
    /// Every step from the credential to the right to do `actions` to a thing; the last one is the first that fails.
    #[must_use]
    pub fn explain(&self, thing: &Thing, actions: &[Action]) -> Vec<Step> {
        let mut steps = vec![self.explain_caller(), self.explain_tenant()];
        match thing {
            Thing::Card(name) => match self.view.card(&self.library, name) {
                Some(seen) => self.explain_seen("card", &seen, actions, &mut steps),
                None => {
                    let own = self.library.content.cards.get(name).is_some();
                    steps.push(unseen("card", own));
                }
            },
            Thing::Item { dashboard, item } => self.explain_item(dashboard, item, actions, &mut steps),
        }
        if let Some(end) = steps.iter().position(|step| !step.holds) {
            steps.truncate(end + 1);
        }
        steps
    }

    fn explain_caller(&self) -> Step {
        let who = match &self.caller {
            Caller::ApiKey(id) => format!("API key {id}"),
            Caller::Link(id) => format!("public link {id}"),
            Caller::Embed(id) => {
                let shows = self.embed.as_ref().map(|embed| match &embed.resource {
                    EmbedResource::Dashboard(id) => format!("dashboard {id}"),
                    EmbedResource::Card(id) => format!("card {id}"),
                    EmbedResource::Nothing => "nothing that is there".to_owned(),
                });
                format!("embed token of key {id}, which shows {}", shows.unwrap_or_default())
            }
        };
        let end = self.expires_at.map(|end| format!(", until {end}")).unwrap_or_default();
        Step::new("credential", true, format!("{who}{end}"))
    }

    fn explain_tenant(&self) -> Step {
        let tenant = &self.view.tenant;
        Step::new("tenant", true, format!("{} ({}), active", tenant.draft.slug, tenant.id))
    }

    fn explain_item(&self, dashboard: &str, item: &str, actions: &[Action], steps: &mut Vec<Step>) {
        let Some(seen) = self.view.dashboard(&self.library, dashboard) else {
            steps.push(unseen("dashboard", self.library.content.dashboards.get(dashboard).is_some()));
            return;
        };
        self.explain_seen("dashboard", &seen, &[Action::DashboardsRead], steps);
        let card = seen.record.draft.item(item).and_then(|item| match &item.show {
            Show::Card { card, .. } => self.view.card_of(&self.library, &seen, card),
            _ => None,
        });
        match card {
            Some(card) => self.explain_rights("card", &card.lineage, actions, steps),
            None => steps.push(Step::new("item", false, "the dashboard has no such item with a card")),
        }
    }

    fn explain_seen<D: Content>(&self, what: &'static str, seen: &Seen<D>, actions: &[Action], steps: &mut Vec<Step>) {
        let id = D::id_text(&seen.record.id);
        let says = if seen.from_library {
            let publication = self.library.publication(id, &seen.lineage.collections, &self.view.tenant);
            let by = publication.map_or("a dashboard that shows it".to_owned(), |id| format!("publication {id}"));
            format!("{id}, of the library, seen by {by}")
        } else {
            format!("{id}, the tenant's own")
        };
        steps.push(Step::new(what, true, says));
        self.explain_rights(what, &seen.lineage, actions, steps);
    }

    fn explain_rights(&self, what: &str, lineage: &Lineage, actions: &[Action], steps: &mut Vec<Step>) {
        for action in actions {
            let by = self
                .grant
                .scopes()
                .iter()
                .position(|scope| scope.actions.contains(action) && scope.resources.contains(lineage));
            steps.push(match by {
                Some(place) => {
                    Step::new("scope", true, format!("scope {} allows {} on this {what}", place + 1, action.name()))
                }
                None => Step::new("scope", false, format!("no scope allows {} on this {what}", action.name())),
            });
        }
        if let Some(ceiling) = &self.ceiling {
            let holds = ceiling.contains(lineage);
            let says =
                if holds { "the embed key's resources include it" } else { "the embed key's resources leave it out" };
            steps.push(Step::new("embed-key", holds, says));
        }
    }
}

fn unseen(what: &'static str, in_library: bool) -> Step {
    let says = if in_library {
        "is in the library and not published to this tenant: the caller is told that there is nothing"
    } else {
        "neither the tenant nor the library has one of this name: the caller is told that there is nothing"
    };
    Step::new(what, false, says)
}
