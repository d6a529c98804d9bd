//! A grant is proof that a scope was asked.

use std::marker::PhantomData;
use std::sync::Arc;

fn forge(scope: &tenancy::TenantScope, card: Arc<tenancy::Card>) {
    let _: tenancy::Granted<'_, tenancy::Run, tenancy::Card> =
        tenancy::Granted { scope, resource: card, from_library: true, via: None, action: PhantomData };
}

fn main() {}
