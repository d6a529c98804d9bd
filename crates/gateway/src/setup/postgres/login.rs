//! The tenant's login.

use tenancy::Secret;
use tenancy::placement::Server;

use super::names::{acting_for, block, ident, literal};
use crate::setup::Step;

/// A login with no rights but those that are granted to it, and none through other roles.
pub(super) fn steps(server: &Server) -> [Step; 3] {
    let (user, name) = (ident(&server.user), literal(&server.user));
    let make = format!(
        "  SELECT * INTO known FROM pg_roles WHERE rolname = {name};
  IF NOT FOUND THEN
    CREATE ROLE {user} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
    RETURN;
  END IF;
  IF known.rolsuper OR known.rolname IN (current_user, session_user) OR EXISTS (
    SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = known.oid AND deptype = 'o'
    AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  ) THEN RAISE EXCEPTION 'the login is not a tenant''s' USING ERRCODE = 'CL003'; END IF;
  IF known.rolreplication OR known.rolbypassrls THEN ALTER ROLE {user} NOREPLICATION NOBYPASSRLS; END IF;
  IF known.rolcreatedb OR known.rolcreaterole THEN ALTER ROLE {user} NOCREATEDB NOCREATEROLE; END IF;
  IF known.rolinherit OR NOT known.rolcanlogin THEN ALTER ROLE {user} LOGIN NOINHERIT; END IF;"
    );
    // What a session may change for itself is a fuse, no wall: Cloison has clocks of its own.
    let database = ident(&server.database);
    let fuses = format!(
        "  GRANT CONNECT ON DATABASE {database} TO {user};
  ALTER ROLE {user} SET default_transaction_read_only = on;
  ALTER ROLE {user} SET statement_timeout = '10min';
  ALTER ROLE {user} SET idle_in_transaction_session_timeout = '5min';
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN ALTER ROLE {user} SET temp_file_limit = '4GB'; END IF;"
    );
    let password = Secret::from(literal(server.password.expose()));
    [
        Step::new(
            "The tenant's login; one that was there loses what a tenant must not have",
            block("known pg_catalog.pg_roles;", &make),
        ),
        Step::with_password("Its password", &password, |password| format!("ALTER ROLE {user} PASSWORD {password}")),
        Step::new(
            "It may connect; and should its password get about: nothing is written, and nothing runs for ever",
            block("", &fuses),
        ),
    ]
}

/// Takes a login away, with its rights here and its line in the mapping.
pub(super) fn removal(login: &str, mapping: &str, lines: &str) -> Step {
    let (user, name) = (ident(login), literal(login));
    let body = format!(
        "  IF to_regclass('{mapping}') IS NOT NULL THEN {lines} AND login = {name}; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name} AND NOT rolsuper) THEN RETURN; END IF;
{}
  DROP OWNED BY {user};
  DROP ROLE {user};",
        acting_for(&user)
    );
    Step::new("The login goes", block("", &body))
}
