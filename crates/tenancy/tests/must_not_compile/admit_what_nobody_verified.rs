//! Claims are what somebody says. Admission takes the credential itself, and makes them of it.

async fn admit(tenancy: &tenancy::Tenancy, claims: tenancy::Claims, key: tenancy::ApiKeyId) {
    let _ = tenancy.admit_embed(&claims, None).await;
    let _ = tenancy.admit_key(&key, None).await;
    let _: tenancy::TenantScope = claims.into();
}

fn main() {}
