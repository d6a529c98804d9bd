//! Holding a scope is the right to speak for a tenant: nobody makes one from parts.

fn main() {
    let _ = tenancy::TenantScope {};
}
