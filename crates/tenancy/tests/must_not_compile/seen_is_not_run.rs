//! What was granted for looking does not run.

fn run(_: &tenancy::Granted<'_, tenancy::Run, tenancy::Card>) {}

fn look(card: &tenancy::Granted<'_, tenancy::View, tenancy::Card>) {
    run(card);
    let _ = card.placement();
    let _ = card.inputs(Default::default());
}

fn main() {}
