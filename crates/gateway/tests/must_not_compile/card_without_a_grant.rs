//! A card is text. What is prepared is a grant on it, which says for whom.

fn prepare(gateway: &gateway::Gateway, card: &tenancy::Card, placement: &tenancy::Placement) {
    let _ = gateway.prepare(card, Default::default());
    let _ = gateway.prepare(placement, Default::default());
}

fn main() {}
