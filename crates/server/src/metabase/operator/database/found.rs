//! Which thing a database's number names. Destinations have none of their own: theirs follow from whose they are.

use std::collections::HashSet;

use tenancy::model::placing::Source;
use tenancy::{Destination, Overview, WriteError};

use super::super::super::api::denied::Denied;
use super::super::super::numbers::{Named, settled};
use super::super::admin::Admin;
use crate::problem::Problem;

/// A data source, or else where to look for a destination.
pub(super) enum Found {
    Source(Box<Source>),
    Destination(Overview),
}

impl Found {
    /// What the path names.
    pub(super) async fn of(admin: &Admin) -> Result<Self, Denied> {
        match admin.operator.source_numbered(admin.id()?).await {
            Ok(source) => Ok(Self::Source(Box::new(source))),
            Err(WriteError::Missing) => Ok(Self::Destination(admin.operator.overview().await?)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Destinations with their numbers.
pub(in super::super) fn numbered(overview: &Overview) -> Vec<(i32, Destination<'_>)> {
    let mut taken: HashSet<i32> = overview.sources.iter().map(|source| source.number).collect();
    let mut found = Vec::new();
    for destination in overview.destinations() {
        let named = Named::of(&["destination", destination.source.id.as_str(), destination.tenant.id.as_str()]);
        found.push((settled(named, &mut taken).number, destination));
    }
    found
}

/// The destination with a number.
pub(super) fn destination<'o>(overview: &'o Overview, admin: &Admin) -> Result<(i32, Destination<'o>), Denied> {
    let name = admin.id()?;
    let found = numbered(overview).into_iter().find(|(number, _)| number.to_string() == name);
    found.ok_or_else(|| Problem::missing().into())
}
