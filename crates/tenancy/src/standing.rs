//! What a running answer rests on beside its credential: that the card is still seen, by the way on which it was
//! reached, and that the rows are still where they are read. Withdrawing any of it ends the answer, as revoking a key does.

use crate::grant::{Action, Lineage};
use crate::guest;
use crate::resolve;
use crate::scope::{Run, TenantScope, View};

/// The way on which a card was reached. Its look-ups are made again, by the same functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reached {
    /// By itself.
    Alone,
    /// As an item of a dashboard shows it.
    Item { dashboard: String, item: String },
    /// As the list of values of a dashboard's filter, which names its card in its author's way.
    ListOfDashboard { dashboard: String, name: String },
    /// As the list of values of a card's parameter.
    ListOfCard { card: String, name: String },
    /// It is not saved.
    Question,
}

/// What a running answer rests on. It is no right: it only says whether one is still there.
pub struct Standing {
    reached: Reached,
    card: String,
    source: String,
    fingerprint: Option<[u8; 32]>,
}

impl Standing {
    pub(crate) fn new(reached: Reached, card: String, source: &str, fingerprint: Option<[u8; 32]>) -> Self {
        Self { reached, card, source: source.to_owned(), fingerprint }
    }

    /// Whether the scope, as it is now, would be granted the same rows.
    fn holds(&self, scope: &TenantScope) -> bool {
        let granted = match &self.reached {
            Reached::Alone => scope.card::<Run>(&self.card),
            Reached::Item { dashboard, item } => scope.dashboard::<View>(dashboard).and_then(|it| it.item::<Run>(item)),
            Reached::ListOfDashboard { dashboard, name } => {
                scope.dashboard::<View>(dashboard).and_then(|it| it.values_card(name))
            }
            Reached::ListOfCard { card, name } => scope.card::<View>(card).and_then(|it| it.values_card(name)),
            Reached::Question => return self.may_still_ask(scope),
        };
        granted.is_ok_and(|card| {
            let placement = card.placement().ok().map(|placement| *placement.fingerprint());
            card.get().id.as_str() == self.card && placement.is_some() && placement == self.fingerprint
        })
    }

    fn may_still_ask(&self, scope: &TenantScope) -> bool {
        let lineage = Lineage { sources: vec![self.source.clone()], ..Lineage::default() };
        let placement = resolve::placement(&scope.kernel, &scope.view, &scope.library, &self.source);
        scope.grant.allows(Action::SqlRun, &lineage)
            && placement.is_ok_and(|placement| Some(*placement.fingerprint()) == self.fingerprint)
    }
}

impl TenantScope {
    /// Whether the credential would still be admitted, and would still be granted what an answer rests on.
    pub async fn still_holds(&self, standings: &[Standing]) -> bool {
        if !self.is_still_admitted().await {
            return false;
        }
        if self.epoch == self.kernel.epoch() {
            return true;
        }
        let view = self.kernel.tenant_view(self.tenant().as_str()).await;
        let (Ok(Some(view)), Ok(library)) = (view, self.kernel.library().await) else { return false };
        // An author who closes a thing to guests closes it at once.
        let guest = self.embed.as_ref().filter(|embed| embed.guest.is_some());
        let is_still_open = if self.is_link() { guest::is_still_linkable } else { guest::is_still_enabled };
        if guest.is_some_and(|embed| !is_still_open(&embed.resource, &view, &library)) {
            return false;
        }
        let now = Self {
            kernel: self.kernel.clone(),
            view,
            library,
            caller: self.caller.clone(),
            grant: self.grant.clone(),
            ceiling: self.ceiling.clone(),
            embed: None,
            expires_at: self.expires_at,
            epoch: self.epoch,
            key: None,
        };
        standings.iter().all(|standing| standing.holds(&now))
    }
}
