//! From a granted card and what the caller gave to a query that can run in one place only.

use std::sync::Arc;
use std::time::Duration;

use query::QueryError;
use tenancy::model::Invalid;
use tenancy::model::content::Values;
use tenancy::model::tenant;
use tenancy::placement::{Level, Placement};
use tenancy::{Card, Granted, Run};

use crate::Gateway;
use crate::error::RunError;
use crate::guard::{self, Guarded, RowRule, Rules};
use crate::preflight::{Outcome, Table};
use crate::scoped::ScopedQuery;
use crate::settings::Limits;

/// Why a card cannot run for this caller. Nothing was sent to a database, but for a preflight.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// What the caller gave does not fit.
    #[error(transparent)]
    Inputs(Invalid),
    /// The tenant has no usable placement for the card's data source.
    #[error(transparent)]
    Placement(Invalid),
    /// A value does not fit its parameter, or the card's template is wrong.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The guard does not let the statement through. For the author's eyes.
    #[error(transparent)]
    Refused(sqlguard::Refusal),
    /// A tenant's own SQL where only the guard keeps tenants apart.
    #[error("at level guarded-rows only the operator's cards run, no SQL written by a tenant")]
    TenantSqlOnSharedTables,
    /// A tenant's own SQL on a placement whose isolation level is not proven.
    #[error("SQL written by a tenant does not run here: the placement's preflight does not hold")]
    TenantSqlUnproven,
    /// The placement does not have the isolation level that it claims.
    #[error("the placement is disabled: its preflight does not hold")]
    Disabled,
    /// The preflight could not be made.
    #[error(transparent)]
    Preflight(RunError),
    /// The embed token gives no value for an attribute that decides which rows the viewer reads.
    #[error("the embed token must give the viewer's attribute {0}, which decides which rows are read")]
    AttributeMissing(String),
    /// An attribute is a longer list than rules compare with.
    #[error("the viewer's attribute {0} is too long a list: give at most 5000 values")]
    AttributeTooLong(String),
    /// The tables' rules and the database do not fit.
    #[error("{0}")]
    Rules(&'static str),
}

/// A card made ready for one caller, and how it came to be: what `explain` shows.
pub struct Prepared {
    /// What may be run.
    pub query: ScopedQuery,
    /// Where.
    pub level: Level,
    /// Whether the statement went through the guard.
    pub guarded: bool,
    /// The relations that it reads, and what decides over their rows, when it went through the guard.
    pub rules: Vec<RowRule>,
}

impl Prepared {
    /// The statement that would run. Its values are binds, and are not in it. No `Debug`: it is its author's.
    #[must_use]
    pub fn sql(&self) -> &str {
        self.query.statement.sql()
    }
}

impl Gateway {
    /// Types the values, compiles the template and binds both to the one placement that the card's scope has.
    ///
    /// Only a `Run` grant is accepted; a `View` grant is another type. The scope is asked now: having been
    /// allowed to save the card, or having run it before, proves nothing.
    pub async fn prepare(&self, card: &Granted<'_, Run, Card>, given: Values) -> Result<ScopedQuery, PrepareError> {
        Ok(self.explain(card, given).await?.query)
    }

    /// The same, with what decided on the way.
    pub async fn explain(&self, card: &Granted<'_, Run, Card>, given: Values) -> Result<Prepared, PrepareError> {
        let placement = card.placement().map_err(PrepareError::Placement)?;
        let found = self.admitting(&placement, !card.is_from_library()).await?;
        let inputs = card.inputs(given).map_err(PrepareError::Inputs)?;
        let scope = card.scope();
        let engine = placement.engine();
        let context =
            query::Context { engine, now: scope.now(), timezone: scope.timezone(), attributes: scope.attributes() };
        let draft = &card.get().draft;
        let written = query::compile(&draft.query, card.snippets(), &inputs, &context)?;
        let limits = self.limits_of(scope.limits());
        let cache_ttl = (draft.cache_seconds > 0).then(|| Duration::from_secs(draft.cache_seconds.into()));
        let level = placement.level();
        let timezone = scope.timezone().clone();
        let Some(found) = found else {
            let query = ScopedQuery::new(placement, written, limits, cache_ttl, timezone);
            return Ok(Prepared { query, level, guarded: false, rules: Vec::new() });
        };
        let Guarded { statement, rules } = Rules::new(&placement, &found, scope.viewer()).guard(&written)?;
        let query = ScopedQuery::new(placement, statement, limits, cache_ttl, timezone).written_as(written.sql());
        Ok(Prepared { query, level, guarded: true, rules })
    }

    /// Whether SQL that a tenant writes would be let through here: every combination of its optional clauses.
    ///
    /// # Errors
    /// What a run would be refused with.
    pub async fn rehearse(&self, card: &Granted<'_, Run, Card>) -> Result<(), PrepareError> {
        let placement = card.placement().map_err(PrepareError::Placement)?;
        let found = self.admitting(&placement, true).await?;
        let Some(found) = found else { return Ok(()) };
        let rules = Rules::new(&placement, &found, None);
        let engine = placement.engine();
        for statement in query::rehearse(&card.get().draft.query, card.snippets(), engine)? {
            rules.guard(&statement)?;
        }
        Ok(())
    }

    /// Whether SQL that a tenant writes runs at a placement; none when its database cannot be asked.
    pub async fn takes_tenant_sql(&self, placement: &Arc<Placement>) -> Option<bool> {
        match self.admitting(placement, true).await {
            Ok(_) => Some(true),
            Err(PrepareError::Preflight(_)) => None,
            Err(_) => Some(false),
        }
    }

    /// Whether a statement by this author may run at the placement; with the relations that the guard then needs.
    pub(crate) async fn admitting(
        &self,
        placement: &Arc<Placement>,
        written_by_tenant: bool,
    ) -> Result<Option<Arc<[Table]>>, PrepareError> {
        if written_by_tenant && placement.level() == Level::GuardedRows {
            return Err(PrepareError::TenantSqlOnSharedTables);
        }
        if !guard::applies(placement, written_by_tenant) {
            // Where the operator's own cards meet one tenant's own database there is nothing to prove before they run;
            // but what is known counts, and what is not known is looked at soon.
            let disabled = self.inner.proofs.is_disabled(placement).await;
            return if disabled { Err(PrepareError::Disabled) } else { Ok(None) };
        }
        let proof = self.inner.proof(placement).await.map_err(PrepareError::Preflight)?;
        match proof.outcome {
            Outcome::StopsEverything => Err(PrepareError::Disabled),
            Outcome::StopsTenantSql if written_by_tenant => Err(PrepareError::TenantSqlUnproven),
            Outcome::StopsTenantSql | Outcome::Holds => Ok(Some(Arc::clone(&proof.tables))),
        }
    }

    /// The instance's limits, with the tenant's own where it has some.
    fn limits_of(&self, own: &tenant::Limits) -> Limits {
        let usual = self.limits();
        Limits {
            timeout: own.query_seconds.map_or(usual.timeout, |seconds| Duration::from_secs(seconds.into())),
            max_rows: own.rows.unwrap_or(usual.max_rows),
            max_bytes: usual.max_bytes,
            tenant_concurrency: own.concurrent_queries.unwrap_or(usual.tenant_concurrency),
        }
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Prepared").field("level", &self.level).field("guarded", &self.guarded).finish_non_exhaustive()
    }
}
