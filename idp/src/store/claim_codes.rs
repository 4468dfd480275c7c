//! Printed claim codes.

use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{accounts, claim_codes, people};
use super::people::person;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::person::{AccountState, Person, Population, RosterStatus};
use crate::ids::{PersonId, SchoolId};

/// Sets a person's code in place of the one before, which is void from then on.
pub async fn set(
    db: &impl Conn,
    id: &PersonId,
    digest: &str,
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    use claim_codes::Column;
    claim_codes::Entity::insert(claim_codes::ActiveModel {
        person_id: Set(id.to_string()),
        digest: Set(digest.to_owned()),
        issued_at: Set(at.unix()),
        expires_at: Set(expires_at.unix()),
        used_at: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::PersonId)
            .update_columns([
                Column::Digest,
                Column::IssuedAt,
                Column::ExpiresAt,
                Column::UsedAt,
            ])
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Whether the person's code has this digest and may still be used.
pub async fn is_open(
    db: &impl Conn,
    id: &PersonId,
    digest: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found = claim_codes::Entity::find_by_id(id.as_str())
        .filter(claim_codes::Column::Digest.eq(digest))
        .filter(claim_codes::Column::UsedAt.is_null())
        .filter(claim_codes::Column::ExpiresAt.gt(now.unix()))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Uses the person's code up. True for exactly one caller.
pub async fn use_up(
    db: &impl Conn,
    id: &PersonId,
    digest: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = claim_codes::Entity::update_many()
        .col_expr(claim_codes::Column::UsedAt, Expr::value(now.unix()))
        .filter(claim_codes::Column::PersonId.eq(id.as_str()))
        .filter(claim_codes::Column::Digest.eq(digest))
        .filter(claim_codes::Column::UsedAt.is_null())
        .filter(claim_codes::Column::ExpiresAt.gt(now.unix()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Lists the people of a school who have yet to claim: students, or staff.
pub async fn list_unclaimed(
    db: &impl Conn,
    school: &SchoolId,
    population: Population,
) -> Result<Vec<Person>, StoreError> {
    let unclaimed = Query::select()
        .column(accounts::Column::PersonId)
        .from(accounts::Entity)
        .and_where(accounts::Column::State.eq(AccountState::Unclaimed.as_str()))
        .to_owned();
    people::Entity::find()
        .filter(people::Column::PrimarySchoolId.eq(school.as_str()))
        .filter(people::Column::Population.eq(population.as_str()))
        .filter(people::Column::RosterStatus.eq(RosterStatus::Active.as_str()))
        .filter(people::Column::Number.is_not_null())
        .filter(people::Column::Id.in_subquery(unclaimed))
        .order_by_asc(people::Column::NameFolded)
        .order_by_asc(people::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(person)
        .collect()
}
