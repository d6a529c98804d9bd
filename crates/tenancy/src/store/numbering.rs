//! The part of migration 4 that SQL cannot say the same way on both engines: random ids for what is there already.

use std::collections::HashSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::error::StoreError;
use crate::host::Host;
use crate::ids::EntityId;

const TABLES: [&str; 4] = ["collection", "card", "dashboard", "snippet"];

/// Gives each thing its entity id, and another number to whatever has one that something older has.
pub(super) async fn run(connection: &mut AnyConnection, host: &Host) -> Result<(), StoreError> {
    let mut things = Vec::new();
    for table in TABLES {
        let statement = format!("SELECT owner, id, number, created_at FROM {table}");
        for row in sqlx::query(AssertSqlSafe(statement)).fetch_all(&mut *connection).await? {
            let (owner, id): (String, String) = (row.try_get("owner")?, row.try_get("id")?);
            let (number, age): (i64, i64) = (row.try_get("number")?, row.try_get("created_at")?);
            things.push((age, id, owner, number, table));
        }
    }
    things.sort();
    let mut numbers: HashSet<i64> = things.iter().map(|thing| thing.3).collect();
    let mut given = HashSet::new();
    for (_, id, owner, mut number, table) in things {
        if !given.insert(number) {
            while !numbers.insert(number) {
                number = i64::from(host.number());
            }
            given.insert(number);
        }
        let statement = format!("UPDATE {table} SET number = $1, entity_id = $2 WHERE owner = $3 AND id = $4");
        let query = sqlx::query(AssertSqlSafe(statement)).bind(number).bind(String::from(EntityId::random(host)));
        query.bind(owner).bind(id).execute(&mut *connection).await?;
    }
    Ok(())
}
