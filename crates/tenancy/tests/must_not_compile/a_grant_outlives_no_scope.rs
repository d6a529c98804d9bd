//! A grant is worth nothing without the scope that it was given to.

fn keep(scope: tenancy::TenantScope) -> tenancy::Granted<'static, tenancy::Run, tenancy::Card> {
    scope.card::<tenancy::Run>("orders").ok().unwrap()
}

fn main() {}
