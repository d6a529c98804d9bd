//! Forward-only migrations: each in one transaction, recorded by number.

use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor, Row};

use super::numbering;
use crate::error::StoreError;
use crate::host::Host;

/// In order. A released text never changes; a new one is added below.
const MIGRATIONS: [&str; 7] = [
    include_str!("migrations/0001_first.sql"),
    include_str!("migrations/0002_claim_areas.sql"),
    include_str!("migrations/0003_operator_key_parents.sql"),
    include_str!("migrations/0004_entity_ids.sql"),
    include_str!("migrations/0005_numbers_once.sql"),
    include_str!("migrations/0006_public_links.sql"),
    include_str!("migrations/0007_tenant_hosts.sql"),
];

/// The migration after which what was there already gets its random ids, in the same transaction.
const NUMBERING: i64 = 4;

pub(super) async fn run(pool: &AnyPool, sqlite: bool, host: &Host) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    begin(&mut connection, sqlite).await?;
    for (index, text) in MIGRATIONS.iter().enumerate() {
        let version = i64::try_from(index).unwrap_or(i64::MAX) + 1;
        apply(&mut connection, version, text, sqlite, host).await?;
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    match newest(&mut connection).await? {
        found if found > known => Err(StoreError::Newer { found, known }),
        _ => Ok(()),
    }
}

/// Among the advisory locks of a PostgreSQL database.
const LOCK: i64 = 0x636c_6f69_736f_6e01;

/// The table of versions. PostgreSQL lets two sessions make the same table at once and then fails one of them.
async fn begin(connection: &mut AnyConnection, sqlite: bool) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    if !sqlite {
        let lock = "SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock($1)) AS waited";
        sqlx::query(lock).bind(LOCK).execute(&mut *transaction).await?;
    }
    transaction.execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY)").await?;
    Ok(transaction.commit().await?)
}

/// Two servers may start at once: the version row is inserted first, so the second waits and then sees it.
async fn apply(
    connection: &mut AnyConnection,
    version: i64,
    text: &str,
    sqlite: bool,
    host: &Host,
) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    let insert = "INSERT INTO schema_version (version) VALUES ($1) ON CONFLICT DO NOTHING";
    let done = sqlx::query(insert).bind(version).execute(&mut *transaction).await?;
    if done.rows_affected() == 0 {
        return Ok(transaction.rollback().await?);
    }
    let text = text.replace("{blob}", if sqlite { "BLOB" } else { "BYTEA" });
    for statement in statements(&text) {
        sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut *transaction).await?;
    }
    if version == NUMBERING {
        numbering::run(&mut transaction, host).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Our own migration files hold no `;` inside a statement.
fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|statement| {
        statement.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
    })
}

async fn newest(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT MAX(version) AS version FROM schema_version").fetch_one(connection).await?;
    Ok(row.try_get("version")?)
}
