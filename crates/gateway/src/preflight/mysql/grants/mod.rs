//! What the login may do: exactly what its level needs.

mod line;

use tenancy::placement::{Level, PROBE_TABLE, Placement, Server};

use super::session::Session;
use super::{Finding, MOST_NAMES, fails, listed};
use crate::connection::Connection;
use crate::error::RunError;
use crate::guard;
use crate::mysql::words::pattern;
use line::{Grant, Pattern};
use query::Bind;

/// Databases that every login sees, with its own rows only.
const EVERYBODYS: [&str; 2] = ["information_schema", "performance_schema"];

pub(super) async fn check(
    placement: &Placement,
    server: &Server,
    connection: &mut Connection,
    session: &Session,
) -> Result<Vec<Finding>, RunError> {
    let template = Template { placement, server, session };
    let own = lines(connection, "CURRENT_USER").await?;
    let mut findings = template.findings("grants", &own);
    if has_public(&connection.version()) {
        let everybodys = lines(connection, "PUBLIC").await?;
        findings.extend(template.findings("public-grants", &everybodys));
    }
    findings.push(other_databases(connection, &template).await?);
    Ok(findings)
}

async fn lines(connection: &mut Connection, of: &'static str) -> Result<Vec<String>, RunError> {
    match connection {
        Connection::Mysql(connection) => connection.grants(of).await,
        Connection::Postgres(_) | Connection::Sqlite(_) => Err(RunError::Malformed),
    }
}

/// MariaDB has rights for everybody since 10.11.
fn has_public(version: &str) -> bool {
    let mut numbers =
        version.strip_prefix("5.5.5-").unwrap_or(version).split('.').map(|part| part.parse().unwrap_or(0_u32));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version.to_ascii_lowercase().contains("mariadb") && found >= (10, 11)
}

/// What the login may have.
struct Template<'a> {
    placement: &'a Placement,
    server: &'a Server,
    session: &'a Session,
}

impl Template<'_> {
    fn findings(&self, check: &'static str, lines: &[String]) -> Vec<Finding> {
        let level = self.placement.level();
        let mut wrong: Vec<_> = lines.iter().filter_map(|line| self.wrong(line)).collect();
        if wrong.is_empty() {
            return vec![Finding::holds(check, "the login may read what its level needs, and do nothing else")];
        }
        wrong.truncate(MOST_NAMES);
        wrong.into_iter().map(|message| Finding::fails(check, fails(level), message)).collect()
    }

    /// What is wrong with a line, and the cure.
    fn wrong(&self, line: &str) -> Option<String> {
        let account = &self.session.account;
        match line::read(line) {
            Grant::Nothing => None,
            Grant::Database { pattern: given } => match line::meaning(&given) {
                Pattern::One(database) if self.whole_database(&database) => None,
                Pattern::One(database) => Some(format!(
                    "{account} may read the database \"{database}\": revoke SELECT on it; this level needs {}",
                    self.needed()
                )),
                Pattern::Several => Some(format!(
                    "{account} may read every database whose name is like \"{given}\", where _ is any letter and % any \
                     text: REVOKE SELECT ON `{given}`.*, and GRANT SELECT ON {}.*",
                    pattern(&self.server.database)
                )),
            },
            Grant::Table { database, table } if self.table(&database, &table) => None,
            Grant::Table { database, table } => Some(format!(
                "{account} may read the table {database}.{table}: revoke SELECT on it; this level needs {}",
                self.needed()
            )),
            Grant::More(what) => Some(format!("{account} has {what}: revoke it; this level needs {}", self.needed())),
        }
    }

    fn needed(&self) -> &'static str {
        match self.placement.level() {
            Level::GuardedRows => "SELECT on the declared tables",
            Level::Database | Level::Schema | Level::NativeRows | Level::ViewRows => {
                "SELECT on the placement's database"
            }
        }
    }

    fn whole_database(&self, database: &str) -> bool {
        self.placement.level() != Level::GuardedRows && self.session.same(database, &self.server.database)
    }

    fn table(&self, database: &str, table: &str) -> bool {
        if self.placement.level() != Level::GuardedRows {
            return self.session.same(database, &self.server.database);
        }
        // While `verify` has rows planted, the login that tenants share reads them.
        let probe = [(self.server.database.clone(), PROBE_TABLE.to_owned())];
        self.declared()
            .chain(probe)
            .any(|(schema, name)| self.session.same(&schema, database) && self.session.same(&name, table))
    }

    /// Database and name of every declared table.
    fn declared(&self) -> impl Iterator<Item = (String, String)> {
        let own = guard::schema(self.placement);
        self.placement.rows().tables.keys().map(move |name| match name.split_once('.') {
            Some((schema, table)) => (schema.to_owned(), table.to_owned()),
            None => (own.clone(), name.clone()),
        })
    }
}

/// Databases that the login sees though no grant of its own names them: rights of anonymous accounts on databases, such
/// as `test`, are everybody's, and no `SHOW GRANTS` tells of them.
async fn other_databases(connection: &mut Connection, template: &Template<'_>) -> Result<Finding, RunError> {
    let question = "SELECT schema_name FROM information_schema.schemata WHERE schema_name <> ? ORDER BY schema_name";
    let own = Bind::Text(template.server.database.clone());
    let seen = connection.ask(question, vec![own]).await?;
    let known = |name: &str| {
        EVERYBODYS.iter().any(|everybodys| everybodys.eq_ignore_ascii_case(name))
            || template.session.same(name, &template.server.database)
            || template.declared().any(|(schema, _)| template.session.same(&schema, name))
    };
    let others = listed(seen.texts().filter(|name| !known(name)));
    if others.is_empty() {
        return Ok(Finding::holds("other-databases", "no other database is to be seen"));
    }
    let message = format!(
        "the login sees other databases: {others}. Revoke what it has there; when it has no grant for one, rights of \
         anonymous accounts in mysql.db are everybody's: delete them (mariadb-secure-installation does)"
    );
    Ok(Finding::fails("other-databases", fails(template.placement.level()), message))
}
