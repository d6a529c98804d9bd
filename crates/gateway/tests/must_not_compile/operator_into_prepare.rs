//! An operator reads no rows, and its look at a placement is no way to them.

async fn read(gateway: &gateway::Gateway, operator: &tenancy::OperatorScope, placement: tenancy::Placement) {
    let _ = gateway.prepare(operator, Default::default());
    let _ = gateway.run(placement).await;
}

fn main() {}
