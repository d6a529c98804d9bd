//! Which address is dialled: the one that was judged, found by one look-up, on every engine and for every purpose.

use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gateway::{Gateway, Networks, RunError, Settings};
use serde_json::json;
use tenancy::placement::{Connection, Placement, Server, Tls};
use testkit::servers::Options;
use tokio::net::TcpListener;

use crate::servers::{mariadb, own_mariadb, own_postgres, postgres};
use crate::world::{Ask, placement, until};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn networks(allow: &[&str]) -> Networks {
    let allow: Vec<_> = allow.iter().map(|net| net.parse().unwrap()).collect();
    Networks::new(&allow, &[])
}

fn with(networks: Networks) -> Gateway {
    Gateway::new(Settings { networks, connect_timeout: Duration::from_secs(2), ..Settings::default() })
}

fn at(host: &str, port: u16, is_postgres: bool) -> Arc<Placement> {
    let server = Server {
        host: host.to_owned(),
        port,
        database: "d".to_owned(),
        schema: None,
        user: "u".to_owned(),
        password: "p".to_owned().into(),
        tls: Tls::Off,
    };
    renamed(server, host, is_postgres)
}

fn renamed(server: Server, host: &str, is_postgres: bool) -> Arc<Placement> {
    let server = Server { host: host.to_owned(), ..server };
    placement(0, if is_postgres { Connection::Postgres(server) } else { Connection::Mysql(server) }, 4)
}

/// A resolver that gives these answers one after the other, the last one for ever; and how often it was asked.
fn answers(answers: &[&[&str]]) -> (impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static, Arc<AtomicUsize>) {
    let answers: Vec<Vec<IpAddr>> = answers.iter().map(|answer| answer.iter().copied().map(ip).collect()).collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let names = move |name: &str| {
        assert_eq!(name, "db.example");
        let turn = count.fetch_add(1, Ordering::SeqCst);
        answers[turn.min(answers.len() - 1)].clone()
    };
    (names, asked)
}

/// Listens at an address and counts who comes. (The shared servers' ports: an address for each test.)
async fn trap(address: &str, port: u16) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((address, port)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let callers = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&callers);
    tokio::spawn(async move {
        let held = Mutex::new(Vec::new());
        while let Ok((socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            held.lock().unwrap().push(socket);
        }
    });
    (port, callers)
}

/// A name that is somewhere else when it is asked for again: nobody asks again, not for cancelling either.
async fn is_asked_once(server: Server, is_postgres: bool, slow: &str) {
    let (names, asked) = answers(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let (_, callers) = trap("127.0.0.2", server.port).await;
    let gateway = with(networks(&["127.0.0.1/32"]).with_names(names));
    let place = renamed(server, "db.example", is_postgres);
    assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    until("it is kept", async || gateway.stats().servers.iter().all(|server| server.idle == 1)).await;
    let ask = Ask::new(&place, slow).timeout(Duration::from_millis(200));
    assert_eq!(ask.refusal(&gateway).await, RunError::Timeout);
    until("all is closed", async || gateway.stats().servers.iter().all(|server| server.open == 0)).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // The next connection asks, and what it hears is judged anew.
    assert_eq!(Ask::new(&place, "SELECT 1").refusal(&gateway).await, RunError::Unreachable);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert_eq!(callers.load(Ordering::SeqCst), 0, "the second address is not dialled");
}

#[tokio::test]
async fn postgres_is_dialled_where_it_was_judged() {
    is_asked_once(postgres().await.server(), true, "SELECT pg_sleep(60)").await;
}

#[tokio::test]
async fn mariadb_is_dialled_where_it_was_judged() {
    is_asked_once(mariadb().await.server(), false, "SELECT SLEEP(60)").await;
}

#[tokio::test]
async fn refused_addresses_of_a_name_are_left_out_and_dead_ones_passed_over() {
    let (postgres, mariadb) = (postgres().await, mariadb().await);
    for (server, is_postgres) in [(postgres.server(), true), (mariadb.server(), false)] {
        let (_, callers) = trap("127.0.0.4", server.port).await;
        let (names, asked) = answers(&[&["169.254.169.254", "127.0.0.4", "127.0.0.3", "127.0.0.1"]]);
        let gateway = with(networks(&["127.0.0.1/32", "127.0.0.3/32", "169.254.0.0/16"]).with_names(names));
        let place = renamed(server, "db.example", is_postgres);
        assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
        assert_eq!((asked.load(Ordering::SeqCst), callers.load(Ordering::SeqCst)), (1, 0));
    }
}

#[tokio::test]
async fn a_silent_address_leaves_time_for_the_next() {
    let (postgres, mariadb) = (postgres().await, mariadb().await);
    for (server, is_postgres) in [(postgres.server(), true), (mariadb.server(), false)] {
        let (_, callers) = trap("127.0.0.5", server.port).await;
        let (names, _) = answers(&[&["127.0.0.5", "127.0.0.1"]]);
        let gateway = with(Networks::default().with_names(names));
        let place = renamed(server, "db.example", is_postgres);
        assert_eq!(Ask::new(&place, "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
        assert_eq!(callers.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn what_may_not_be_dialled_gives_the_one_answer() {
    let (port, callers) = trap("127.0.0.1", 0).await;
    let refused = ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "::ffff:169.254.169.254", "fd00:ec2::254"];
    // The system's look-up would take these for 127.0.0.1.
    let odd = ["2130706433", "0x7f.1", "127.1", "0x7f000001", "017700000001", "127.0.0.1.", "::1%lo", "localhost%lo"];
    let gateway = with(Networks::default());
    for is_postgres in [true, false] {
        for host in refused.iter().chain(&odd) {
            let error = gateway.check(&at(host, port, is_postgres)).await.err();
            assert_eq!(error, Some(RunError::Unreachable), "{host}");
        }
        // So is everything outside of a list, however it is spelt.
        let listed = with(networks(&["10.0.0.0/8"]));
        for host in ["127.0.0.1", "localhost", "::ffff:127.0.0.1", "::1"] {
            let error = listed.check(&at(host, port, is_postgres)).await.err();
            assert_eq!(error, Some(RunError::Unreachable), "{host}");
        }
    }
    assert_eq!(callers.load(Ordering::SeqCst), 0);
}

/// The address is dialled, and still it is the name that the certificate must have.
async fn is_verified_by_name(server: impl Fn() -> Server, authority: &str, is_postgres: bool) {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;
    let root = CertificateDer::from_pem_slice(authority.as_bytes()).unwrap();
    let networks = Networks::default().with_names(|_| vec![ip("127.0.0.1")]);
    let gateway = Gateway::new(Settings { extra_roots: vec![root], networks, ..Settings::default() });
    let verify = |host: &str| renamed(Server { tls: Tls::Verify, ..server() }, host, is_postgres);
    assert_eq!(Ask::new(&verify("localhost"), "SELECT 1").rows(&gateway).await.unwrap(), json!([[1]]));
    let other = gateway.check(&verify("db.example")).await.err();
    assert_eq!(other, Some(RunError::TlsFailed), "the certificate is for the address and for another name");
}

#[tokio::test]
async fn certificates_of_postgres_name_the_host() {
    let home = own_postgres(Options { tls: true, ..Options::default() }).await;
    is_verified_by_name(|| home.server(), home.host.authority().unwrap(), true).await;
}

#[tokio::test]
async fn certificates_of_mariadb_name_the_host() {
    let home = own_mariadb(Options { tls: true, ..Options::default() }).await;
    is_verified_by_name(|| home.server(), home.host.authority().unwrap(), false).await;
}
