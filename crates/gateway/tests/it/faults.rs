//! Servers that go away, come back, are full, or lie; TLS; and that nobody else notices.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::{Gateway, RunError, Settings};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;
use tenancy::placement::{Connection, Placement, Server, Tls};
use testkit::servers::Options;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::servers::{own_mariadb, own_postgres};
use crate::world::{Ask, gateway, placement, sqlite, until};

/// Kills a server in the middle of a query and brings it back; another tenant works all the time.
macro_rules! dies_and_comes_back {
    ($home:expr, $slow:expr) => {{
        let (gateway, dir) = (gateway(), tempfile::tempdir().unwrap());
        let mut home = $home;
        let (place, other) = (home.place(0), sqlite(dir.path(), 1, "CREATE TABLE v (x)"));
        assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
        let running = tokio::spawn({
            let (gateway, place) = (gateway.clone(), place.clone());
            async move { Ask::new(&place, $slow).refusal(&gateway).await }
        });
        let is_working = || gateway.stats().servers.iter().any(|server| server.open > server.idle);
        until("it runs", async || is_working()).await;
        home.host.kill().await.unwrap();
        let lost = running.await.unwrap();
        assert!(matches!(lost, RunError::ConnectionLost | RunError::Unreachable), "{lost}");
        for _ in 0..3 {
            let started = Instant::now();
            assert_eq!(Ask::new(&place, "SELECT 1").refusal(&gateway).await, RunError::Unreachable);
            assert!(started.elapsed() < Duration::from_secs(2), "a refused connection is known at once");
            assert_eq!(Ask::new(&other, "SELECT 2").rows(&gateway).await.unwrap(), json!([[2]]));
        }
        home.host.restart().await.unwrap();
        assert_eq!(Ask::new(&place, "SELECT 3").rows(&gateway).await.unwrap(), json!([[3]]));
        // In good order this time, with a connection idle.
        home.host.restart().await.unwrap();
        assert_eq!(Ask::new(&place, "SELECT 4").rows(&gateway).await.unwrap(), json!([[4]]));
    }};
}

#[tokio::test]
async fn postgres_dies_and_comes_back() {
    dies_and_comes_back!(own_postgres(Options::default()).await, "SELECT pg_sleep(60)");
}

#[tokio::test]
async fn mariadb_dies_and_comes_back() {
    dies_and_comes_back!(own_mariadb(Options::default()).await, "SELECT SLEEP(60)");
}

#[tokio::test]
async fn a_full_server_is_busy_and_not_broken() {
    let home = own_postgres(Options { max_connections: 6, ..Options::default() }).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(home.admin("postgres").await);
    }
    let hasty = Gateway::new(Settings { queue_wait: Duration::from_millis(200), ..Settings::default() });
    assert!(matches!(Ask::new(&home.place(0), "SELECT 1").refusal(&hasty).await, RunError::Busy { .. }));
    // Whoever waits gets there when there is room.
    let waiting = tokio::spawn({
        let place = home.place(0);
        async move { Ask::new(&place, "SELECT 1").rows(&gateway()).await }
    });
    assert!(matches!(Ask::new(&home.place(1), "SELECT 1").refusal(&hasty).await, RunError::Busy { .. }));
    drop(held);
    assert_eq!(waiting.await.unwrap().unwrap(), json!([[1]]));
}

fn secured(server: Server, tls: Tls, host: &str, is_postgres: bool) -> Arc<Placement> {
    let server = Server { tls, host: host.to_owned(), ..server };
    placement(0, if is_postgres { Connection::Postgres(server) } else { Connection::Mysql(server) }, 4)
}

async fn certificates_are_checked(server: impl Fn() -> Server, authority: &str, is_postgres: bool, encrypted: &str) {
    let root = CertificateDer::from_pem_slice(authority.as_bytes()).unwrap();
    let trusting = Gateway::new(Settings { extra_roots: vec![root], ..Settings::default() });
    let verify = secured(server(), Tls::Verify, "localhost", is_postgres);
    assert_eq!(gateway().check(&verify).await.err(), Some(RunError::TlsFailed), "an unknown authority");
    for (place, gateway) in
        [(verify, &trusting), (secured(server(), Tls::Encrypt, "localhost", is_postgres), &gateway())]
    {
        assert_eq!(Ask::new(&place, encrypted).rows(gateway).await.unwrap(), json!([[1]]));
        // Cancelling goes the same way.
        let slow = if is_postgres { "SELECT pg_sleep(60)" } else { "SELECT SLEEP(60)" };
        let ask = Ask::new(&place, slow).timeout(Duration::from_millis(100));
        assert_eq!(ask.refusal(gateway).await, RunError::Timeout);
    }
}

#[tokio::test]
async fn postgres_shows_a_certificate() {
    let home = own_postgres(Options { tls: true, ..Options::default() }).await;
    let encrypted = "SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
    certificates_are_checked(|| home.server(), home.host.authority().unwrap(), true, encrypted).await;
}

#[tokio::test]
async fn mariadb_shows_a_certificate() {
    let home = own_mariadb(Options { tls: true, ..Options::default() }).await;
    let encrypted =
        "SELECT variable_value <> '' FROM information_schema.session_status WHERE variable_name = 'Ssl_cipher'";
    certificates_are_checked(|| home.server(), home.host.authority().unwrap(), false, encrypted).await;
}

/// A server that sends `greeting` and whatever `endlessly`, to see what we do about it.
async fn liar(greeting: Vec<u8>, endlessly: Option<Vec<u8>>) -> u16 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let (greeting, endlessly) = (greeting.clone(), endlessly.clone());
            tokio::spawn(async move {
                let _ = socket.write_all(&greeting).await;
                if let Some(part) = endlessly {
                    while socket.write_all(&part).await.is_ok() {}
                }
                let mut rest = [0; 1024];
                while socket.read(&mut rest).await.is_ok_and(|read| read > 0) {}
            });
        }
    });
    port
}

#[tokio::test]
async fn a_lying_server_gets_nowhere() {
    let settings = Settings { connect_timeout: Duration::from_secs(2), ..Settings::default() };
    let gateway = Gateway::new(settings);
    let megabyte = vec![b'x'; 1 << 20];
    let huge = [&b"R\x7f\xff\xff\xff\0\0\0\0"[..], &megabyte].concat();
    let ready = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I".to_vec();
    let notice = [&b"N\0\x10\0\x04"[..], &megabyte].concat();
    for (what, greeting, endlessly) in [
        ("silent", Vec::new(), None),
        ("nonsense", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), None),
        ("a message of two gigabytes", huge, Some(megabyte.clone())),
        ("notices for ever", ready.clone(), Some(notice)),
        ("an end where none is due", b"Z\0\0\0\x05I".repeat(20), None),
        ("negative length", b"R\xff\xff\xff\xff".to_vec(), None),
        ("row without a query", [&ready[..], b"D\0\0\0\x06\0\x01"].concat(), None),
    ] {
        let port = liar(greeting, endlessly).await;
        for is_postgres in [true, false] {
            let server = Server {
                host: "127.0.0.1".into(),
                port,
                database: "d".into(),
                schema: None,
                user: "u".into(),
                password: "p".to_owned().into(),
                tls: Tls::Off,
            };
            let started = Instant::now();
            let place = secured(server, Tls::Off, "127.0.0.1", is_postgres);
            let error = gateway.check(&place).await.expect_err(what);
            assert!(!matches!(error, RunError::Cancelled | RunError::Busy { .. }), "{what}: {error}");
            assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        }
    }
    until("all is closed", async || gateway.stats().servers.is_empty()).await;
}

/// A packet of the MySQL protocol.
fn packet(number: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&length[..3], &[number], body].concat()
}

#[tokio::test]
async fn a_server_that_asks_for_a_file_gets_none() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), "the operator's own file").unwrap();
    let wanted = secret.path().to_str().unwrap().to_owned();
    let heard = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let capabilities = 0x00ff_f7ff_u32 & !0x0800 | 0x0008_0000;
        let greeting = [
            &b"\x0a10.11.0-MariaDB\0\x01\0\0\0saltsalt\0"[..],
            &capabilities.to_le_bytes()[..2],
            &[45, 2, 0],
            &capabilities.to_le_bytes()[2..],
            &[21],
            &[0; 10],
            b"saltsaltsalt\0mysql_native_password\0",
        ]
        .concat();
        socket.write_all(&packet(0, &greeting)).await.unwrap();
        let mut buffer = [0; 4096];
        assert!(socket.read(&mut buffer).await.unwrap() > 0, "a login");
        socket.write_all(&packet(2, &[0, 0, 0, 2, 0, 0, 0])).await.unwrap();
        assert!(socket.read(&mut buffer).await.unwrap() > 0, "a query");
        socket.write_all(&packet(1, &[&[0xfb], wanted.as_bytes()].concat())).await.unwrap();
        let mut heard = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut heard)).await;
        heard
    });
    let server = Server {
        host: "127.0.0.1".into(),
        port,
        database: "d".into(),
        schema: None,
        user: "u".into(),
        password: "p".to_owned().into(),
        tls: Tls::Off,
    };
    let settings = Settings { connect_timeout: Duration::from_secs(2), ..Settings::default() };
    let error =
        Gateway::new(settings).check(&secured(server, Tls::Off, "127.0.0.1", false)).await.expect_err("no rows");
    assert_eq!(error, RunError::Malformed);
    let heard = heard.await.unwrap();
    // Nothing, or the empty packet that means "no file".
    assert!(heard.is_empty() || heard == packet(2, b""), "{} bytes were sent", heard.len());
}
