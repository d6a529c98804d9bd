//! An operator reads no rows.

fn rows(_: &tenancy::TenantScope) {}

fn look(operator: &tenancy::OperatorScope) {
    rows(operator);
    let _ = operator.card::<tenancy::Run>("orders");
}

fn main() {}
