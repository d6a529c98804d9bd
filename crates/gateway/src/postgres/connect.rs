//! Reaching a server and pinning the session.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tenancy::placement::{Level, Server, Tls};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Client, Config, Connection, NoTls, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Context, PostgresConnection, Pump, Statements, error};
use crate::error::RunError;
use crate::net::{Meter, Metered, dial};
use crate::shown::shown;
use crate::tls::Trust;

/// Bytes that may arrive before the first row of a session: start-up messages.
const GREETING_BYTES: u64 = 1 << 20;

type Socket = Metered<TcpStream>;

/// Whom to reach, and how.
pub(crate) struct Target<'a> {
    pub(crate) server: &'a Server,
    pub(crate) level: Level,
    pub(crate) context: Option<Context>,
    pub(crate) trust: &'a Arc<Trust>,
    pub(crate) timeout: Duration,
}

/// Stops a statement from outside, over a connection of its own that the server does not count.
#[derive(Clone)]
pub(crate) struct PostgresCanceller {
    token: CancelToken,
    /// The address that the session was opened at. Looked up again, the host could be another server.
    address: SocketAddr,
    /// Whom the certificate must name.
    host: Arc<str>,
    tls: Tls,
    trust: Arc<Trust>,
    timeout: Duration,
}

impl PostgresCanceller {
    pub(crate) async fn cancel(&self) -> Result<(), RunError> {
        let stream = dial(self.address, self.timeout).await?;
        let sent = match connector(self.tls, &self.trust)? {
            None => self.token.cancel_query_raw(stream, NoTls).await,
            Some(mut make) => {
                let tls = MakeTlsConnect::<TcpStream>::make_tls_connect(&mut make, &self.host)
                    .map_err(|_| RunError::TlsFailed)?;
                self.token.cancel_query_raw(stream, tls).await
            }
        };
        sent.map_err(|_| RunError::Unreachable)
    }
}

fn connector(tls: Tls, trust: &Trust) -> Result<Option<MakeRustlsConnect>, RunError> {
    let config = match tls {
        Tls::Off => return Ok(None),
        Tls::Encrypt => trust.encrypting()?,
        Tls::Verify => trust.verifying()?,
    };
    Ok(Some(MakeRustlsConnect::new((*config).clone())))
}

impl PostgresConnection {
    pub(crate) async fn open(mut target: Target<'_>) -> Result<Self, RunError> {
        let Server { host, port, .. } = target.server;
        for (address, share) in target.trust.networks().addresses(host, *port, target.timeout).await? {
            match tokio::time::timeout(share, open(&target, address)).await {
                Ok(Err(RunError::Unreachable)) | Err(_) => {}
                Ok(opened) => {
                    let mut opened = opened?;
                    opened.context = target.context.take();
                    return Ok(opened);
                }
            }
        }
        Err(RunError::Unreachable)
    }
}

async fn open(target: &Target<'_>, address: SocketAddr) -> Result<PostgresConnection, RunError> {
    let Target { server, level, trust, timeout, .. } = *target;
    let stream = dial(address, timeout).await?;
    let meter = Meter::new(GREETING_BYTES);
    let socket = Metered::new(stream, meter.clone());
    let config = config(server, level);
    let (client, pump) = match connector(server.tls, trust)? {
        None => started(config.connect_raw(socket, NoTls).await)?,
        Some(mut make) => {
            let tls =
                MakeTlsConnect::<Socket>::make_tls_connect(&mut make, &server.host).map_err(|_| RunError::TlsFailed)?;
            started(config.connect_raw(socket, tls).await)?
        }
    };
    let canceller = PostgresCanceller {
        token: client.cancel_token(),
        address,
        host: server.host.as_str().into(),
        tls: server.tls,
        trust: Arc::clone(trust),
        timeout,
    };
    let mut opened = PostgresConnection {
        client,
        pump,
        meter,
        canceller,
        statements: Statements::default(),
        version: String::new(),
        context: None,
        resetting: None,
        spoilt: false,
    };
    opened.version = verify(&opened.client, server, level).await?;
    Ok(opened)
}

type Started = (Client, Pump);

fn started<S, T>(result: Result<(Client, Connection<S, T>), tokio_postgres::Error>) -> Result<Started, RunError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (client, mut connection) = result.map_err(|error| error::connecting(&error))?;
    // Notices and notifications are thrown away here: the driver's own loop would log their text.
    let pump = tokio::spawn(async move {
        while let Some(Ok(_)) = std::future::poll_fn(|context| connection.poll_message(context)).await {}
    });
    Ok((client, Pump(pump)))
}

fn config(server: &Server, level: Level) -> Config {
    let mut settings = vec![
        ("default_transaction_read_only", "on".to_owned()),
        ("standard_conforming_strings", "on".to_owned()),
        ("row_security", "on".to_owned()),
        ("statement_timeout", "60000".to_owned()),
        ("idle_in_transaction_session_timeout", "15000".to_owned()),
        ("lock_timeout", "5000".to_owned()),
        ("lc_monetary", "C".to_owned()),
        ("TimeZone", "UTC".to_owned()),
    ];
    if let (Level::Schema, Some(schema)) = (level, &server.schema) {
        settings.push(("search_path", quoted(schema)));
    }
    let options: Vec<String> = settings.iter().map(|(name, value)| format!("-c {name}={}", escaped(value))).collect();
    let mut config = Config::new();
    config
        .user(&server.user)
        .password(server.password.expose())
        .dbname(&server.database)
        .application_name("cloison")
        .options(options.join(" "))
        .ssl_mode(if server.tls == Tls::Off { SslMode::Disable } else { SslMode::Require });
    config
}

fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// The form that the server splits start-up options by.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(' ', "\\ ")
}

/// Reads the pinned settings back. A pooler in between drops them, or gives every
/// transaction another backend; either way the session is not ours to rely on.
async fn verify(client: &Client, server: &Server, level: Level) -> Result<String, RunError> {
    const SETTINGS: &str = "SELECT pg_catalog.pg_backend_pid(), \
         pg_catalog.current_setting('default_transaction_read_only'), \
         pg_catalog.current_setting('standard_conforming_strings'), \
         pg_catalog.current_setting('row_security'), \
         pg_catalog.current_setting('client_encoding'), \
         pg_catalog.current_setting('TimeZone'), \
         pg_catalog.current_setting('search_path'), \
         pg_catalog.current_setting('server_version'), \
         pg_catalog.current_schema()";
    let (first, second) =
        tokio::join!(client.simple_query(SETTINGS), client.simple_query("SELECT pg_catalog.pg_backend_pid()"),);
    let first = first.map_err(|error| error::connecting(&error))?;
    let second = second.map_err(|error| error::connecting(&error))?;
    let read = |messages: &[SimpleQueryMessage], place: usize| {
        messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.try_get(place).ok().flatten().map(str::to_owned),
            _ => None,
        })
    };
    let wanted = [(1, "on"), (2, "on"), (3, "on"), (4, "UTF8"), (5, "UTC")];
    let pinned = wanted.iter().all(|(place, value)| read(&first, *place).as_deref() == Some(*value));
    if !pinned || read(&first, 0) != read(&second, 0) {
        return Err(RunError::SettingsRefused);
    }
    if let (Level::Schema, Some(schema)) = (level, &server.schema) {
        if read(&first, 6) != Some(quoted(schema)) {
            return Err(RunError::SettingsRefused);
        }
        // NULL when the schema is not there, or when the login may not look into it.
        if read(&first, 8).as_ref() != Some(schema) {
            return Err(RunError::DatabaseMissing);
        }
    }
    Ok(shown(&read(&first, 7).unwrap_or_default(), 100))
}

#[cfg(test)]
mod tests {
    use super::{escaped, quoted};

    #[test]
    fn a_schema_name_stays_one_option() {
        assert_eq!(escaped(&quoted("a b\\c\"; -c x=y")), "\"a\\ b\\\\c\"\";\\ -c\\ x=y\"");
    }
}
