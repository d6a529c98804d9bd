//! So would a grant, which turned into running would run twice.

fn keep<'s>(card: &tenancy::Granted<'s, tenancy::Run, tenancy::Card>) -> tenancy::Granted<'s, tenancy::Run, tenancy::Card> {
    card.clone()
}

fn main() {}
