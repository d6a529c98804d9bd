//! From a granted card and what the caller gave to a query that can run in one place only.

use std::time::Duration;

use query::{Engine, QueryError};
use tenancy::model::Invalid;
use tenancy::model::content::Values;
use tenancy::model::tenant;
use tenancy::placement::Connection;
use tenancy::{Card, Granted, Run};

use crate::Gateway;
use crate::scoped::ScopedQuery;
use crate::settings::Limits;

/// Why a card cannot run for this caller. Nothing was sent to a database.
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
    /// A tenant's own SQL on a server whose isolation level has not been proven on this connection.
    ///
    /// SQLite files are opened read-only behind an authorizer that denies everything but reading that one file,
    /// so there the engine itself is the proof; a server's login may reach more than its own database.
    #[error("SQL written by a tenant does not run on this placement until its isolation level is proven")]
    TenantSqlUnproven,
}

impl Gateway {
    /// Types the values, compiles the template and binds both to the one placement that the card's scope has.
    ///
    /// Only a `Run` grant is accepted; a `View` grant is another type. The scope is asked now: having been
    /// allowed to save the card, or having run it before, proves nothing.
    pub fn prepare(&self, card: &Granted<'_, Run, Card>, given: Values) -> Result<ScopedQuery, PrepareError> {
        let placement = card.placement().map_err(PrepareError::Placement)?;
        let engine = engine_of(placement.connection());
        if !card.is_from_library() && engine != Engine::Sqlite {
            return Err(PrepareError::TenantSqlUnproven);
        }
        let inputs = card.inputs(given).map_err(PrepareError::Inputs)?;
        let scope = card.scope();
        let context =
            query::Context { engine, now: scope.now(), timezone: scope.timezone(), attributes: scope.attributes() };
        let draft = &card.get().draft;
        let statement = query::compile(&draft.query, card.snippets(), &inputs, &context)?;
        let limits = self.limits_of(scope.limits());
        let cache_ttl = (draft.cache_seconds > 0).then(|| Duration::from_secs(draft.cache_seconds.into()));
        Ok(ScopedQuery::new(placement, statement, limits, cache_ttl, scope.timezone().clone()))
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

const fn engine_of(connection: &Connection) -> Engine {
    match connection {
        Connection::Postgres(_) => Engine::Postgres,
        Connection::Mysql(_) => Engine::Mysql,
        Connection::Sqlite(_) => Engine::Sqlite,
    }
}
