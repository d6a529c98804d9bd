//! Rotation of the key that seals secrets at rest.

use sqlx::AssertSqlSafe;

use super::OperatorScope;
use crate::error::WriteError;
use crate::load::{embed_key_place, placement_place, source_place};
use crate::model::keys::OperatorAction;
use crate::store::rows::{blob_or_none, text};
use crate::store::{Change, Event};

impl OperatorScope {
    /// Seals every stored secret with the newest key of the key file, and says how many there were.
    /// Afterwards the older keys can be taken out of the file. Kept answers to repeated creations are dropped.
    pub async fn reseal(&self) -> Result<u64, WriteError> {
        self.require(OperatorAction::TenantsManage)?;
        let mut change = self.kernel.store().change().await?;
        let mut count = 0;
        count += self.reseal_table(&mut change, "source", "id", "id", |id, _| source_place(id)).await?;
        count += self.reseal_table(&mut change, "placement", "tenant", "source", placement_place).await?;
        count += self.reseal_table(&mut change, "embed_key", "tenant", "id", embed_key_place).await?;
        change.execute(sqlx::query("DELETE FROM idempotency")).await?;
        let detail = format!("{count} secrets");
        let event = Event { action: "secrets.reseal", tenant: None, object: "instance", detail: &detail };
        self.kernel.commit(change, &self.actor, event).await?;
        Ok(count)
    }

    async fn reseal_table(
        &self,
        change: &mut Change,
        table: &str,
        first: &str,
        second: &str,
        place: impl Fn(&str, &str) -> String,
    ) -> Result<u64, WriteError> {
        let keyring = self.kernel.keyring();
        let select = format!("SELECT {first}, {second}, sealed FROM {table} WHERE sealed IS NOT NULL");
        let update = format!("UPDATE {table} SET sealed = $1 WHERE {first} = $2 AND {second} = $3");
        let mut count = 0;
        for row in change.all(sqlx::query(AssertSqlSafe(select))).await? {
            let sealed = blob_or_none(&row, "sealed")?.unwrap_or_default();
            if keyring.is_current(&sealed) {
                continue;
            }
            let (one, two) = (text(&row, first)?, text(&row, second)?);
            let place = place(&one, &two);
            let fresh = keyring.seal(self.kernel.host(), &place, &keyring.open(&place, &sealed)?)?;
            change.execute(sqlx::query(AssertSqlSafe(update.clone())).bind(fresh).bind(one).bind(two)).await?;
            count += 1;
        }
        Ok(count)
    }
}
