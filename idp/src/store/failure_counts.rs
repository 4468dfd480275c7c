//! Failures since the last success, by account and lane: what no emptied Redis may forget.

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::entity::failure_counts::{ActiveModel, Column, Entity};
use super::{Conn, StoreError};
use crate::clock::Timestamp;

/// How many failures there are without a success.
pub async fn find(db: &impl Conn, account: &str, lane: &str) -> Result<i64, StoreError> {
    let key = (account.to_owned(), lane.to_owned());
    Ok(Entity::find_by_id(key)
        .one(db)
        .await?
        .map_or(0, |row| row.failures))
}

/// Counts one more failure, unless there are `limit` already. True when it was counted: of any number of callers at one
/// moment, as many as there was room for.
pub async fn add(
    db: &impl Conn,
    account: &str,
    lane: &str,
    limit: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if limit < 1 {
        return Ok(false);
    }
    let failures = || Expr::col((Entity, Column::Failures));
    let done = Entity::insert(ActiveModel {
        account_key: Set(account.to_owned()),
        lane: Set(lane.to_owned()),
        failures: Set(1),
        window_started_at: Set(now.unix()),
        last_failed_at: Set(now.unix()),
    })
    .on_conflict(
        OnConflict::columns([Column::AccountKey, Column::Lane])
            .value(Column::Failures, failures().add(1))
            .update_column(Column::LastFailedAt)
            .action_and_where(failures().lt(limit))
            .to_owned(),
    )
    .exec_without_returning(db)
    .await;
    match done {
        Ok(rows) => Ok(rows == 1),
        // The condition held nobody: sea-orm's word for a conflict that changed nothing.
        Err(sea_orm::DbErr::RecordNotInserted) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// How many failures there are in the lanes that begin with `prefix` and have seen one since `since`.
pub async fn sum(
    db: &impl Conn,
    account: &str,
    prefix: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    let rows = Entity::find()
        .filter(Column::AccountKey.eq(account))
        .filter(Column::LastFailedAt.gt(since.unix()))
        .all(db)
        .await?;
    Ok(rows
        .iter()
        .filter(|row| row.lane.starts_with(prefix))
        .map(|row| row.failures)
        .sum())
}

/// Forgets the failures of an account in one lane, as after a success in it.
pub async fn clear(db: &impl Conn, account: &str, lane: &str) -> Result<(), StoreError> {
    Entity::delete_by_id((account.to_owned(), lane.to_owned()))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets the failures of an account in all lanes, as after a reset.
pub async fn clear_all(db: &impl Conn, account: &str) -> Result<(), StoreError> {
    Entity::delete_many()
        .filter(Column::AccountKey.eq(account))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets names that nobody has, when nobody has tried them since `before`. Their keys begin with `prefix`.
pub async fn delete_stale(
    db: &impl Conn,
    prefix: &str,
    before: Timestamp,
) -> Result<u64, StoreError> {
    // A range instead of a pattern: nothing to escape, and the primary key serves it.
    let end = format!("{prefix}\u{7f}");
    let done = Entity::delete_many()
        .filter(Column::AccountKey.gte(prefix))
        .filter(Column::AccountKey.lt(end))
        .filter(Column::LastFailedAt.lt(before.unix()))
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
