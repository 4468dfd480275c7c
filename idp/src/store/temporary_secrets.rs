//! One-time codes and temporary passwords: kept as MACs, each used once.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::temporary_secrets::{self, Column};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::PersonId;

/// A secret that was handed out.
#[derive(Clone, Debug)]
pub struct TemporarySecret<'a> {
    /// Its id.
    pub id: String,
    /// Whose.
    pub person_id: &'a PersonId,
    /// `code` or `password`.
    pub kind: &'static str,
    /// Keyed hash of person, kind and secret.
    pub mac: String,
    /// Who handed it out.
    pub issued_by: &'a PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Inserts a secret; earlier ones of that person are void from now on.
pub async fn replace(db: &impl Conn, secret: &TemporarySecret<'_>) -> Result<(), StoreError> {
    void(db, secret.person_id, secret.created_at).await?;
    temporary_secrets::Entity::insert(temporary_secrets::ActiveModel {
        id: Set(secret.id.clone()),
        person_id: Set(secret.person_id.to_string()),
        kind: Set(secret.kind.to_owned()),
        mac: Set(secret.mac.clone()),
        issued_by: Set(secret.issued_by.to_string()),
        created_at: Set(secret.created_at.unix()),
        expires_at: Set(secret.expires_at.unix()),
        used_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Uses a secret of a person. True for exactly one of any number of uses before its end.
pub async fn use_once(
    db: &impl Conn,
    id: &PersonId,
    macs: &[String],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let used = temporary_secrets::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.unix()))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::Mac.is_in(macs.iter().map(String::as_str)))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.unix()))
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Whether a person has a secret that is still good: the question that costs nothing to everybody else.
pub async fn has_live(db: &impl Conn, id: &PersonId, now: Timestamp) -> Result<bool, StoreError> {
    let found = temporary_secrets::Entity::find()
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.unix()))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Voids all secrets of a person.
pub async fn void(db: &impl Conn, id: &PersonId, now: Timestamp) -> Result<(), StoreError> {
    temporary_secrets::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.unix()))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
