//! Functions and extensions through which a statement could do more than its login.

use tenancy::placement::Level;

use super::{Finding, Outcome, dangers, none_of, texts};
use crate::connection::Connection;
use crate::error::RunError;

/// A function that a statement of this login can call; trigger functions cannot be called.
const CALLABLE: &str = "p.prorettype NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype, \
    'pg_catalog.language_handler'::regtype, 'pg_catalog.fdw_handler'::regtype) \
    AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE') AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')";

/// Functions that reach files or the server's own business; superusers' by default.
const FUNCTIONS: &str = "'pg_read_file', 'pg_read_binary_file', 'pg_stat_file', 'pg_ls_dir', 'pg_ls_logdir', \
    'pg_ls_waldir', 'pg_ls_archive_statusdir', 'pg_ls_tmpdir', 'pg_ls_logicalsnapdir', 'pg_ls_logicalmapdir', \
    'pg_ls_replslotdir', 'lo_import', 'lo_export', 'pg_reload_conf', 'pg_rotate_logfile', 'pg_switch_wal', \
    'pg_promote', 'pg_create_restore_point', 'pg_log_backend_memory_contexts', 'pg_stat_reset', \
    'pg_hba_file_rules', 'pg_show_all_file_settings'";

/// Extensions whose functions connect elsewhere, read files, or read tables below what rights are checked on.
const EXTENSIONS: &str = "'dblink', 'adminpack', 'http', 'pg_net', 'pg_cron', 'plsh', 'pg_background', 'orafce', \
    'pageinspect', 'pg_buffercache', 'pg_freespacemap', 'pg_visibility', 'pg_walinspect', 'pgstattuple', \
    'pgrowlocks', 'pg_surgery', 'old_snapshot'";

pub(super) async fn check(level: Level, connection: &mut Connection) -> Result<Vec<Finding>, RunError> {
    let definers = format!(
        "SELECT DISTINCT n.nspname || '.' || p.proname FROM pg_catalog.pg_proc AS p \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_catalog.pg_roles AS r ON r.oid = p.proowner \
         WHERE p.prosecdef AND p.oid >= 16384 AND {CALLABLE} \
         AND NOT (n.nspname = 'cloison' AND p.proname = 'verified_tenant' AND r.rolname = 'cloison_signer') \
         ORDER BY 1 LIMIT 11"
    );
    let functions = format!(
        "SELECT DISTINCT p.proname::text FROM pg_catalog.pg_proc AS p \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = 'pg_catalog' \
         AND p.proname IN ({FUNCTIONS}) AND {CALLABLE} ORDER BY 1"
    );
    let languages = format!(
        "SELECT DISTINCT n.nspname || '.' || p.proname || ' (' || l.lanname || ')' FROM pg_catalog.pg_proc AS p \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang \
         WHERE l.lanispl AND NOT l.lanpltrusted AND {CALLABLE} ORDER BY 1 LIMIT 11"
    );
    let extensions = format!(
        "SELECT e.extname || ' (' || min(p.proname) || ')' FROM pg_catalog.pg_extension AS e \
         JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid \
         AND d.deptype = 'e' AND d.classid = 'pg_catalog.pg_proc'::regclass \
         JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
         WHERE e.extname IN ({EXTENSIONS}) AND {CALLABLE} GROUP BY e.extname ORDER BY 1"
    );
    let servers = "SELECT 'server ' || s.srvname FROM pg_catalog.pg_foreign_server AS s \
         WHERE pg_catalog.has_server_privilege(s.oid, 'USAGE') \
         UNION ALL SELECT 'wrapper ' || w.fdwname FROM pg_catalog.pg_foreign_data_wrapper AS w \
         WHERE pg_catalog.has_foreign_data_wrapper_privilege(w.oid, 'USAGE') ORDER BY 1 LIMIT 11";
    Ok(vec![
        none_of(
            "definer-functions",
            Outcome::StopsTenantSql,
            &texts(connection, &definers).await?,
            "no function runs with somebody else's rights",
            |what| {
                format!(
                    "{what} run with the rights of their owners, and the login may call them: \
                     REVOKE EXECUTE from it and from PUBLIC, and grant it to those who need it"
                )
            },
        ),
        none_of(
            "dangerous-functions",
            dangers(level),
            &texts(connection, &functions).await?,
            "no function that reaches files or the server itself",
            |what| format!("the login may call {what}: REVOKE EXECUTE from it and from PUBLIC"),
        ),
        none_of(
            "untrusted-languages",
            dangers(level),
            &texts(connection, &languages).await?,
            "no function in a language without a sandbox",
            |what| {
                format!(
                    "{what}: written in a language without a sandbox. REVOKE EXECUTE from the login and from PUBLIC"
                )
            },
        ),
        none_of(
            "extensions",
            dangers(level),
            &texts(connection, &extensions).await?,
            "no function of an extension that connects elsewhere or reads below the rights on tables",
            |what| {
                format!(
                    "the login may call functions of {what}: REVOKE EXECUTE from it and from PUBLIC, or drop the extension"
                )
            },
        ),
        none_of("foreign-servers", dangers(level), &texts(connection, servers).await?, "no foreign server", |what| {
            format!("the login may use {what}: REVOKE USAGE from it and from PUBLIC")
        }),
    ])
}
