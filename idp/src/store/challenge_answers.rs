//! The joint hash of a person's answers, and which questions they answered.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

use super::entity::challenge_answers;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::secret::Secret;

/// What a person has enrolled.
#[derive(Clone, Debug)]
pub struct Enrolled {
    /// Ids of the questions, in the order in which the answers were hashed.
    pub question_ids: Vec<String>,
    /// The joint hash.
    pub hash: Secret,
    /// When.
    pub set_at: Timestamp,
}

/// Finds what a person has enrolled.
pub async fn find(db: &impl Conn, id: &PersonId) -> Result<Option<Enrolled>, StoreError> {
    let row = challenge_answers::Entity::find_by_id(id.as_str())
        .one(db)
        .await?;
    Ok(row.map(|row| Enrolled {
        question_ids: row.question_ids.split(' ').map(str::to_owned).collect(),
        hash: Secret::new(row.hash),
        set_at: Timestamp::from_unix(row.set_at),
    }))
}

/// Sets a person's answers in place of those before.
pub async fn set(
    db: &impl Conn,
    id: &PersonId,
    question_ids: &[&str],
    hash: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    use challenge_answers::Column;
    challenge_answers::Entity::insert(challenge_answers::ActiveModel {
        person_id: Set(id.to_string()),
        question_ids: Set(question_ids.join(" ")),
        hash: Set(hash.to_owned()),
        set_at: Set(at.unix()),
    })
    .on_conflict(
        OnConflict::column(Column::PersonId)
            .update_columns([Column::QuestionIds, Column::Hash, Column::SetAt])
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Removes a person's answers.
pub async fn delete(db: &impl Conn, id: &PersonId) -> Result<(), StoreError> {
    challenge_answers::Entity::delete_by_id(id.as_str())
        .exec(db)
        .await?;
    Ok(())
}
