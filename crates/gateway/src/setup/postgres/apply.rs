//! Running a script, in one transaction.

use std::net::SocketAddr;
use std::time::Duration;

use tenancy::placement::{Server, Tls};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::WORDS;
use crate::error::{Code, RunError};
use crate::net::dial;
use crate::settings::Settings;
use crate::setup::{Administrator, Script, SetupError, Step};
use crate::tls::Trust;

/// Passwords stay out of the server's own log, where the administrator may say so.
const QUIET: &str = "DO $$ BEGIN IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user) THEN \
                     SET LOCAL log_statement = 'none'; SET LOCAL log_min_duration_statement = -1; \
                     SET LOCAL log_min_error_statement = 'panic'; END IF; END $$";

/// One set-up at a time in a database: two that alter the same rows of the catalogue would fail each other.
const ALONE: &str = "SELECT pg_catalog.pg_advisory_xact_lock(7094716291834)";

pub(in crate::setup) async fn apply(
    server: &Server,
    administrator: &Administrator,
    script: &Script,
    settings: &Settings,
    timeout: Duration,
) -> Result<(), SetupError> {
    let client = connect(server, administrator, settings).await?;
    let begin = format!("BEGIN; SET LOCAL statement_timeout = {}", timeout.as_millis().min(86_400_000));
    for sql in [&begin, QUIET, ALONE] {
        run(&client, sql, timeout).await.map_err(Failed::of_session)?;
    }
    for step in script.steps() {
        run(&client, step.complete(), timeout).await.map_err(|failed| failed.at(step))?;
    }
    // A client that is dropped before this takes the transaction with it.
    run(&client, "COMMIT", timeout).await.map_err(Failed::of_session)
}

/// What became of a statement.
enum Failed {
    Refused(Code),
    Lost(RunError),
}

impl Failed {
    fn of_session(self) -> SetupError {
        SetupError::Connection(match self {
            Self::Refused(code) => RunError::QueryFailed { code, position: None },
            Self::Lost(error) => error,
        })
    }

    fn at(self, step: &Step) -> SetupError {
        let code = match self {
            Self::Refused(code) => code,
            Self::Lost(error) => return SetupError::Connection(error),
        };
        if let Some((_, words)) = WORDS.iter().find(|(own, _)| *own == code.as_str()) {
            let about = if step.about.is_empty() { String::new() } else { format!("{}: ", step.about) };
            return SetupError::Placement(format!("{about}{words}"));
        }
        if step.about.is_empty() {
            SetupError::Step { step: step.why, code }
        } else {
            SetupError::Table { step: step.why, table: step.about.clone(), code }
        }
    }
}

async fn run(client: &Client, sql: &str, timeout: Duration) -> Result<(), Failed> {
    let ran = tokio::time::timeout(timeout + Duration::from_secs(1), client.batch_execute(sql)).await;
    match ran {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(match error.as_db_error() {
            Some(refusal) if refusal.code().code() == "57014" => Failed::Lost(RunError::Timeout),
            Some(refusal) => Failed::Refused(Code::new(refusal.code().code())),
            None => Failed::Lost(RunError::ConnectionLost),
        }),
        Err(_) => Err(Failed::Lost(RunError::Timeout)),
    }
}

async fn connect(server: &Server, administrator: &Administrator, settings: &Settings) -> Result<Client, RunError> {
    let trust = Trust::new(settings);
    let turns = trust.networks().addresses(&server.host, server.port, settings.connect_timeout).await?;
    for (address, share) in turns {
        match tokio::time::timeout(share, open(server, administrator, &trust, address, share)).await {
            Ok(Err(RunError::Unreachable)) | Err(_) => {}
            Ok(opened) => return opened,
        }
    }
    Err(RunError::Unreachable)
}

async fn open(
    server: &Server,
    administrator: &Administrator,
    trust: &Trust,
    address: SocketAddr,
    timeout: Duration,
) -> Result<Client, RunError> {
    let mut config = Config::new();
    config
        .user(&administrator.user)
        .password(administrator.password.expose())
        .dbname(&server.database)
        .application_name("cloison setup")
        .options("-c standard_conforming_strings=on -c search_path=pg_catalog")
        .ssl_mode(if server.tls == Tls::Off { SslMode::Disable } else { SslMode::Require });
    let stream = dial(address, timeout).await?;
    let rustls = match server.tls {
        Tls::Off => return config.connect_raw(stream, NoTls).await.map(started).map_err(|error| refused(&error)),
        Tls::Encrypt => trust.encrypting()?,
        Tls::Verify => trust.verifying()?,
    };
    let mut make = MakeRustlsConnect::new((*rustls).clone());
    let tls =
        MakeTlsConnect::<TcpStream>::make_tls_connect(&mut make, &server.host).map_err(|_| RunError::TlsFailed)?;
    config.connect_raw(stream, tls).await.map(started).map_err(|error| refused(&error))
}

fn started<S, T>((client, mut connection): (Client, Connection<S, T>)) -> Client
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // Notices are thrown away: the driver's own loop would log their text.
    tokio::spawn(async move {
        while let Some(Ok(_)) = std::future::poll_fn(|context| connection.poll_message(context)).await {}
    });
    client
}

fn refused(error: &Error) -> RunError {
    match error.code().map(tokio_postgres::error::SqlState::code) {
        Some("3D000") => RunError::DatabaseMissing,
        Some("28000" | "28P01" | "42501") => RunError::LoginRefused,
        Some("53300") => RunError::Busy { retry_after: Duration::from_secs(2) },
        Some(_) => RunError::Unreachable,
        None if error.to_string() == "error performing TLS handshake" => RunError::TlsFailed,
        None => RunError::Unreachable,
    }
}
