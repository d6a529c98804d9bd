use std::path::Path;

use mysql_async::prelude::Queryable as _;
use testkit::servers::{Mariadb, Options, Postgres};

fn runs(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

#[tokio::test]
async fn postgres_keeps_its_data_and_port_over_stop_kill_and_restart() {
    let mut server = Postgres::throwaway(Options { max_connections: 7, ..Options::default() }).await.unwrap();
    let database = server.create_database("Alder College").await.unwrap();
    server.execute(&database, "CREATE TABLE t (n int); INSERT INTO t VALUES (41)").await.unwrap();
    let port = server.port();

    server.stop().await.unwrap();
    assert!(!runs(server.pid()) && server.admin(&database).await.is_err());
    server.restart().await.unwrap();
    server.execute(&database, "UPDATE t SET n = n + 1").await.unwrap();
    let busy = server.admin(&database).await.unwrap();
    let query = tokio::spawn(async move { busy.simple_query("SELECT pg_sleep(600)").await.is_err() });

    server.kill().await.unwrap();
    assert!(query.await.unwrap(), "a query in flight ends with its server");
    server.restart().await.unwrap();
    assert_eq!(server.port(), port);
    let client = server.admin(&database).await.unwrap();
    assert_eq!(client.query_one("SELECT n FROM t", &[]).await.unwrap().get::<_, i32>(0), 42);
    let limit = client.query_one("SHOW max_connections", &[]).await.unwrap();
    assert_eq!(limit.get::<_, String>(0), "7");
}

#[tokio::test]
async fn mariadb_keeps_its_data_and_port_over_stop_kill_and_restart() {
    let mut server = Mariadb::throwaway(Options { max_connections: 17, ..Options::default() }).await.unwrap();
    let database = server.create_database("Birch").await.unwrap();
    server.execute(&database, "CREATE TABLE t (n int); INSERT INTO t VALUES (41)").await.unwrap();
    let port = server.port();

    server.stop().await.unwrap();
    assert!(!runs(server.pid()) && server.admin(&database).await.is_err());
    server.restart().await.unwrap();
    server.execute(&database, "UPDATE t SET n = n + 1").await.unwrap();
    let mut busy = server.admin(&database).await.unwrap();
    let query = tokio::spawn(async move { busy.query_drop("SELECT SLEEP(600)").await.is_err() });

    server.kill().await.unwrap();
    assert!(query.await.unwrap(), "a query in flight ends with its server");
    server.restart().await.unwrap();
    assert_eq!(server.port(), port);
    let mut client = server.admin(&database).await.unwrap();
    assert_eq!(client.query_first::<i32, _>("SELECT n FROM t").await.unwrap(), Some(42));
    assert_eq!(client.query_first::<i32, _>("SELECT @@max_connections").await.unwrap(), Some(17));
}

#[tokio::test]
async fn dropping_a_server_ends_its_process_and_removes_its_folder() {
    let (postgres, mariadb) =
        tokio::try_join!(Postgres::throwaway(Options::default()), Mariadb::throwaway(Options::default())).unwrap();
    let pids = [postgres.pid(), mariadb.pid()];
    let folders = [postgres.folder().to_owned(), mariadb.folder().to_owned()];
    assert!(pids.iter().all(|pid| runs(*pid)) && folders.iter().all(|folder| folder.exists()));
    drop((postgres, mariadb));
    assert!(!pids.iter().any(|pid| runs(*pid)), "a server still runs");
    assert!(!folders.iter().any(|folder| folder.exists()), "a folder is still there");
}

#[tokio::test]
async fn a_server_with_tls_shows_a_certificate_of_its_own_authority() {
    let server = Postgres::throwaway(Options { tls: true, ..Options::default() }).await.unwrap();
    assert!(server.authority().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let client = server.admin("postgres").await.unwrap();
    assert_eq!(client.query_one("SHOW ssl", &[]).await.unwrap().get::<_, String>(0), "on");
    let output = std::process::Command::new("openssl")
        .args(["s_client", "-starttls", "postgres", "-verify_return_error", "-verify_ip", "127.0.0.1", "-CAfile"])
        .arg(server.folder().join("ca.crt"))
        .args(["-connect", &format!("127.0.0.1:{}", server.port())])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Verify return code: 0 (ok)"), "{text}");
}
