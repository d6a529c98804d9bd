//! Secrets, values and what holds them have no printed form: they cannot reach a log.

fn show(_: impl std::fmt::Debug) {}
fn write(_: impl std::fmt::Display) {}

fn print(
    secret: tenancy::Secret,
    key: tenancy::FreshKey,
    keyring: tenancy::Keyring,
    claims: tenancy::Claims,
    viewer: tenancy::Viewer,
    scope: tenancy::TenantScope,
    placement: tenancy::Placement,
    draft: tenancy::model::placing::PlacementDraft,
    new_key: tenancy::NewApiKey,
    new_embed_key: tenancy::NewEmbedKey,
) {
    write(&secret);
    show(secret);
    write(&key);
    show(key);
    show(keyring);
    show(claims);
    show(viewer);
    show(scope);
    show(placement);
    show(draft);
    show(new_key);
    show(new_embed_key);
}

fn main() {}
