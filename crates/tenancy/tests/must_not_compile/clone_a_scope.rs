//! A scope that could be copied would outlive the request that it was admitted for.

fn keep(scope: &tenancy::TenantScope) -> tenancy::TenantScope {
    scope.clone()
}

fn main() {}
