//! Rows on a screen are no file: that is another right.

fn download(_: tenancy::Granted<'_, tenancy::Export, tenancy::Card>) {}

fn show(card: tenancy::Granted<'_, tenancy::Run, tenancy::Card>) {
    download(card);
}

fn widen(card: tenancy::Granted<'_, tenancy::View, tenancy::Card>) {
    let _ = card.into_run();
}

fn main() {}
