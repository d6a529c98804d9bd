//! What makes scopes, keys and empty grants is this crate's own.

fn main() {
    let _ = tenancy::OperatorScope::of_key;
    let _ = tenancy::KeyOffice::of_operator;
    let _ = tenancy::Desk::new;
    let _ = tenancy::Grant::of_token;
    let _ = tenancy::FreshKey::random;
    let _ = tenancy::Keyring::open_text;
    let _ = tenancy::Grant(Vec::new());
}
