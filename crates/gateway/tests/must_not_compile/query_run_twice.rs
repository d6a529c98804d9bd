//! A query is used up by running it, and has no copies.

async fn run(gateway: &gateway::Gateway, query: gateway::ScopedQuery) {
    let _ = gateway.run(query).await;
    let _ = gateway.run(query).await;
}

fn main() {}
