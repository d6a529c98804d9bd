//! A scope is one request's. A bound tells more than a call: `.clone()` on a reference would copy the reference.

fn twice<T: Clone + Send + 'static>(_: T) {}

fn leave(scope: tenancy::TenantScope, operator: tenancy::OperatorScope, desk: tenancy::Desk, keys: tenancy::KeyOffice) {
    twice(scope);
    twice(operator);
    twice(desk);
    twice(keys);
}

fn main() {}
