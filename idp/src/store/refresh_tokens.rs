//! Refresh tokens by digest. Who wins a race is decided by conditional updates here, on every node alike.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::refresh_tokens;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::GrantId;
use crate::protocol::refresh_token::RefreshToken;
use crate::secret::Digest;

/// Keeps a new token.
pub async fn insert(db: &impl Conn, new: &RefreshToken) -> Result<(), StoreError> {
    refresh_tokens::Entity::insert(refresh_tokens::ActiveModel {
        digest: Set(new.digest.to_string()),
        grant_id: Set(new.grant_id.to_string()),
        generation: Set(new.generation),
        issued_at: Set(new.issued_at.unix()),
        expires_at: Set(new.expires_at.unix()),
        used_at: Set(new.used_at.map(Timestamp::unix)),
        successor: Set(new.successor.as_ref().map(ToString::to_string)),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Finds a token, used or not.
pub async fn find(db: &impl Conn, digest: &Digest) -> Result<Option<RefreshToken>, StoreError> {
    Ok(refresh_tokens::Entity::find_by_id(digest.as_str())
        .one(db)
        .await?
        .map(token))
}

/// Marks a token as used and points it at `successor`. True for the one caller that used it first.
pub async fn spend(
    db: &impl Conn,
    digest: &Digest,
    successor: &Digest,
    at: Timestamp,
) -> Result<bool, StoreError> {
    use refresh_tokens::Column;
    let done = refresh_tokens::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(at.unix()))
        .col_expr(Column::Successor, Expr::value(successor.as_str()))
        .filter(Column::Digest.eq(digest.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Takes a successor out of use because its answer was lost: it is used, by nobody, and points at nothing. True when it was
/// still unused.
pub async fn retire(db: &impl Conn, digest: &Digest, at: Timestamp) -> Result<bool, StoreError> {
    use refresh_tokens::Column;
    let done = refresh_tokens::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(at.unix()))
        .filter(Column::Digest.eq(digest.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Points a used token at another successor. True when it pointed at `old`.
pub async fn replace_successor(
    db: &impl Conn,
    digest: &Digest,
    old: &Digest,
    new: &Digest,
) -> Result<bool, StoreError> {
    use refresh_tokens::Column;
    let done = refresh_tokens::Entity::update_many()
        .col_expr(Column::Successor, Expr::value(new.as_str()))
        .filter(Column::Digest.eq(digest.as_str()))
        .filter(Column::Successor.eq(old.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn token(row: refresh_tokens::Model) -> RefreshToken {
    RefreshToken {
        digest: Digest::from_stored(row.digest),
        grant_id: GrantId::new(row.grant_id),
        generation: row.generation,
        issued_at: Timestamp::from_unix(row.issued_at),
        expires_at: Timestamp::from_unix(row.expires_at),
        used_at: row.used_at.map(Timestamp::from_unix),
        successor: row.successor.map(Digest::from_stored),
    }
}
