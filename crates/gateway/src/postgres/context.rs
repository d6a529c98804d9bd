//! Whose rows a transaction reads, where tenants share a login: a signed text, see `setup::postgres::signed`.

use sha2::{Digest as _, Sha256};
use tenancy::placement::Placement;

use crate::setup::postgres::names::literal;
use crate::setup::postgres::signed::pads;

/// What signs for one tenant.
pub(crate) struct Context {
    pads: [u8; 128],
    tenant: String,
}

impl Context {
    /// None where the login says whose the session is.
    pub(crate) fn of(placement: &Placement) -> Option<Self> {
        let rows = placement.rows();
        // A key that is none signs nothing, and what is not signed shows no row.
        Some(Self { pads: pads(rows.signing.as_ref()?)?, tenant: rows.key.clone() })
    }

    /// The text that a transaction is told, good for this moment of this backend alone.
    pub(crate) fn signed(&self, moment: &str) -> String {
        let (inner, outer) = self.pads.split_at(64);
        let inner = Sha256::new().chain_update(inner).chain_update(format!("{}|{moment}", self.tenant)).finalize();
        let outer = Sha256::new().chain_update(outer).chain_update(inner).finalize();
        let mac: String = outer.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{mac}{}", self.tenant)
    }

    /// The statement that tells it.
    pub(super) fn statement(&self, moment: &str) -> String {
        format!("SELECT pg_catalog.set_config('cloison.context', {}, true)", literal(&self.signed(moment)))
    }
}
