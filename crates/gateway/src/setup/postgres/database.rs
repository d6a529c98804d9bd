//! Rights on databases, schemas and relations.

use std::collections::BTreeSet;

use tenancy::placement::{Level, Placement, Server};

use super::names::{Place, block, home, ident, literal, place};
use crate::setup::Step;

/// Roles that own or write something here.
const WRITERS: &str = "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND oid IN (
      SELECT relowner FROM pg_class WHERE oid >= 16384 UNION SELECT nspowner FROM pg_namespace WHERE oid >= 16384
      UNION SELECT a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid >= 16384
      AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE'))";

/// Roles that have been granted anything here.
const GRANTEES: &str = "SELECT rolname FROM pg_roles WHERE NOT rolsuper AND oid IN (
      SELECT a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid >= 16384
      UNION SELECT a.grantee FROM pg_namespace AS n, aclexplode(n.nspacl) AS a)";

/// Takes from everybody what a tenant must not have just for being somebody; those who need it keep it by name.
/// With `alone` the database is one tenant's, and other logins do not even get in.
pub(super) fn closed(server: &Server, alone: bool) -> Vec<Step> {
    let database = ident(&server.database);
    let public = |right: &str| {
        format!(
            "EXISTS (SELECT FROM pg_database AS d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
    WHERE d.datname = current_database() AND a.grantee = 0 AND a.privilege_type = '{right}')"
        )
    };
    let keep = |right: &str, who: &str| {
        format!(
            "  IF {} THEN
    FOR other IN {who} LOOP EXECUTE format('GRANT {right} ON DATABASE %I TO %I', current_database(), other); END LOOP;
    REVOKE {right} ON DATABASE {database} FROM PUBLIC;
  END IF;",
            public(right)
        )
    };
    let mut steps = vec![Step::new(
        "No temporary tables for just anybody; whoever owns or writes something here keeps the right by name",
        block("other name;", &keep("TEMPORARY", WRITERS)),
    )];
    if alone {
        steps.push(Step::new(
            "Only those with rights here get in: other tenants' logins do not",
            block("other name;", &keep("CONNECT", &format!("{WRITERS}\n    UNION {GRANTEES}"))),
        ));
    }
    let schemas = format!(
        "  FOR place IN SELECT n.nspname FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
    WHERE a.grantee = 0 AND a.privilege_type = 'CREATE' AND n.nspname !~ '^pg_' LOOP
    FOR other IN {WRITERS} LOOP EXECUTE format('GRANT CREATE ON SCHEMA %I TO %I', place, other); END LOOP;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', place);
  END LOOP;"
    );
    steps.push(Step::new(
        "No objects by just anybody in any schema (PostgreSQL 14 and before let everybody make some in \"public\")",
        block("other name; place name;", &schemas),
    ));
    steps
}

/// Everything in the tenant's own schema, now and later; elsewhere what is declared.
pub(super) fn everything(placement: &Placement, server: &Server) -> Vec<Step> {
    let (user, home) = (ident(&server.user), home(server));
    let schema = ident(home);
    let later = format!(
        "  FOR owner IN SELECT DISTINCT r.rolname FROM pg_roles AS r WHERE (r.rolname = current_user OR r.oid IN (
      SELECT relowner FROM pg_class WHERE relnamespace = to_regnamespace({name})
      UNION SELECT nspowner FROM pg_namespace WHERE nspname = {bare})) AND pg_has_role(r.oid, 'USAGE') LOOP
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %s GRANT SELECT ON TABLES TO %I', owner, {name}, {login});
  END LOOP;",
        name = literal(&schema),
        bare = literal(home),
        login = literal(&server.user),
    );
    let mut steps = vec![
        Step::new("It sees the schema", format!("GRANT USAGE ON SCHEMA {schema} TO {user}")),
        Step::new("It reads all tables there", format!("GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {user}")),
        Step::new("It reads those that come later", block("owner name;", &later)),
    ];
    let declared = placement.rows().tables.keys().map(|name| (name, place(placement, server, name)));
    let elsewhere: Vec<_> = declared.filter(|(_, place)| place.schema != home).collect();
    steps.extend(grants(server, elsewhere.iter().map(|(name, place)| (name.as_str(), place.clone()))));
    steps
}

/// The declared tables, at level `view-rows` their views.
pub(super) fn readable(placement: &Placement, server: &Server) -> Vec<Step> {
    grants(server, tables(placement, server))
}

/// No rights but on those. For logins that are one tenant's: a login of many may have other work.
pub(super) fn nothing_else(placement: &Placement, server: &Server) -> Step {
    let wanted: Vec<_> =
        tables(placement, server).map(|(_, place)| format!("to_regclass({})", literal(&place.quoted()))).collect();
    let wanted = if wanted.is_empty() { "NULL::regclass".to_owned() } else { wanted.join(", ") };
    let surplus = format!(
        "  FOR surplus IN SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname <> 'cloison' AND EXISTS (
      SELECT FROM (SELECT a.grantee, a.privilege_type FROM aclexplode(c.relacl) AS a
        UNION ALL SELECT a.grantee, 'COLUMN' FROM pg_attribute AS t, aclexplode(t.attacl) AS a WHERE t.attrelid = c.oid) AS a
      JOIN pg_roles AS r ON r.oid = a.grantee WHERE r.rolname = {login}
      AND NOT (a.privilege_type = 'SELECT' AND coalesce(c.oid IN ({wanted}), false))) LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', surplus, {login});
  END LOOP;",
        login = literal(&server.user),
    );
    Step::new(
        "It loses rights on what is not, or no longer, declared; on partitions too, which their table's policy does not protect",
        block("surplus regclass;", &surplus),
    )
}

/// The declared tables that a tenant reads, by the names that its login reads them under.
fn tables<'a>(placement: &'a Placement, server: &'a Server) -> impl Iterator<Item = (&'a str, Place)> {
    let tables = placement.rows().tables.iter().filter(|(_, draft)| draft.shared || draft.tenant.is_some());
    tables.map(move |(name, _)| {
        let mut place = place(placement, server, name);
        if placement.level() == Level::ViewRows {
            place.schema = home(server).to_owned();
        }
        (name.as_str(), place)
    })
}

fn grants<'a>(server: &Server, tables: impl Iterator<Item = (&'a str, Place)>) -> Vec<Step> {
    let user = ident(&server.user);
    let tables: Vec<_> = tables.collect();
    let schemas: BTreeSet<_> = tables.iter().map(|(_, place)| place.schema.as_str()).collect();
    let sees = schemas
        .into_iter()
        .map(|schema| Step::new("It sees the schema", format!("GRANT USAGE ON SCHEMA {} TO {user}", ident(schema))));
    let reads = tables.iter().map(|(name, place)| {
        Step::new("It reads the table", format!("GRANT SELECT ON {} TO {user}", place.quoted())).about(name)
    });
    sees.chain(reads).collect()
}
