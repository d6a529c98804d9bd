//! `/api/permissions/group`, `/api/permissions/membership`: groups are tenants (ADR 11).

mod list;
mod memberships;
mod replace;
mod shape;
mod show;

use axum::routing::{delete, get, post, put};
use tenancy::Overview;
use tenancy::model::tenant::Tenant;

use super::super::api::Route;
use super::super::api::groups::{ADMINISTRATORS, EVERYBODY};
use super::refused;

pub(super) fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/permissions/group", get(list::list)),
        ("POST", "/api/permissions/group", post(refused::group_creation)),
        ("GET", "/api/permissions/group/{id}", get(show::show)),
        ("PUT", "/api/permissions/group/{id}", put(replace::replace)),
        ("DELETE", "/api/permissions/group/{id}", delete(refused::group_removal)),
        ("GET", "/api/permissions/membership", get(memberships::list)),
        ("POST", "/api/permissions/membership", post(refused::membership)),
        ("DELETE", "/api/permissions/membership/{id}", delete(refused::membership)),
    ]
}

/// Whom a graph's row is about.
#[derive(Clone, Copy)]
pub(super) enum Group<'o> {
    /// All tenants, those to come included.
    Everybody,
    /// Operators.
    Administrators,
    Tenant(&'o Tenant),
}

impl<'o> Group<'o> {
    /// Every group, the two of old first.
    pub(super) fn all(overview: &'o Overview) -> impl Iterator<Item = Self> {
        [Self::Everybody, Self::Administrators].into_iter().chain(overview.tenants.iter().map(Self::Tenant))
    }

    /// The group with a number.
    pub(super) fn find(overview: &'o Overview, number: &str) -> Option<Self> {
        Self::all(overview).find(|group| group.number().to_string() == number)
    }

    pub(super) fn number(self) -> i32 {
        match self {
            Self::Everybody => EVERYBODY,
            Self::Administrators => ADMINISTRATORS,
            Self::Tenant(tenant) => tenant.number,
        }
    }
}
