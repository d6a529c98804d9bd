//! Whoever holds a guest token or a public link: it stands in the path. Below `/t/{slug}` the slug says whose keys may have
//! signed a token; a link's row says whose it is, and the slug is compared.
//!
//! One type for both, so that both go one way to rows.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use tenancy::{Act, Card, Dashboard, Embedded, Granted, GuestError, TenantScope, View};

use super::numbers;
use super::refusal::Refusal;
use crate::app::App;
use crate::extract::may_ask;

/// A guest's scope, and what the path says beside the token.
pub(super) struct Guest {
    pub(super) scope: Arc<TenantScope>,
    path: Vec<(Box<str>, String)>,
}

impl FromRequestParts<App> for Guest {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let path = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Refusal::missing())?;
        let path: Vec<(Box<str>, String)> = path.iter().map(|(name, value)| (name.into(), value.to_owned())).collect();
        if let Some(uuid) = segment(&path, "uuid") {
            let scope = app.tenancy().admit_link(uuid, segment(&path, "slug")).await.map_err(Refusal::of_link)?;
            return Ok(Self { scope: Arc::new(scope), path });
        }
        let token = segment(&path, "token").ok_or_else(Refusal::missing)?;
        let scope = app.tenancy().admit_embed(token, segment(&path, "slug")).await?;
        if !scope.is_guest() {
            // What its author says about guests would not hold for it.
            return Err(Refusal::bad("The token's embed key is for tokens of our own form: use /v1/embed with it."));
        }
        if !may_ask(&parts.headers, &scope) {
            return Err(Refusal::origin());
        }
        Ok(Self { scope: Arc::new(scope), path })
    }
}

fn segment<'p>(path: &'p [(Box<str>, String)], name: &str) -> Option<&'p str> {
    path.iter().find(|(own, _)| **own == *name).map(|(_, value)| value.as_str())
}

impl Guest {
    /// A segment of the path.
    pub(super) fn segment(&self, name: &str) -> Option<&str> {
        segment(&self.path, name)
    }

    fn shown(&self) -> Result<Embedded<'_>, Refusal> {
        Ok(self.scope.embedded().ok_or_else(Refusal::missing)??)
    }

    /// The token's dashboard.
    pub(super) fn dashboard(&self) -> Result<Granted<'_, View, Dashboard>, Refusal> {
        match self.shown()? {
            Embedded::Dashboard(dashboard) => Ok(dashboard),
            // Which of its tenant's things a link shows is told to nobody who guesses at it.
            Embedded::Card(_) if self.scope.is_link() => Err(Refusal::missing()),
            Embedded::Card(_) => Err(GuestError::NoDashboard.into()),
        }
    }

    /// The token's card.
    pub(super) fn card(&self) -> Result<Granted<'_, View, Card>, Refusal> {
        match self.shown()? {
            Embedded::Card(card) => Ok(card),
            Embedded::Dashboard(_) if self.scope.is_link() => Err(Refusal::missing()),
            Embedded::Dashboard(_) => Err(GuestError::NoQuestion.into()),
        }
    }

    /// The token's card, to be run.
    pub(super) fn question<A: Act>(&self) -> Result<Granted<'_, A, Card>, Refusal> {
        Ok(self.scope.card(self.card()?.get().id.as_str())?)
    }

    /// The card at the dashboard's place that the path names; the path names the card too, and both must fit.
    pub(super) fn dashcard<A: Act>(&self) -> Result<Granted<'_, A, Card>, Refusal> {
        let segment = |name| self.segment(name).ok_or_else(Refusal::missing);
        Ok(numbers::card_at(&self.dashboard()?, segment("dashcard")?, segment("card")?)?)
    }
}
