//! What is checked on this engine.

use tenancy::placement::{Placement, Server};

use super::{Finding, Outcome, Report};
use crate::connection::Connection;
use crate::error::RunError;

pub(super) async fn inspect(
    _placement: &Placement,
    _server: &Server,
    _connection: &mut Connection,
) -> Result<Report, RunError> {
    let finding = Finding::fails("preflight", Outcome::StopsTenantSql, "is not written yet for this engine");
    Ok(Report { findings: vec![finding], tables: Vec::new() })
}
