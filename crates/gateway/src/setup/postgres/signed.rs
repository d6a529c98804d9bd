//! Row level security where a login for each tenant is impossible: all tenants share one, and say who they are with a
//! text that the session cannot make up.
//!
//! # How it works
//! After `BEGIN`, the data plane asks for the transaction's own numbers and answers with the signed name of the tenant:
//!
//! ```sql
//! SELECT cloison.moment();                                    -- '4711|1795531234567890': backend and start
//! SELECT set_config('cloison.context', <mac> || <key>, true); -- mac: HMAC-SHA256 of <key>|<moment>, in hexadecimal
//! ```
//!
//! Policies compare the tenant column with `cloison.verified_tenant()`. That is NULL, and so no row, unless the signature
//! is right for this tenant, this backend and this transaction. A statement may change the setting (`set_config` is a
//! function like any other), but it cannot sign; and what another transaction was given is of no use in this one.
//!
//! # What it costs
//! One more round trip for each statement, and a secret that both sides know. A login for each tenant needs neither, and
//! its walls are the server's own; this is for servers where an administrator cannot or will not make logins.
//!
//! # What stays open
//! Tenants share a role: they see each other's running statements in `pg_stat_activity`, and can cancel them with
//! `pg_cancel_backend`. The SQL guard lets nobody near either.

use tenancy::Secret;
use tenancy::placement::{Level, Placement, Server};

use super::names::{Place, acting_for, block, ident, literal, refused};
use super::{database, kinds_of, login, policies, ruled};
use crate::setup::{Script, SetupError, Step};

/// Who this transaction is for; evaluated once for a statement.
const WHOSE: &str = "(SELECT cloison.verified_tenant())";

/// The owner of the one function that may use the key.
pub(crate) const SIGNER: &str = "cloison_signer";

/// What a signature is for besides the tenant. `||` and `::` are the catalogue's own: the search path is pinned.
const MOMENT: &str = "pg_backend_pid()::text || '|' || \
                      (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint::text";

/// What [`SIGNER`]'s function says: whom this transaction is signed for.
pub(crate) fn verified() -> String {
    format!(
        "SELECT substr(c.context, 65) FROM cloison.signing_key AS k, \
         (SELECT current_setting('cloison.context', true) AS context) AS c \
         WHERE substr(c.context, 1, 64) = encode(sha256(substr(k.pads, 65, 64) || sha256(substr(k.pads, 1, 64) \
         || convert_to(substr(c.context, 65) || '|' || {MOMENT}, 'UTF8'))), 'hex')"
    )
}

/// The script. `key` is the secret that signs, 32 bytes as 64 hexadecimal digits.
pub(super) fn script(placement: &Placement, server: &Server, key: &Secret) -> Result<Script, SetupError> {
    if placement.level() != Level::NativeRows {
        return Err(refused("a signed context is a variant of level \"native-rows\""));
    }
    let pads = pads(key).ok_or_else(|| refused("the key is 64 hexadecimal digits"))?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let pads = Secret::from(format!("pg_catalog.decode('{}', 'hex')", hex(&pads)));
    let user = ident(&server.user);
    let mut once = vec![reader(server, ruled(placement, server).map(|(_, _, place)| place))];
    once.extend(database::closed(server, false));
    // Logins of tenants beside the shared one, if there are any, must not be taken for writers.
    once.extend(policies::mapping());
    once.push(signer());
    once.push(Step::with_password("The secret that signs; its two forms are those of RFC 2104", &pads, |pads| {
        format!("INSERT INTO cloison.signing_key AS k (pads) VALUES ({pads}) ON CONFLICT (one) DO UPDATE SET pads = excluded.pads")
    }));
    for (name, rule, place) in ruled(placement, server) {
        let policy = policies::policy(&place.quoted(), &rule.condition("", WHOSE), &rule.mark(true));
        once.push(policies::others(&place, &server.user).about(name));
        once.push(
            Step::new(
                "A transaction reads the rows of the tenant that was signed for; without a signature none",
                block("kind text; kinds text[]; note text;", &format!("{}{policy}", kinds_of(&rule))),
            )
            .about(name),
        );
    }
    let mut tenant: Vec<_> = login::steps(server).into();
    tenant.push(Step::new(
        "Policies run with the rights of who reads",
        format!("GRANT USAGE ON SCHEMA cloison TO {user}"),
    ));
    tenant.push(Step::new(
        "It may ask whom it was signed for",
        format!("GRANT EXECUTE ON FUNCTION cloison.verified_tenant(), cloison.moment() TO {user}"),
    ));
    tenant.extend(database::readable(placement, server));
    Ok(Script { once, tenant })
}

/// The key's two forms for HMAC-SHA256 (RFC 2104): 64 bytes for the inner digest, 64 for the outer.
pub(crate) fn pads(key: &Secret) -> Option<[u8; 128]> {
    let key = key.expose();
    if key.len() != 64 {
        return None;
    }
    let mut pads = [0_u8; 128];
    let (inner, outer) = pads.split_at_mut(64);
    for place in 0..64 {
        let byte = match key.get(place * 2..place * 2 + 2) {
            Some(digits) => u8::from_str_radix(digits, 16).ok()?,
            None => 0,
        };
        *inner.get_mut(place)? = byte ^ 0x36;
        *outer.get_mut(place)? = byte ^ 0x5c;
    }
    Some(pads)
}

/// Stops where the login that tenants are to share is the application's own: policies would be for it too.
fn reader(server: &Server, tables: impl Iterator<Item = Place>) -> Step {
    let tables: Vec<_> = tables.map(|place| format!("to_regclass({})", literal(&place.quoted()))).collect();
    let writes = format!(
        "  IF EXISTS (SELECT FROM pg_roles AS r, unnest(ARRAY[{}]::regclass[]) AS t (oid) WHERE r.rolname = {} AND t.oid IS NOT NULL
    AND (has_table_privilege(r.oid, t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, t.oid, 'INSERT, UPDATE')))
  THEN RAISE EXCEPTION 'the login writes to the tables' USING ERRCODE = 'CL006'; END IF;",
        tables.join(", "),
        literal(&server.user)
    );
    Step::new("The login that tenants share reads, and nothing else", block("", &writes))
}

fn signer() -> Step {
    let owned = format!(
        "  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SIGNER}') THEN
    BEGIN
      CREATE ROLE {SIGNER} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  CREATE TABLE IF NOT EXISTS cloison.signing_key (one boolean PRIMARY KEY DEFAULT true CHECK (one), pads bytea NOT NULL);
  CREATE OR REPLACE FUNCTION cloison.moment() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp AS $moment$ SELECT {MOMENT} $moment$;
  CREATE OR REPLACE FUNCTION cloison.verified_tenant() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $verified${verified}$verified$;
  REVOKE ALL ON FUNCTION cloison.moment(), cloison.verified_tenant() FROM PUBLIC;
  REVOKE ALL ON cloison.signing_key FROM PUBLIC;
  IF (SELECT proowner FROM pg_proc WHERE oid = 'cloison.verified_tenant()'::regprocedure) <> '{SIGNER}'::regrole THEN
    -- The function runs as its owner: one that has this key, and nothing else.
    GRANT USAGE ON SCHEMA cloison TO {SIGNER};
    GRANT SELECT ON cloison.signing_key TO {SIGNER};
{acting}
    GRANT CREATE ON SCHEMA cloison TO {SIGNER};
    ALTER FUNCTION cloison.verified_tenant() OWNER TO {SIGNER};
    REVOKE CREATE ON SCHEMA cloison FROM {SIGNER};
  END IF;",
        acting = acting_for(SIGNER),
        verified = verified()
    );
    Step::new("The secret, which no tenant reads, and the one function that may use it", block("", &owned))
}
