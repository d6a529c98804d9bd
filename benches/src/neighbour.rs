//! A noisy neighbour: one tenant floods, the other tenants' p99 stays within 1.5 times what it was.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;
use testkit::servers::{Options, Postgres};

use crate::instance::Instance;
use crate::load::{self, Target, median};

const QUIET: usize = 4;

pub(crate) async fn run() -> Result<()> {
    let postgres = Postgres::throwaway(Options::default()).await?;
    let instance = Instance::start().await?;
    let template = json!({ "host": postgres.host(), "port": postgres.port(), "database": "{attributes.db}",
        "user": "{attributes.login}", "password": "bench", "tls": "off" });
    instance
        .source(
            json!({ "slug": "pg", "name": "PG", "engine": "postgres", "max_connections": 40, "template": template }),
        )
        .await?;
    // Waiting, not computing: on two cores computing neighbours would share the processor whatever a server does.
    let card =
        json!({ "slug": "work", "name": "w", "source": "pg", "query": { "sql": "SELECT pg_sleep(0.01)::text AS a" } });
    instance.card(card).await?;
    let mut keys = Vec::new();
    for number in 0..=QUIET {
        let database = postgres.create_database("near").await?;
        let login = postgres.create_login("near", "bench", &database).await?;
        keys.push(instance.tenant(&format!("near-{number}"), json!({ "db": database, "login": login })).await?);
    }
    let loud = keys.pop().unwrap_or_default();
    let keys = Arc::new(keys);
    let target = |key: String| {
        Arc::new(move |_: u64| Target { path: "/v1/cards/work/rows".into(), key: key.clone(), body: "{}".into() })
    };
    let quiet = {
        let keys = keys.clone();
        Arc::new(move |number: u64| {
            let key = keys.get((number >> 32) as usize % keys.len()).cloned().unwrap_or_default();
            Target { path: "/v1/cards/work/rows".into(), key, body: "{}".into() }
        })
    };
    let length = Duration::from_secs(5);
    load::run(instance.address, QUIET, Duration::from_secs(1), quiet.clone()).await?;
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let alone = load::run(instance.address, QUIET, length, quiet.clone()).await?;
        let (beside, flood) = tokio::join!(
            load::run(instance.address, QUIET, length, quiet.clone()),
            load::run(instance.address, QUIET * 25, length, target(loud.clone())),
        );
        let (beside, flood) = (beside?, flood?);
        anyhow::ensure!(alone.failed + beside.failed == 0, "requests of quiet tenants failed");
        ratios.push(beside.percentile(0.99) / alone.percentile(0.99));
        println!(
            "quiet p99 {:.1} ms alone, {:.1} ms beside a flood ({} answered, {} told to wait)",
            alone.percentile(0.99),
            beside.percentile(0.99),
            flood.answered,
            flood.failed
        );
    }
    println!("noisy neighbour, 100 clients of one tenant: other tenants' p99 ratio {:.2} (budget 1.5)", median(ratios));
    Ok(())
}
