//! Reaching a server and pinning the session.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Opts, OptsBuilder, Row, SslOpts, Value};
use tenancy::Secret;
use tenancy::placement::{Server, Tls};

use super::{Family, Line, MysqlConnection, connecting};
use crate::error::RunError;
use crate::shown::shown;
use crate::tls::Trust;

/// What a division by zero, a backslash or a double quote mean must not depend on the server's configuration.
const SQL_MODE: &str = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// Largest packet that is read; a row above it is an error whatever the query's own budget.
const PACKET: usize = 64 << 20;

/// Whom to reach, and how.
pub(crate) struct Target<'a> {
    pub(crate) server: &'a Server,
    pub(crate) trust: &'a Arc<Trust>,
    pub(crate) timeout: Duration,
}

/// As whom, and where first.
pub(super) struct Login<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a Secret,
    pub(super) database: Option<&'a str>,
}

impl MysqlConnection {
    pub(crate) async fn open(target: Target<'_>) -> Result<Self, RunError> {
        let timeout = target.timeout;
        tokio::time::timeout(timeout, open(target)).await.map_err(|_| RunError::Unreachable)?
    }

    /// Sets what a reset takes away, and this query's limit on the server's own clock.
    pub(super) async fn pin(&mut self, limit: Duration) -> Result<(), RunError> {
        // A little above our own clock, which is the one that reports.
        let millis = limit.as_millis().saturating_add(500).min(86_400_000);
        let clock = match self.family {
            Family::MariaDb => format!("max_statement_time={}.{:03}", millis / 1000, millis % 1000),
            Family::MySql => format!("max_execution_time={millis}"),
        };
        let settings = format!(
            "SET NAMES utf8mb4, SESSION sql_mode='{SQL_MODE}', SESSION time_zone='+00:00', \
             SESSION lock_wait_timeout=5, SESSION {clock}"
        );
        let set = self.line.conn()?.query_drop(settings).await;
        set.map_err(|error| self.failed(&error))
    }
}

async fn open(target: Target<'_>) -> Result<MysqlConnection, RunError> {
    let Target { server, trust, timeout } = target;
    let login = Login { user: &server.user, password: &server.password, database: Some(&server.database) };
    let (conn, opts) = enter(server, login, trust, timeout).await?;
    let mut opened = MysqlConnection {
        id: conn.id(),
        line: Line::new(conn),
        opts,
        family: Family::MySql,
        version: String::new(),
        timeout,
        spoilt: false,
    };
    verify(&mut opened).await?;
    Ok(opened)
}

/// Logs in at one of the host's addresses that may be dialled, tried in turn. The options that come
/// back hold that address, so that a `KILL` goes to the server whose session it names.
pub(super) async fn enter(
    server: &Server,
    login: Login<'_>,
    trust: &Trust,
    timeout: Duration,
) -> Result<(Conn, Opts), RunError> {
    for (address, share) in trust.networks().addresses(&server.host, server.port, timeout).await? {
        let opts = options(server, &login, trust, address.ip());
        match tokio::time::timeout(share, Conn::new(opts.clone())).await {
            Ok(Ok(conn)) => return Ok((conn, opts)),
            Ok(Err(error)) => match connecting(&error) {
                RunError::Unreachable => {}
                error => return Err(error),
            },
            Err(_) => {}
        }
    }
    Err(RunError::Unreachable)
}

/// Reads the pinned settings back: a proxy in between may answer for another session.
async fn verify(opened: &mut MysqlConnection) -> Result<(), RunError> {
    let version: Option<String> =
        opened.line.conn()?.query_first("SELECT VERSION()").await.map_err(|error| connecting(&error))?;
    opened.version = shown(&version.ok_or(RunError::Malformed)?, 100);
    opened.family =
        if opened.version.to_ascii_lowercase().contains("mariadb") { Family::MariaDb } else { Family::MySql };
    opened.pin(Duration::from_secs(60)).await.map_err(|error| match error {
        RunError::ConnectionLost => RunError::Unreachable,
        RunError::QueryFailed { .. } => RunError::SettingsRefused,
        error => error,
    })?;
    let row: Option<Row> = opened
        .line
        .conn()?
        .query_first("SELECT @@session.sql_mode, @@session.time_zone, @@session.character_set_results, CONNECTION_ID()")
        .await
        .map_err(|error| connecting(&error))?;
    let row = row.ok_or(RunError::Malformed)?;
    let text = |place: usize| match row.as_ref(place) {
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::UInt(number)) => number.to_string(),
        _ => String::new(),
    };
    let pinned = text(0) == SQL_MODE && text(1) == "+00:00" && text(2) == "utf8mb4";
    if pinned && text(3) == opened.id.to_string() { Ok(()) } else { Err(RunError::SettingsRefused) }
}

fn options(server: &Server, login: &Login<'_>, trust: &Trust, address: IpAddr) -> Opts {
    OptsBuilder::default()
        // The name is for the certificate; the address is what is dialled, without a look-up by the driver.
        .ip_or_hostname(server.host.clone())
        .resolved_ips(Some(vec![address]))
        .tcp_port(server.port)
        .user(Some(login.user))
        .pass(Some(login.password.expose()))
        .db_name(login.database)
        // The driver would leave TCP for a socket that the server names: not the address that was checked.
        .prefer_socket(Some(false))
        .tcp_nodelay(true)
        // Statements do not survive the reset.
        .stmt_cache_size(Some(0))
        // Given here, they are not asked of the server.
        .max_allowed_packet(Some(PACKET))
        .wait_timeout(Some(28_800))
        .secure_auth(true)
        .enable_cleartext_plugin(false)
        .ssl_opts(transport(server.tls, trust))
        .into()
}

fn transport(tls: Tls, trust: &Trust) -> Option<SslOpts> {
    match tls {
        Tls::Off => None,
        Tls::Encrypt => {
            Some(SslOpts::default().with_danger_accept_invalid_certs(true).with_danger_skip_domain_validation(true))
        }
        Tls::Verify => {
            let roots = trust.roots().iter().map(|root| root.to_vec().into()).collect();
            Some(SslOpts::default().with_disable_built_in_roots(true).with_root_certs(roots))
        }
    }
}
