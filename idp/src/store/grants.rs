//! Standing permissions: rows only where refresh tokens hang from them.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::{grants, refresh_tokens};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::{ClientId, GrantId, PersonId, Sid};
use crate::protocol::refresh_token::Grant;
use crate::protocol::scope::ScopeSet;

/// Keeps a new grant.
pub async fn insert(db: &impl Conn, new: &Grant) -> Result<(), StoreError> {
    let request =
        serde_json::to_string(&new.terms).map_err(|error| StoreError::corrupt("grants", error))?;
    grants::Entity::insert(grants::ActiveModel {
        id: Set(new.id.to_string()),
        person_id: Set(new.person_id.to_string()),
        client_id: Set(new.client_id.to_string()),
        sid: Set(new.sid.as_ref().map(ToString::to_string)),
        scope: Set(new.scope.to_string()),
        request: Set(request),
        auth_time: Set(new.auth_time.unix()),
        auth_epoch: Set(new.auth_epoch),
        created_at: Set(new.created_at.unix()),
        expires_at: Set(new.expires_at.unix()),
        revoked_at: Set(new.revoked_at.map(Timestamp::unix)),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Finds a grant, living or not.
pub async fn find(db: &impl Conn, id: &GrantId) -> Result<Option<Grant>, StoreError> {
    grants::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(grant)
        .transpose()
}

/// Revokes a grant, and with it every token of its line. True when it lived.
pub async fn revoke(db: &impl Conn, id: &GrantId, at: Timestamp) -> Result<bool, StoreError> {
    let done = grants::Entity::update_many()
        .col_expr(grants::Column::RevokedAt, Expr::value(at.unix()))
        .filter(grants::Column::Id.eq(id.as_str()))
        .filter(grants::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Revokes every grant that ends with a session. Answers how many there were.
pub async fn revoke_of_session(
    db: &impl Conn,
    sid: &Sid,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let done = grants::Entity::update_many()
        .col_expr(grants::Column::RevokedAt, Expr::value(at.unix()))
        .filter(grants::Column::Sid.eq(sid.as_str()))
        .filter(grants::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}

/// Deletes up to `most` grants that ended before `before`, with their tokens. Answers how many.
pub async fn delete_ended(
    db: &impl Conn,
    before: Timestamp,
    most: u64,
) -> Result<usize, StoreError> {
    use sea_orm::{QueryOrder as _, QuerySelect as _};
    let ids: Vec<String> = grants::Entity::find()
        .select_only()
        .column(grants::Column::Id)
        .filter(grants::Column::ExpiresAt.lt(before.unix()))
        .order_by_asc(grants::Column::ExpiresAt)
        .limit(most)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    refresh_tokens::Entity::delete_many()
        .filter(refresh_tokens::Column::GrantId.is_in(ids.iter().map(String::as_str)))
        .exec(db)
        .await?;
    let count = ids.len();
    grants::Entity::delete_many()
        .filter(grants::Column::Id.is_in(ids))
        .exec(db)
        .await?;
    Ok(count)
}

pub(super) fn grant(row: grants::Model) -> Result<Grant, StoreError> {
    let corrupt = |what: &str| StoreError::corrupt("grants", format!("{what} of {}", row.id));
    Ok(Grant {
        scope: ScopeSet::parse(&row.scope).map_err(|_| corrupt("scope"))?,
        terms: serde_json::from_str(&row.request).map_err(|_| corrupt("request"))?,
        person_id: PersonId::new(row.person_id),
        client_id: ClientId::new(row.client_id),
        sid: row.sid.map(Sid::new),
        auth_time: Timestamp::from_unix(row.auth_time),
        auth_epoch: row.auth_epoch,
        created_at: Timestamp::from_unix(row.created_at),
        expires_at: Timestamp::from_unix(row.expires_at),
        revoked_at: row.revoked_at.map(Timestamp::from_unix),
        id: GrantId::new(row.id),
    })
}
