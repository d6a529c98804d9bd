//! Seeing a card is not running it.

fn prepare(gateway: &gateway::Gateway, card: &tenancy::Granted<'_, tenancy::View, tenancy::Card>) {
    let _ = gateway.prepare(card, Default::default());
}

fn main() {}
