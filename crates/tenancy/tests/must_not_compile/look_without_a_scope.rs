//! A handler that admits nobody has nothing to call: look-ups hang on the scope, and the store is nobody's.

async fn handler(tenancy: &tenancy::Tenancy) {
    let _ = tenancy.card::<tenancy::Run>("orders");
    let _ = tenancy.dashboards();
    let _ = tenancy.store();
    let _ = tenancy.library().await;
    let _ = tenancy.tenant_view("ten_00000000000000000000000000").await;
}

fn main() {}
