//! What would make, change or end people: they are not kept here.

use super::super::denied::Denied;
use super::super::key::Key;

/// `POST /api/user`
pub(in super::super) async fn create(key: Key) -> Result<Denied, Denied> {
    key.refuse(
        "People are not kept here: who looks is in the viewer of an embed token, and a program has a key. Make one with \
         POST /api/api-key.",
    )
    .await
}

/// `PUT /api/user/{id}` and `PUT /api/user/{id}/reactivate`
pub(in super::super) async fn change(key: Key) -> Result<Denied, Denied> {
    key.refuse(
        "Users are keys here, and a key never changes nor comes back. Make another with POST /api/api-key, and end this one \
         with DELETE /api/api-key/:id.",
    )
    .await
}

/// `PUT /api/user/{id}/password`
pub(in super::super) async fn password(key: Key) -> Result<Denied, Denied> {
    key.refuse("Users are keys here, and have no password. Another text comes from PUT /api/api-key/:id/regenerate.")
        .await
}

/// `DELETE /api/user/{id}`
pub(in super::super) async fn delete(key: Key) -> Result<Denied, Denied> {
    key.refuse("Users are keys here: end one with DELETE /api/api-key/:id.").await
}
