//! A group's fields.

use std::collections::HashMap;

use serde::Serialize;

use super::super::tenant::in_force;
use super::Group;

#[derive(Serialize)]
pub(super) struct Shape<'o> {
    id: i32,
    name: &'o str,
    member_count: i64,
    is_tenant_group: bool,
    /// Only where one group is shown. Who holds a tenant's keys is the tenant's.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<[(); 0]>,
}

impl<'o> Shape<'o> {
    pub(super) fn of(group: Group<'o>, keys: &HashMap<String, i64>) -> Self {
        let (name, member_count) = match group {
            Group::Everybody => ("All Users", keys.values().sum()),
            // How many operators there are is told to who may manage them, at /v1/operator-keys.
            Group::Administrators => ("Administrators", 0),
            Group::Tenant(tenant) => (tenant.draft.name.as_str(), in_force(tenant, keys)),
        };
        let is_tenant_group = matches!(group, Group::Tenant(_));
        Self { id: group.number(), name, member_count, is_tenant_group, members: None }
    }

    pub(super) fn with_members(self) -> Self {
        Self { members: Some([]), ..self }
    }
}
