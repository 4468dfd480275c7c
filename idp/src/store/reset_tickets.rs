//! Reset tickets: what the right answers are worth. One new password each.

use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::reset_tickets::{self, Column};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::secret::Digest;

/// A ticket.
#[derive(Clone, Debug)]
pub struct ResetTicket {
    /// Digest of what the browser holds.
    pub digest: Digest,
    /// Whose password.
    pub person_id: PersonId,
    /// The account's epoch when the answers were right; any later one voids the ticket.
    pub auth_epoch: i64,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// Inserts a ticket.
pub async fn insert(db: &impl Conn, ticket: &ResetTicket) -> Result<(), StoreError> {
    reset_tickets::Entity::insert(reset_tickets::ActiveModel {
        digest: Set(ticket.digest.as_str().to_owned()),
        person_id: Set(ticket.person_id.to_string()),
        auth_epoch: Set(ticket.auth_epoch),
        created_at: Set(ticket.created_at.unix()),
        expires_at: Set(ticket.expires_at.unix()),
        used_at: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Finds a ticket that is still good at `now`.
pub async fn find(
    db: &impl Conn,
    digest: &Digest,
    now: Timestamp,
) -> Result<Option<ResetTicket>, StoreError> {
    let row = reset_tickets::Entity::find_by_id(digest.as_str())
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.unix()))
        .one(db)
        .await?;
    Ok(row.map(|row| ResetTicket {
        digest: Digest::from_stored(row.digest),
        person_id: PersonId::new(row.person_id),
        auth_epoch: row.auth_epoch,
        created_at: Timestamp::from_unix(row.created_at),
        expires_at: Timestamp::from_unix(row.expires_at),
    }))
}

/// Uses a ticket. True for exactly one of any number of uses before its end.
pub async fn use_once(db: &impl Conn, digest: &Digest, now: Timestamp) -> Result<bool, StoreError> {
    let used = reset_tickets::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now.unix()))
        .filter(Column::Digest.eq(digest.as_str()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.unix()))
        .exec(db)
        .await?;
    Ok(used.rows_affected == 1)
}
