//! Who the session is, and whether it stays the same session.

use tenancy::placement::{Level, Server};

use super::{Finding, Outcome, fails};
use crate::cell::Cell;
use crate::connection::Connection;
use crate::error::RunError;

const QUESTION: &str = "SELECT CURRENT_USER(), USER(), @@session.sql_mode, CONNECTION_ID(), @@lower_case_table_names";

/// Modes in which a text means something else than the guard wrote.
const MODES: [&str; 5] =
    ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT", "IGNORE_SPACE", "HIGH_NOT_PRECEDENCE"];

/// What two questions, one after the other, say of their session.
pub(super) struct Session {
    /// The account whose rights count: `user@host`.
    pub(super) account: String,
    login: String,
    modes: String,
    stays: bool,
    /// Whether the server takes capitals in names of databases and tables for small letters.
    pub(super) folds: bool,
}

impl Session {
    pub(super) async fn read(connection: &mut Connection) -> Result<Self, RunError> {
        let first = connection.ask(QUESTION, Vec::new()).await?;
        let second = connection.ask(QUESTION, Vec::new()).await?;
        let text = |column| first.text(0, column).map(str::to_owned).ok_or(RunError::Malformed);
        let number = |answer: &crate::ask::Answer, column| match answer.rows.first().and_then(|row| row.get(column)) {
            Some(Cell::Int(number)) => Ok(*number),
            _ => Err(RunError::Malformed),
        };
        Ok(Self {
            account: text(0)?,
            login: text(1)?,
            modes: text(2)?,
            stays: number(&first, 3)? == number(&second, 3)?,
            folds: number(&first, 4)? != 0,
        })
    }

    /// Whether two names of databases or tables are one.
    pub(super) fn same(&self, one: &str, other: &str) -> bool {
        if self.folds { one.eq_ignore_ascii_case(other) } else { one == other }
    }

    pub(super) fn check(&self, server: &Server, level: Level) -> Vec<Finding> {
        vec![self.login(server, level), self.sameness(level), self.meaning(level)]
    }

    fn login(&self, server: &Server, level: Level) -> Finding {
        let is = |account: &str| account.rsplit_once('@').is_some_and(|(user, _)| user == server.user);
        let begins = self.login.strip_prefix(&server.user).is_some_and(|rest| rest.starts_with('@'));
        if is(&self.account) && begins && !server.user.contains('@') {
            return Finding::holds("login", format!("runs as the account {}", self.account));
        }
        let message = format!(
            "the placement names the login \"{}\", the server let it in as the account {} for {}: drop anonymous accounts \
             and proxy rights, and give the tenant an account of exactly this name, without a '@' in it",
            server.user, self.account, self.login
        );
        Finding::fails("login", fails(level), message)
    }

    fn sameness(&self, level: Level) -> Finding {
        if self.stays {
            return Finding::holds("session", "two questions were answered by one session");
        }
        let message = "two questions were answered by two sessions: a proxy in between shares sessions. Connect to the \
                       server itself, or turn multiplexing off";
        Finding::fails("session", rests_on_session(level), message)
    }

    fn meaning(&self, level: Level) -> Finding {
        match self.modes.split(',').find(|mode| MODES.contains(mode)) {
            None => Finding::holds("sql-mode", "texts and quotes mean what the guard takes them for"),
            Some(mode) => {
                let message = format!(
                    "the session has sql_mode {mode} although it was set otherwise: take it out of the server's \
                     init_connect, or of the proxy in between"
                );
                Finding::fails("sql-mode", rests_on_session(level), message)
            }
        }
    }
}

/// Where tenants share tables, the guard's or the views' work rests on who the session is and how it reads.
fn rests_on_session(level: Level) -> Outcome {
    if level.shares_tables() { Outcome::StopsEverything } else { Outcome::StopsTenantSql }
}

/// Older servers lack what the levels need: in MySQL `CREATE FUNCTION IF NOT EXISTS`, in MariaDB the fixes of the
/// optimiser since.
pub(super) fn version(version: &str, fails: Outcome) -> Finding {
    let maria = version.to_ascii_lowercase().contains("mariadb");
    // Some builds put the version of the protocol first.
    let number = version.strip_prefix("5.5.5-").unwrap_or(version);
    let mut parts = number.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let found = (next(), next(), next());
    let (engine, least) = if maria { ("MariaDB", (10, 6, 0)) } else { ("MySQL", (8, 0, 29)) };
    let (major, minor, patch) = least;
    if found >= least {
        return Finding::holds("version", format!("{engine} {}.{}.{}", found.0, found.1, found.2));
    }
    let message = format!("the server says it is {version}: {engine} {major}.{minor}.{patch} or newer is needed");
    Finding::fails("version", fails, message)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Session, version};
    use tenancy::placement::Level;

    #[test]
    fn old_servers_are_told_from_new_ones() {
        for (text, holds) in [
            ("10.11.19-MariaDB-0+deb12u1", true),
            ("5.5.5-10.6.0-MariaDB", true),
            ("10.5.29-MariaDB", false),
            ("8.0.29", true),
            ("8.0.28-log", false),
            ("8.4.3", true),
            ("5.7.44", false),
            ("nonsense", false),
        ] {
            let finding = version(text, Outcome::StopsEverything);
            assert_eq!(finding.outcome == Outcome::Holds, holds, "{text}: {}", finding.message);
        }
    }

    #[test]
    fn a_proxy_that_shares_sessions_is_found() {
        let session = |stays, modes: &str| Session {
            account: "a@%".to_owned(),
            login: "a@h".to_owned(),
            modes: modes.to_owned(),
            stays,
            folds: false,
        };
        assert_eq!(session(true, "").sameness(Level::ViewRows).outcome, Outcome::Holds);
        assert_eq!(session(false, "").sameness(Level::ViewRows).outcome, Outcome::StopsEverything);
        assert_eq!(session(false, "").sameness(Level::GuardedRows).outcome, Outcome::StopsEverything);
        assert_eq!(session(false, "").sameness(Level::Database).outcome, Outcome::StopsTenantSql);
        assert_eq!(session(true, "STRICT_TRANS_TABLES").meaning(Level::GuardedRows).outcome, Outcome::Holds);
        let quotes = session(true, "STRICT_TRANS_TABLES,ANSI_QUOTES").meaning(Level::GuardedRows);
        assert_eq!(quotes.outcome, Outcome::StopsEverything);
    }
}
