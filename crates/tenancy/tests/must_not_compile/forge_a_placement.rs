//! A placement comes from the catalog, which lets two tenants share nothing.

fn forge(tenant: tenancy::TenantId, source: tenancy::SourceId, connection: tenancy::placement::Connection, rows: tenancy::placement::Rows) {
    let level = tenancy::placement::Level::Database;
    let _ = tenancy::Placement { tenant, source, level, connection, rows, fingerprint: [0; 32], connection_limit: 1 };
}

fn main() {}
