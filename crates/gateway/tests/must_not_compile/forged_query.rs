//! A `ScopedQuery` cannot be put together from parts.

fn forge(query: query::Statement) -> gateway::ScopedQuery {
    gateway::ScopedQuery { statement: query }
}

fn main() {}
