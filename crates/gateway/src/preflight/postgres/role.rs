//! The login itself: what it is, what it belongs to, what belongs to it, and what it may make.

use tenancy::placement::{Level, Server};

use super::{Finding, Outcome, none_of, texts, walls};
use crate::connection::Connection;
use crate::error::RunError;

const WHO: &str = "SELECT session_user::text, current_user::text";

const POWERS: &str = "SELECT w.word FROM pg_catalog.pg_roles AS r, LATERAL (VALUES ('SUPERUSER', r.rolsuper), \
    ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb), \
    ('REPLICATION', r.rolreplication)) AS w (word, has) WHERE r.rolname = session_user AND w.has";

/// Directly or not, and whether it inherits their rights or may only take them on.
const MEMBERSHIPS: &str = "SELECT r.rolname::text FROM pg_catalog.pg_roles AS r WHERE r.rolname <> session_user \
    AND pg_catalog.pg_has_role(session_user, r.oid, 'MEMBER') ORDER BY 1";

const OWNED: &str = "SELECT DISTINCT CASE WHEN d.dbid IN (0, here.oid) \
    THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) ELSE 'something in another database' END \
    FROM pg_catalog.pg_shdepend AS d JOIN pg_catalog.pg_roles AS r ON r.oid = d.refobjid AND r.rolname = session_user \
    JOIN pg_catalog.pg_database AS here ON here.datname = pg_catalog.current_database() \
    WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.deptype = 'o' ORDER BY 1 LIMIT 11";

const MAKES: &str = "SELECT 'schema ' || n.nspname FROM pg_catalog.pg_namespace AS n \
    WHERE pg_catalog.has_schema_privilege(n.oid, 'CREATE') \
    UNION ALL SELECT 'database ' || d.datname FROM pg_catalog.pg_database AS d \
    WHERE pg_catalog.has_database_privilege(d.oid, 'CREATE') AND pg_catalog.has_database_privilege(d.oid, 'CONNECT') \
    ORDER BY 1 LIMIT 11";

const TEMPORARY: &str =
    "SELECT 'yes' WHERE pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')";

const WRITES: &str = "SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class AS c \
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'f', 'm') \
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') \
    AND (pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES') \
      OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES')) ORDER BY 1 LIMIT 11";

/// Parts of the catalogue that show rows, passwords or other servers' secrets, and are nobody's by default.
const CATALOGUE: &str = "SELECT c.relname::text FROM pg_catalog.pg_class AS c \
    WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN ('pg_authid', 'pg_shadow', 'pg_statistic', \
    'pg_statistic_ext_data', 'pg_largeobject', 'pg_user_mapping', 'pg_hba_file_rules', 'pg_file_settings', \
    'pg_config', 'pg_backend_memory_contexts', 'pg_shmem_allocations') \
    AND (pg_catalog.has_table_privilege(c.oid, 'SELECT') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT')) ORDER BY 1";

pub(super) async fn check(
    level: Level,
    server: &Server,
    connection: &mut Connection,
) -> Result<Vec<Finding>, RunError> {
    let user = &server.user;
    let who = connection.ask(WHO, Vec::new()).await?;
    let is_itself = who.text(0, 0) == Some(user) && who.text(0, 1) == Some(user);
    let powers = texts(connection, POWERS).await?;
    let is_superuser = powers.iter().any(|power| power == "SUPERUSER");
    let mut findings = vec![
        if is_itself {
            Finding::holds("login", format!("{user} is who the session is"))
        } else {
            let message =
                format!("the session is somebody else than {user}: do not let the server or a pooler map logins");
            Finding::fails("login", Outcome::StopsEverything, message)
        },
        superuser(level, user, is_superuser),
        none_of(
            "role-attributes",
            walls(level),
            powers.iter().filter(|power| *power != "SUPERUSER").cloned().collect::<Vec<_>>().as_slice(),
            "the login has no attribute that opens walls",
            |what| format!("the login has {what}: ALTER ROLE … NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION"),
        ),
    ];
    // A superuser is a member of everything and may do everything: one finding says it.
    if is_superuser {
        return Ok(findings);
    }
    findings.push(none_of(
        "memberships",
        walls(level),
        &texts(connection, MEMBERSHIPS).await?,
        "the login is a member of no role",
        |what| {
            format!(
                "the login is a member of {what}, and can do what they can: REVOKE those roles from it (it is a \
                     member of pg_database_owner when it owns the database)"
            )
        },
    ));
    findings.push(none_of(
        "ownership",
        walls(level),
        &texts(connection, OWNED).await?,
        "the login owns nothing",
        |what| format!("the login owns {what}, and an owner may change rights and policies: give it to another role"),
    ));
    findings.extend(rights(level, connection).await?);
    Ok(findings)
}

fn superuser(level: Level, user: &str, is: bool) -> Finding {
    if !is {
        return Finding::holds("superuser", "the login is no superuser");
    }
    let message =
        format!("{user} is a superuser: no wall of the database holds it. Give the tenant a login of its own");
    let outcome = if level.shares_tables() { Outcome::StopsEverything } else { Outcome::StopsTenantSql };
    Finding::fails("superuser", outcome, message)
}

async fn rights(level: Level, connection: &mut Connection) -> Result<Vec<Finding>, RunError> {
    let stops = Outcome::StopsTenantSql;
    let mut findings =
        vec![none_of("create-rights", stops, &texts(connection, MAKES).await?, "the login may make nothing", |what| {
            format!("the login may make objects in {what}: REVOKE CREATE there from it and from PUBLIC")
        })];
    if level.shares_tables() {
        findings.push(none_of(
            "temporary-tables",
            stops,
            &texts(connection, TEMPORARY).await?,
            "the login may make no temporary tables",
            |_| "the login may make temporary tables: REVOKE TEMPORARY ON DATABASE … FROM PUBLIC".to_owned(),
        ));
    }
    findings.push(none_of(
        "write-rights",
        stops,
        &texts(connection, WRITES).await?,
        "the login may write nothing",
        |what| {
            format!("the login may write {what}: REVOKE everything but SELECT (row security does not stop TRUNCATE)")
        },
    ));
    findings.push(none_of(
        "catalogue-rights",
        walls(level),
        &texts(connection, CATALOGUE).await?,
        "the login reads of the catalogue what everybody reads",
        |what| format!("the login may read {what} in pg_catalog: REVOKE SELECT there from it and from PUBLIC"),
    ));
    Ok(findings)
}
