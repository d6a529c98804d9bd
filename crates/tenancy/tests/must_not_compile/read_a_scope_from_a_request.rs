//! Nothing in a body becomes a scope.

fn main() {
    let _: tenancy::TenantScope = serde_json::from_str("{}").unwrap();
}
