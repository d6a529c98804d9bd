//! SQL text is not a query: only a `ScopedQuery` runs.

async fn run(gateway: &gateway::Gateway) {
    let _ = gateway.run("SELECT * FROM orders").await;
}

fn main() {}
