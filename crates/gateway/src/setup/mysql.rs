//! What a MariaDB or MySQL server needs for each level.

use std::time::Duration;

use tenancy::placement::{Placement, Server};

use super::{Administrator, Script, SetupError};
use crate::settings::Settings;

pub(super) fn script(_placement: &Placement, _server: &Server) -> Result<Script, SetupError> {
    Err(SetupError::Placement("not written yet for this engine".to_owned()))
}

pub(super) async fn apply(
    _server: &Server,
    _administrator: &Administrator,
    _script: &Script,
    _settings: &Settings,
    _timeout: Duration,
) -> Result<(), SetupError> {
    Err(SetupError::Placement("not written yet for this engine".to_owned()))
}
