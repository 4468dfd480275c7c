//! Why something was refused, under the code that the person can show to staff.

use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::support_codes;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::{PersonId, SchoolId};

/// A refusal that can be asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupportCode {
    /// Six capital letters and digits, without the hyphen that is shown.
    pub code: String,
    /// `claim`, `sign_in` or `recover`.
    pub flow: String,
    /// The true reason, a stable word.
    pub reason: String,
    /// Whom it concerns, if anybody.
    pub person_id: Option<PersonId>,
    /// Their school: whose staff may read it.
    pub school_id: Option<SchoolId>,
    /// JSON object of what helps to put it right.
    pub detail: String,
    /// When it was refused.
    pub created_at: Timestamp,
    /// When the code says nothing any more.
    pub expires_at: Timestamp,
}

/// Inserts a code.
///
/// Errors: [`StoreError::Conflict`] when the code is taken; draw another.
pub async fn insert(db: &impl Conn, code: &SupportCode) -> Result<(), StoreError> {
    support_codes::Entity::insert(support_codes::ActiveModel {
        code: Set(code.code.clone()),
        flow: Set(code.flow.clone()),
        reason: Set(code.reason.clone()),
        person_id: Set(code.person_id.as_ref().map(ToString::to_string)),
        school_id: Set(code.school_id.as_ref().map(ToString::to_string)),
        detail: Set(code.detail.clone()),
        created_at: Set(code.created_at.unix()),
        expires_at: Set(code.expires_at.unix()),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Finds a code that still says something at `now`.
pub async fn find(
    db: &impl Conn,
    code: &str,
    now: Timestamp,
) -> Result<Option<SupportCode>, StoreError> {
    let row = support_codes::Entity::find_by_id(code)
        .filter(support_codes::Column::ExpiresAt.gt(now.unix()))
        .one(db)
        .await?;
    Ok(row.map(|row| SupportCode {
        code: row.code,
        flow: row.flow,
        reason: row.reason,
        person_id: row.person_id.map(PersonId::new),
        school_id: row.school_id.map(SchoolId::new),
        detail: row.detail,
        created_at: Timestamp::from_unix(row.created_at),
        expires_at: Timestamp::from_unix(row.expires_at),
    }))
}

/// Deletes what has expired. Answers how many rows went.
pub async fn delete_expired(db: &impl Conn, now: Timestamp) -> Result<u64, StoreError> {
    let done = support_codes::Entity::delete_many()
        .filter(support_codes::Column::ExpiresAt.lte(now.unix()))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
