//! Registered clients.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{clients, grants};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::ClientId;
use crate::protocol::client_secret::{ClientStatus, Registration, StoredSecret};
use crate::secret::Digest;

/// Finds a client.
pub async fn find(db: &impl Conn, id: &ClientId) -> Result<Option<Registration>, StoreError> {
    clients::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(registration)
        .transpose()
}

/// Lists all clients by id.
pub async fn list(db: &impl Conn) -> Result<Vec<Registration>, StoreError> {
    clients::Entity::find()
        .order_by_asc(clients::Column::ClientId)
        .all(db)
        .await?
        .into_iter()
        .map(registration)
        .collect()
}

/// Keeps a new client.
///
/// # Errors
/// `Conflict` where one with this id exists.
pub async fn insert(db: &impl Conn, new: &Registration) -> Result<(), StoreError> {
    clients::Entity::insert(clients::ActiveModel {
        client_id: Set(new.client.client_id.to_string()),
        metadata: Set(json(&new.client)?),
        secrets: Set(json(&new.secrets)?),
        status: Set(new.status.as_str().to_owned()),
        version: Set(new.version),
        created_at: Set(new.created_at.unix()),
        updated_at: Set(new.updated_at.unix()),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Puts metadata, secrets and status of `new` in the place of version `new.version - 1`. True when that version stood there.
pub async fn replace(db: &impl Conn, new: &Registration) -> Result<bool, StoreError> {
    use clients::Column;
    let done = clients::Entity::update_many()
        .col_expr(Column::Metadata, Expr::value(json(&new.client)?))
        .col_expr(Column::Secrets, Expr::value(json(&new.secrets)?))
        .col_expr(Column::Status, Expr::value(new.status.as_str()))
        .col_expr(Column::Version, Expr::value(new.version))
        .col_expr(Column::UpdatedAt, Expr::value(new.updated_at.unix()))
        .filter(Column::ClientId.eq(new.client.client_id.as_str()))
        .filter(Column::Version.eq(new.version - 1))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes when a secret was used. Does nothing where the secrets change at the same moment: the next use notes it.
pub async fn note_use(
    db: &impl Conn,
    id: &ClientId,
    digest: &Digest,
    at: Timestamp,
) -> Result<(), StoreError> {
    let Some(row) = clients::Entity::find_by_id(id.as_str()).one(db).await? else {
        return Ok(());
    };
    let before = row.secrets.clone();
    let mut secrets = registration(row)?.secrets;
    for secret in secrets.iter_mut().filter(|secret| secret.digest == *digest) {
        secret.last_used_at = secret.last_used_at.max(Some(at));
    }
    clients::Entity::update_many()
        .col_expr(clients::Column::Secrets, Expr::value(json(&secrets)?))
        .filter(clients::Column::ClientId.eq(id.as_str()))
        .filter(clients::Column::Secrets.eq(before))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes a client. True when it was there.
pub async fn delete(db: &impl Conn, id: &ClientId) -> Result<bool, StoreError> {
    let done = clients::Entity::delete_by_id(id.as_str()).exec(db).await?;
    Ok(done.rows_affected == 1)
}

/// Ends every standing grant of a client, and with it what hangs from it. Answers how many there were.
pub async fn end_grants(db: &impl Conn, id: &ClientId, at: Timestamp) -> Result<u64, StoreError> {
    let done = grants::Entity::update_many()
        .col_expr(grants::Column::RevokedAt, Expr::value(at.unix()))
        .filter(grants::Column::ClientId.eq(id.as_str()))
        .filter(grants::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("clients", error))
}

fn registration(row: clients::Model) -> Result<Registration, StoreError> {
    let corrupt =
        |what: &str| StoreError::corrupt("clients", format!("{what} of {}", row.client_id));
    let client = serde_json::from_str(&row.metadata).map_err(|_| corrupt("metadata"))?;
    let secrets: Vec<StoredSecret> =
        serde_json::from_str(&row.secrets).map_err(|_| corrupt("secrets"))?;
    Ok(Registration {
        client,
        secrets,
        status: ClientStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        version: row.version,
        created_at: Timestamp::from_unix(row.created_at),
        updated_at: Timestamp::from_unix(row.updated_at),
    })
}
