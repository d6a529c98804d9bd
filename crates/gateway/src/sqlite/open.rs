//! Opening a tenant's file so that nothing but its rows can be read.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::{authorizer, functions};
use crate::error::RunError;

/// Virtual machine steps between two looks at the stop flag: a few microseconds.
const STEPS: i32 = 1000;

/// How long to wait for a writer that holds the file.
const LOCK_WAIT: Duration = Duration::from_secs(1);

/// Where the file is.
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) root: Arc<Path>,
}

/// An open file and what it was when it was opened.
pub(super) struct Opened {
    pub(super) connection: Connection,
    identity: (u64, u64),
}

impl Opened {
    /// True while the path still leads to the same file.
    pub(super) fn is_current(&self, place: &Place) -> bool {
        std::fs::metadata(&place.path).is_ok_and(|found| (found.dev(), found.ino()) == self.identity)
    }
}

pub(super) fn open(place: &Place, stop: &Arc<AtomicBool>) -> Result<Opened, RunError> {
    let root = place.root.canonicalize().map_err(|_| RunError::DatabaseMissing)?;
    let path = place.path.canonicalize().map_err(|_| RunError::DatabaseMissing)?;
    // Links may lead around inside the operator's directory, not out of it.
    if !path.starts_with(&root) || path == root {
        return Err(RunError::DatabaseMissing);
    }
    let found = std::fs::metadata(&path).map_err(|_| RunError::DatabaseMissing)?;
    if !found.is_file() {
        return Err(RunError::DatabaseMissing);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(&path, flags).map_err(|_| RunError::DatabaseMissing)?;
    harden(&connection, stop).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            RunError::Busy { retry_after: LOCK_WAIT }
        }
        _ => RunError::DatabaseMissing,
    })?;
    Ok(Opened { connection, identity: (found.dev(), found.ino()) })
}

fn harden(connection: &Connection, stop: &Arc<AtomicBool>) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_WAIT)?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
        (DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
        // A misspelt column must be an error and not a constant.
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    ] {
        connection.set_db_config(setting, value)?;
    }
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 10_000_000),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
        (Limit::SQLITE_LIMIT_COLUMN, 2000),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 64),
        (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    functions::add(connection)?;
    // Reads the header: a file that is no database is found out here, not in the middle of a card.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let stop = Arc::clone(stop);
    connection.progress_handler(STEPS, Some(move || stop.load(Ordering::Relaxed)))?;
    connection.authorizer(Some(authorizer::judge))
}
