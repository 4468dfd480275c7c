//! What a person is told about their own account: who helped, when a password was set anew.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::notices;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::PersonId;

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: String,
    /// Who is told.
    pub person_id: PersonId,
    /// What, by a stable word: `code_given`, `password_reset`, `claim_undone`, `account_reset`, `waits_cleared`,
    /// `password_recovered`, `password_changed`, `questions_changed`.
    pub kind: String,
    /// Name of who did it, where it was somebody else.
    pub actor: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Until when it is shown.
    pub until: Timestamp,
}

/// Inserts a notice.
pub async fn insert(db: &impl Conn, notice: &Notice) -> Result<(), StoreError> {
    notices::Entity::insert(notices::ActiveModel {
        id: Set(notice.id.clone()),
        person_id: Set(notice.person_id.to_string()),
        kind: Set(notice.kind.clone()),
        actor: Set(notice.actor.clone()),
        at: Set(notice.at.unix()),
        until: Set(notice.until.unix()),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// The notices that a person is shown at `now`, newest first.
pub async fn list(
    db: &impl Conn,
    id: &PersonId,
    now: Timestamp,
) -> Result<Vec<Notice>, StoreError> {
    let rows = notices::Entity::find()
        .filter(notices::Column::PersonId.eq(id.as_str()))
        .filter(notices::Column::Until.gt(now.unix()))
        .order_by_desc(notices::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Notice {
            id: row.id,
            person_id: PersonId::new(row.person_id),
            kind: row.kind,
            actor: row.actor,
            at: Timestamp::from_unix(row.at),
            until: Timestamp::from_unix(row.until),
        })
        .collect())
}
