//! `throwaway postgres|mariadb|both`: starts throw-away database servers, says where they are in one line of JSON each,
//! and stops them when standard input closes, so also when whoever started it is killed.
#![expect(clippy::print_stdout, reason = "its output is its answer")]

use anyhow::{Result, bail};
use serde_json::json;
use testkit::servers::{Mariadb, Options, Postgres};
use tokio::io::AsyncReadExt as _;

#[tokio::main]
async fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let (postgres, mariadb) = match wanted.as_str() {
        "postgres" => (true, false),
        "mariadb" => (false, true),
        "both" => (true, true),
        _ => bail!("say postgres, mariadb or both"),
    };
    let postgres = if postgres { Some(Postgres::throwaway(Options::default()).await?) } else { None };
    let mariadb = if mariadb { Some(Mariadb::throwaway(Options::default()).await?) } else { None };
    if let Some(server) = &postgres {
        say("postgres", server.host(), server.port(), server.admin_user(), server.admin_password());
    }
    if let Some(server) = &mariadb {
        say("mysql", server.host(), server.port(), server.admin_user(), server.admin_password());
    }
    // Ctrl-C reaches the whole group of a terminal: the one who uses the servers ends first and then closes our input.
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    let mut rest = Vec::new();
    tokio::io::stdin().read_to_end(&mut rest).await?;
    Ok(())
}

fn say(engine: &str, host: &str, port: u16, user: &str, password: &str) {
    println!("{}", json!({ "engine": engine, "host": host, "port": port, "user": user, "password": password }));
}
