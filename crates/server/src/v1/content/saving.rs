//! What is said before a tenant's own SQL is saved: whether it would run.

use std::sync::Arc;

use gateway::PrepareError;
use tenancy::model::content::{CardDraft, CollectionDraft, DashboardDraft, SnippetDraft};
use tenancy::{OperatorScope, TenantScope};

use crate::app::App;
use crate::problem::{Problem, Reader};

/// What may hold SQL of its own.
pub(crate) trait Saved {
    /// The card, if it is one. A snippet is SQL too, and is read with the cards that use it.
    fn card(&self) -> Option<&CardDraft> {
        None
    }
}

impl Saved for CardDraft {
    fn card(&self) -> Option<&CardDraft> {
        Some(self)
    }
}
impl Saved for CollectionDraft {}
impl Saved for DashboardDraft {}
impl Saved for SnippetDraft {}

/// Who saves it.
pub(crate) trait Author {
    /// Refuses what would not run for this author.
    async fn rehearse(&self, app: &App, card: &CardDraft) -> Result<(), Problem>;
}

impl Author for OperatorScope {
    /// The operator's cards run at every level, on whatever placement a tenant has: there is none to ask here.
    async fn rehearse(&self, _: &App, _: &CardDraft) -> Result<(), Problem> {
        Ok(())
    }
}

impl Author for Arc<TenantScope> {
    async fn rehearse(&self, app: &App, card: &CardDraft) -> Result<(), Problem> {
        // What the desk itself refuses, it refuses in its own words: no right to it, no such data source.
        let Ok(question) = self.question(&card.source, card.query.clone()) else { return Ok(()) };
        match app.gateway().rehearse(&question).await {
            // A database that is away, or not set up yet, is no reason not to save.
            Ok(()) | Err(PrepareError::Preflight(_) | PrepareError::Placement(_) | PrepareError::Query(_)) => Ok(()),
            Err(error) => Err(Problem::preparing(error, Reader::Author)),
        }
    }
}

/// Says before saving what a run would say.
pub(crate) async fn rehearse(app: &App, author: &impl Author, draft: &impl Saved) -> Result<(), Problem> {
    match draft.card() {
        Some(card) => author.rehearse(app, card).await,
        None => Ok(()),
    }
}
