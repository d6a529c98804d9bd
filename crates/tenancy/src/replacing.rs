//! Another text for an API key: a key that is made in the place of one that ends.

use crate::error::WriteError;
use crate::keys::{KeyOffice, NewApiKey};
use crate::store::Event;

impl KeyOffice {
    /// Makes a key with the name, the scopes and the limits of one that is in force, and ends that one with all that was made with
    /// it: both or neither.
    ///
    /// It is another key, and a key of whoever asks: never wider, and it ends with the key that asks. Keeping the row and changing
    /// its text would be less work, but answers that run by the old text would run on. A key does not replace itself, nor one that
    /// it was made with: whoever stole it would be left with a key that does not end with what was stolen.
    pub async fn replace_api_key(&self, id: &str) -> Result<NewApiKey, WriteError> {
        self.require()?;
        let draft = self.settled(self.api_key(id).await?.draft).await?;
        let mut change = self.kernel.store().change().await?;
        self.check_maker(&mut change).await?;
        self.end_family(&mut change, id).await?;
        self.check_maker(&mut change).await.map_err(|error| match error {
            WriteError::Forbidden(_) => WriteError::InUse(
                "a key does not replace itself, nor one that it was made with: another key that may manage keys, or the \
                 operator, does",
            ),
            other => other,
        })?;
        let new = self.insert_api_key(&mut change, draft).await?;
        let event = Event {
            action: "api_key.replace",
            tenant: Some(self.tenant.as_str()),
            object: id,
            detail: new.key.id.as_str(),
        };
        self.kernel.commit_creation(change, &self.actor, event, &new).await?;
        Ok(new)
    }
}
