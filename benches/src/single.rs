//! One aggregate card, uncached against a bare handler, and cached against a static answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::routing::post;
use serde_json::json;
use testkit::servers::{Options, Postgres};
use tokio_postgres::{Client, NoTls, Statement};

use crate::instance::Instance;
use crate::load::{self, Target, median};

const SQL: &str =
    "SELECT city, count(*) AS orders, sum(amount) AS total FROM orders WHERE id > $1 GROUP BY city ORDER BY city";
const CLIENTS: usize = 8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

pub(crate) async fn run_with(postgres: &Postgres) -> Result<()> {
    let database = postgres.create_database("bench").await?;
    let fill = "CREATE TABLE orders (id bigint PRIMARY KEY, city text NOT NULL, amount bigint NOT NULL); \
                INSERT INTO orders SELECT i, 'city ' || i % 10, i % 1000 FROM generate_series(1, 2000) i; ANALYZE orders";
    postgres.execute(&database, fill).await?;
    let user = postgres.create_login("bench", "bench", &database).await?;
    let instance = Instance::start().await?;
    let template = json!({ "host": postgres.host(), "port": postgres.port(), "database": "{attributes.db}",
        "user": "{attributes.login}", "password": "bench", "tls": "off" });
    instance
        .source(
            json!({ "slug": "pg", "name": "PG", "engine": "postgres", "max_connections": 40, "template": template }),
        )
        .await?;
    for (slug, cache_seconds) in [("fresh", 0), ("cached", 3600)] {
        let card = json!({ "slug": slug, "name": slug, "source": "pg", "cache_seconds": cache_seconds,
            "query": { "sql": SQL.replace("$1", "{{id}}"), "parameters": [{ "name": "id", "type": "number", "default": 0 }] } });
        instance.card(card).await?;
    }
    let key = instance.tenant("bench", json!({ "db": database, "login": user })).await?;
    let bare = bare_handler(postgres, &database, &user).await?;
    // Identical running queries are joined, and a benchmark of that would flatter: each request asks for something else,
    // but for the cached card.
    let target = |path: &'static str| {
        let key = key.clone();
        Arc::new(move |number: u64| {
            let id = if path.contains("cached") { 0 } else { number % 1000 };
            Target { path: path.into(), key: key.clone(), body: format!("{{\"parameters\":{{\"id\":{id}}}}}") }
        })
    };
    let (fresh, cached, plain) = (target("/v1/cards/fresh/rows"), target("/v1/cards/cached/rows"), target("/"));
    for (address, target) in
        [(instance.address, fresh.clone()), (instance.address, cached.clone()), (bare, plain.clone())]
    {
        load::run(address, CLIENTS, Duration::from_secs(1), target).await?;
    }
    let before = instance.tenancy.metadata_queries();
    let (mut ours, mut theirs, mut answers) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let a = load::run(instance.address, CLIENTS, ROUND, fresh.clone()).await?;
        let b = load::run(bare, CLIENTS, ROUND, plain.clone()).await?;
        anyhow::ensure!(a.failed + b.failed == 0, "{} and {} requests failed", a.failed, b.failed);
        answers += a.answered;
        ours.push(a.rate());
        theirs.push(b.rate());
    }
    ratio("one aggregate card, uncached, 8 clients: ours / bare axum + tokio-postgres", &ours, &theirs, 0.8);
    let sample = load::run(instance.address, 1, Duration::from_millis(200), cached.clone()).await?;
    let fixed = static_answer(sample.bytes).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let a = load::run(instance.address, CLIENTS, ROUND, cached.clone()).await?;
        let b = load::run(fixed, CLIENTS, ROUND, plain.clone()).await?;
        anyhow::ensure!(a.failed + b.failed == 0, "{} and {} requests failed", a.failed, b.failed);
        answers += a.answered;
        ours.push(a.rate());
        theirs.push(b.rate());
    }
    ratio(&format!("the same, cached: ours / static answer of {} bytes", sample.bytes), &ours, &theirs, 0.6);
    let queries = instance.tenancy.metadata_queries() - before;
    println!("metadata queries in {answers} warm requests: {queries} (budget 0)");
    Ok(())
}

pub(crate) async fn run() -> Result<()> {
    let postgres = Postgres::throwaway(Options::default()).await?;
    run_with(&postgres).await
}

pub(crate) fn ratio(what: &str, ours: &[f64], theirs: &[f64], budget: f64) {
    let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a / b).collect();
    let (low, high) = ratios.iter().fold((f64::MAX, f64::MIN), |(low, high), r| (low.min(*r), high.max(*r)));
    let (a, b) = (median(ours.to_vec()), median(theirs.to_vec()));
    let verdict = if median(ratios.clone()) >= budget { "met" } else { "MISSED" };
    println!("{what}: {:.2} ({low:.2} to {high:.2}; {a:.0}/s to {b:.0}/s; budget {budget}: {verdict})", median(ratios));
}

/// What one would write without us: eight connections, a prepared statement each, JSON.
async fn bare_handler(postgres: &Postgres, database: &str, user: &str) -> Result<SocketAddr> {
    let mut config = tokio_postgres::Config::new();
    config.host(postgres.host()).port(postgres.port()).dbname(database).user(user).password("bench");
    let mut clients: Vec<(Client, Statement)> = Vec::new();
    for _ in 0..CLIENTS {
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        let statement = client.prepare(SQL).await?;
        clients.push((client, statement));
    }
    let clients = Arc::new(clients);
    let next = Arc::new(AtomicUsize::new(0));
    let handler = move |axum::Json(body): axum::Json<serde_json::Value>| {
        let (clients, next) = (clients.clone(), next.clone());
        async move {
            let place = next.fetch_add(1, Ordering::Relaxed) % clients.len();
            let Some((client, statement)) = clients.get(place) else { return axum::Json(json!(null)) };
            let rows = client
                .query(statement, &[&body.pointer("/parameters/id").and_then(serde_json::Value::as_i64)])
                .await
                .unwrap_or_default();
            // sum(bigint) is numeric; text is how a bare handler would read it without another crate.
            let rows: Vec<_> = rows.iter().map(|row| json!([row.get::<_, String>(0), row.get::<_, i64>(1)])).collect();
            axum::Json(json!({ "columns": ["city", "orders", "total"], "rows": rows }))
        }
    };
    serve(Router::new().route("/", post(handler))).await
}

async fn static_answer(bytes: usize) -> Result<SocketAddr> {
    let body = bytes::Bytes::from(vec![b'x'; bytes]);
    serve(Router::new().route(
        "/",
        post(move || {
            let body = body.clone();
            async move { body }
        }),
    ))
    .await
}

async fn serve(router: Router) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        axum::serve(
            axum::serve::ListenerExt::tap_io(listener, |stream| {
                let _ = stream.set_nodelay(true);
            }),
            router,
        )
        .await
    });
    Ok(address)
}
