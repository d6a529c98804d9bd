//! Level `native-rows` where tenants share a login: the database believes signatures, and nothing else.

use query::Bind;
use tenancy::placement::{Connection as Place, Placement};

use super::{Finding, Outcome};
use crate::connection::Connection;
use crate::error::RunError;
use crate::postgres::Context;
use crate::setup::postgres::signed::{SIGNER, verified};

const CHECK: &str = "signature";

/// What the function is, and whether it runs as a role that can do nothing else.
const FUNCTION: &str = "SELECT p.prosrc, (p.prosecdef AND p.provolatile = 's' AND l.lanname = 'sql' \
    AND p.proconfig = ARRAY['search_path=pg_catalog, pg_temp'] AND NOT r.rolsuper AND NOT r.rolcanlogin \
    AND NOT r.rolbypassrls)::text, r.rolname::text FROM pg_catalog.pg_proc AS p \
    JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner \
    WHERE p.oid = pg_catalog.to_regprocedure('cloison.verified_tenant()')";

/// Whom the transaction is for after somebody has set the context to something else.
const SET: &str = "SELECT CASE WHEN pg_catalog.set_config('cloison.context', $1::text, true) IS NOT NULL \
    THEN cloison.verified_tenant() END";

fn stops(message: &str) -> Finding {
    Finding::fails(CHECK, Outcome::StopsEverything, message)
}

/// A finding when the database cannot be told whom a transaction is for, so that no question can be asked.
pub(super) async fn missing(placement: &Placement, connection: &mut Connection) -> Result<Option<Finding>, RunError> {
    if placement.rows().signing.is_none() {
        return Ok(None);
    }
    match connection.ask("SELECT 1", Vec::new()).await {
        Ok(_) => Ok(None),
        Err(RunError::QueryFailed { .. }) => Ok(Some(stops(
            "the function cloison.moment() is not there, or not for this login. Run the script of set-up",
        ))),
        Err(error) => Err(error),
    }
}

/// Whether a signature of ours is believed, and no other text.
pub(super) async fn check(placement: &Placement, connection: &mut Connection) -> Result<Finding, RunError> {
    let function = connection.ask(FUNCTION, Vec::new()).await?;
    let is_ours = function.text(0, 0) == Some(verified().as_str())
        && function.text(0, 1) == Some("true")
        && function.text(0, 2) == Some(SIGNER);
    if !is_ours {
        return Ok(stops("cloison.verified_tenant() is not what set-up made. Run the script of set-up again"));
    }
    let key = placement.rows().key.as_str();
    let own = connection.ask("SELECT cloison.verified_tenant()", Vec::new()).await?;
    if own.text(0, 0) != Some(key) {
        return Ok(stops(
            "the database does not believe our signature: it has another key. Run the script of set-up again",
        ));
    }
    let replayed = match (placement.connection(), Context::of(placement)) {
        (Place::Postgres(_), Some(context)) => context.signed("1|1"),
        _ => String::new(),
    };
    for context in [String::new(), key.to_owned(), format!("{}{key}", "0".repeat(64)), replayed] {
        let answer = connection.ask(SET, vec![Bind::Text(context)]).await?;
        if answer.rows.len() != 1 || answer.text(0, 0).is_some() {
            return Ok(stops(
                "the database believes a context that nobody signed for this transaction: drop cloison.verified_tenant(), and run the script of set-up",
            ));
        }
    }
    Ok(Finding::holds(
        CHECK,
        "a transaction is whose its signature says; a forged one and one of another transaction are nobody's",
    ))
}
