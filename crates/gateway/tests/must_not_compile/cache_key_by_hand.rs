//! There is no way to ask the cache by a string.

fn look(gateway: &gateway::Gateway) {
    let _ = gateway.cache("alder/orders");
}

fn main() {}
