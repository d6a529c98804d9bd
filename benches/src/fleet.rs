//! 500 tenants with a database each behind one server of 100 connections: a random tenant each time, no failed request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use testkit::servers::{Options, Postgres};

use crate::instance::Instance;
use crate::load::{self, Target};

const TENANTS: usize = 500;

pub(crate) async fn run() -> Result<()> {
    let postgres = Postgres::throwaway(Options { max_connections: 100, ..Options::default() }).await?;
    let instance = Instance::start().await?;
    let template = json!({ "host": postgres.host(), "port": postgres.port(), "database": "{attributes.db}",
        "user": "{attributes.login}", "password": "bench", "tls": "off" });
    // The server keeps three connections for its superuser.
    let source =
        json!({ "slug": "pg", "name": "PG", "engine": "postgres", "max_connections": 90, "template": template });
    instance.source(source).await?;
    let card = json!({ "slug": "whoami", "name": "w", "source": "pg", "query": { "sql": "SELECT current_database() AS db, count(*) AS n FROM t" } });
    instance.card(card).await?;
    let start = Instant::now();
    let mut keys = Vec::new();
    for number in 0..TENANTS {
        let database = postgres.create_database("fleet").await?;
        postgres.execute(&database, "CREATE TABLE t (i int); INSERT INTO t VALUES (1)").await?;
        let login = postgres.create_login("fleet", "bench", &database).await?;
        keys.push(instance.tenant(&format!("fleet-{number}"), json!({ "db": database, "login": login })).await?);
    }
    println!("{TENANTS} databases, logins, tenants and keys made in {:.0} s", start.elapsed().as_secs_f64());
    let keys = Arc::new(keys);
    let target = {
        let keys = keys.clone();
        // A fixed scramble of the request's number: every run asks the same tenants in the same order.
        Arc::new(move |number: u64| {
            let place = (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as usize % keys.len();
            Target {
                path: "/v1/cards/whoami/rows".into(),
                key: keys.get(place).cloned().unwrap_or_default(),
                body: "{}".into(),
            }
        })
    };
    let measured = load::run(instance.address, 64, Duration::from_secs(20), target).await?;
    println!(
        "500 tenant databases, 90 of 100 connections, 64 clients: {} answered, {} failed (budget 0), {:.0}/s, p99 {:.0} ms",
        measured.answered,
        measured.failed,
        measured.rate(),
        measured.percentile(0.99)
    );
    anyhow::ensure!(measured.failed == 0, "requests failed");
    Ok(())
}
