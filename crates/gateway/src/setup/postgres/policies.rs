//! Level `native-rows`: which tenant a login is, and policies that ask for it.
//!
//! A tenant is its login: `session_user` is what the server authenticated, and nothing that runs in a session changes
//! it. Settings (`app.tenant` and their kind) are changed by one function call in a SELECT.

use tenancy::placement::Server;

use super::kinds_of;
use super::names::{Place, block, ident, literal};
use super::rule::{KEY, Rule, mark};
use crate::setup::Step;

/// Where it is noted which tenant a login is.
pub(crate) const MAPPING: &str = "cloison.tenant";

/// The name of the policy by which a tenant reads.
pub(crate) const POLICY: &str = "cloison_tenant";

/// The mark of the mapping's own policy.
pub(crate) fn mapping_mark() -> String {
    mark("mapping")
}

/// A digest of a text, as an SQL expression: set-up notes it, preflight compares.
pub(crate) fn digest(text: &str) -> String {
    format!("pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({text}, 'UTF8')), 'hex')")
}

/// The schema `cloison` with one table: login and key. Each login sees its own line.
pub(super) fn mapping() -> Vec<Step> {
    let owner = format!(
        "  SELECT quote_ident(pg_get_userbyid(relowner)) INTO owner FROM pg_class WHERE oid = '{MAPPING}'::regclass;
  IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = '{MAPPING}'::regclass AND polname = 'cloison_owner') THEN
    EXECUTE 'CREATE POLICY cloison_owner ON {MAPPING} TO ' || owner || ' USING (true) WITH CHECK (true)';
  END IF;
{}",
        policy(MAPPING, &literal("login OPERATOR(pg_catalog.=) session_user"), &mapping_mark())
    );
    vec![
        Step::new(
            "A schema for what keeps tenants apart; nothing in it is a tenant's",
            "CREATE SCHEMA IF NOT EXISTS cloison",
        ),
        Step::new(
            "Which tenant a login is: what its rows hold in the tenant column",
            format!("CREATE TABLE IF NOT EXISTS {MAPPING} (login name PRIMARY KEY, row_key text NOT NULL)"),
        ),
        Step::new(
            "Each login sees its own line of it; the owner, who is subject to policies when they are forced, sees all",
            block("owner text; note text;", &owner),
        ),
    ]
}

/// The line of one login.
pub(super) fn line(server: &Server, key: &str) -> Vec<Step> {
    let user = ident(&server.user);
    vec![
        Step::new(
            "Policies run with the rights of who reads, so it may read its own line",
            format!("GRANT USAGE ON SCHEMA cloison TO {user}"),
        ),
        Step::new("The same", format!("GRANT SELECT ON {MAPPING} TO {user}")),
        Step::new(
            "The tenant that this login is",
            format!(
                "INSERT INTO {MAPPING} AS m (login, row_key) VALUES ({}, {}) ON CONFLICT (login) DO UPDATE \
                 SET row_key = excluded.row_key WHERE m.row_key <> excluded.row_key",
                literal(&server.user),
                literal(key)
            ),
        ),
    ]
}

/// Policies of one table.
pub(super) fn table(rule: &Rule, place: &Place, name: &str, login: &str) -> [Step; 2] {
    let tenant = format!("{}{}", kinds_of(rule), policy(&place.quoted(), &rule.condition("", KEY), &rule.mark(false)));
    [
        others(place, login).about(name),
        Step::new(
            "A login reads the rows of the tenant that it is; a login that is no tenant reads none",
            block("kind text; kinds text[]; note text;", &tenant),
        )
        .about(name),
    ]
}

/// The policy for those who own or write a table, but for `login`, which is a tenant's whatever it may write.
pub(super) fn others(place: &Place, login: &str) -> Step {
    let table = place.quoted();
    let body = format!(
        "  IF to_regclass({relation}) IS NULL THEN RAISE EXCEPTION 'a declared table is not there' USING ERRCODE = 'CL001'; END IF;
  SELECT ARRAY(SELECT unnest(polroles) AS role ORDER BY role) INTO known FROM pg_policy
    WHERE polrelid = to_regclass({relation}) AND polname = 'cloison_others';
  SELECT array_agg(r.oid ORDER BY r.oid), string_agg(quote_ident(r.rolname), ', ' ORDER BY r.oid) INTO wanted, names
    FROM pg_roles AS r WHERE r.oid IN (
      SELECT relowner FROM pg_class WHERE oid = to_regclass({relation})
      UNION SELECT a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a
        WHERE c.oid = to_regclass({relation}) AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE')
      UNION SELECT a.grantee FROM pg_attribute AS t, aclexplode(t.attacl) AS a
        WHERE t.attrelid = to_regclass({relation}) AND a.privilege_type IN ('INSERT', 'UPDATE')
      UNION SELECT unnest(known)) AND r.rolname <> {login}
      AND NOT EXISTS (SELECT FROM {MAPPING} AS m WHERE m.login = r.rolname);
  IF wanted IS NULL OR wanted = known THEN RETURN; END IF;
  IF known IS NULL THEN
    EXECUTE {create} || names || ' USING (true) WITH CHECK (true)';
  ELSE
    EXECUTE {alter} || names;
  END IF;",
        relation = literal(&table),
        login = literal(login),
        create = literal(&format!("CREATE POLICY cloison_others ON {table} TO ")),
        alter = literal(&format!("ALTER POLICY cloison_others ON {table} TO ")),
    );
    Step::new(
        "Whoever owns or writes the table goes on as before. Row security that is forced is for its owner too, and a \
             role without a policy reads and writes no row; so these roles, each by name, get a policy that lets \
             everything through. It is for nobody else: no tenant's login is among them, nor a member of one (preflight \
             looks). A role that only reads, for reports or backups, is not taken in by itself: add it with \
             ALTER POLICY cloison_others, what is there stays",
        block("known oid[]; wanted oid[]; names text;", &body),
    )
}

/// The policy by which tenants read, and row security forced. `condition` is an expression of type text; the variable
/// `note` is needed. What is as it must be is left alone, so that nobody waits for a lock.
pub(super) fn policy(table: &str, condition: &str, mark: &str) -> String {
    let text = digest("pg_get_expr(p.polqual, p.polrelid)");
    let (relation, mark) = (literal(table), literal(mark));
    format!(
        "  IF NOT EXISTS (
    SELECT FROM pg_policy AS p WHERE p.polrelid = to_regclass({relation}) AND p.polname = '{POLICY}' AND p.polcmd = 'r'
    AND p.polpermissive AND p.polroles = ARRAY[0::oid] AND obj_description(p.oid, 'pg_policy') = {mark} || {text}
  ) THEN
    DROP POLICY IF EXISTS {POLICY} ON {table};
    EXECUTE {create} || {condition} || ')';
    SELECT {mark} || {text} INTO note FROM pg_policy AS p WHERE p.polrelid = to_regclass({relation}) AND p.polname = '{POLICY}';
    EXECUTE {comment} || quote_literal(note);
  END IF;
  IF NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass({relation})) THEN
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
  END IF;",
        create = literal(&format!("CREATE POLICY {POLICY} ON {table} AS PERMISSIVE FOR SELECT TO PUBLIC USING (")),
        comment = literal(&format!("COMMENT ON POLICY {POLICY} ON {table} IS ")),
    )
}
