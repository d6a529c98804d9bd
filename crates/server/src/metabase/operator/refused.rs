//! What an administrator does in Metabase and nobody does here: each says what to do instead.

use super::super::api::denied::Denied;
use super::admin::Admin;

pub(super) async fn api_keys(_: Admin) -> Denied {
    Denied::bad(
        "Keys are listed for each tenant: GET /v1/tenants/:tenant/api-keys, or `cloison key list`. Operators' own are /v1/operator-keys.",
    )
}

pub(super) async fn tenant_removal(_: Admin) -> Denied {
    Denied::bad(
        "PUT {\"is_active\": false} suspends a tenant, and can be taken back. DELETE /v1/tenants/:tenant removes it for good, with its content and keys.",
    )
}

pub(super) async fn group_creation(_: Admin) -> Denied {
    Denied::bad(
        "A group of viewers is a tenant here: make one with POST /api/ee/tenant {\"name\", \"slug\"}; it is a group at once.",
    )
}

pub(super) async fn group_removal(_: Admin) -> Denied {
    Denied::bad(
        "A group is a tenant here: PUT /api/ee/tenant/:id {\"is_active\": false} suspends it, DELETE /v1/tenants/:tenant removes it for good.",
    )
}

pub(super) async fn membership(_: Admin) -> Denied {
    Denied::bad(
        "Nobody is put into groups here: whoever holds a tenant's key or token belongs to that tenant. Keys are made with POST /api/api-key {\"name\", \"group_id\"}.",
    )
}
