//! Changes of accounts. Each is one conditional statement that answers whether it was the one that changed the row.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::entity::{accounts, people};
use super::people::{account, person};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::claiming::Candidate;
use crate::district::person::{AccountState, RosterStatus};
use crate::ids::PersonId;
use crate::secret::{Digest, Secret};

/// A claim that is about to be made.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Whose account.
    pub person_id: &'a PersonId,
    /// PHC string of the chosen password.
    pub password_hash: &'a str,
    /// Whether questions are still to be answered.
    pub recovery_pending: bool,
    /// Kind of network, as `school`.
    pub from: &'a str,
    /// Digest of the claim's ticket: it tells a claim that is sent twice from a second claim.
    pub ticket: &'a Digest,
    /// When.
    pub at: Timestamp,
}

/// Keeps the language that a person chose, as a tag.
pub async fn set_locale(db: &impl Conn, id: &PersonId, tag: &str) -> Result<(), StoreError> {
    accounts::Entity::update_many()
        .col_expr(accounts::Column::Locale, Expr::value(tag))
        .filter(accounts::Column::PersonId.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes an unclaimed account of a person who is in the roster. True for exactly one of any number of claims.
pub async fn claim(db: &impl Conn, claim: &Claim<'_>) -> Result<bool, StoreError> {
    use accounts::Column;
    let in_roster = Query::select()
        .column(people::Column::Id)
        .from(people::Entity)
        .and_where(people::Column::Id.eq(claim.person_id.as_str()))
        .and_where(people::Column::RosterStatus.eq(RosterStatus::Active.as_str()))
        .to_owned();
    let done = accounts::Entity::update_many()
        .col_expr(Column::State, Expr::value(AccountState::Active.as_str()))
        .col_expr(Column::PasswordHash, Expr::value(claim.password_hash))
        .col_expr(Column::PasswordSetAt, Expr::value(claim.at.unix()))
        .col_expr(Column::RecoveryPending, Expr::value(claim.recovery_pending))
        .col_expr(Column::MustChangePassword, Expr::value(false))
        .col_expr(Column::ClaimedAt, Expr::value(claim.at.unix()))
        .col_expr(Column::ClaimedFrom, Expr::value(claim.from))
        .col_expr(Column::ClaimTicket, Expr::value(claim.ticket.as_str()))
        .col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1))
        .filter(Column::PersonId.eq(claim.person_id.as_str()))
        .filter(Column::State.eq(AccountState::Unclaimed.as_str()))
        .filter(Column::PersonId.in_subquery(in_roster))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Whether the account was claimed with this ticket: the claim's answer was lost, and the person sent it again.
pub async fn was_claimed_with(
    db: &impl Conn,
    id: &PersonId,
    ticket: &Digest,
) -> Result<bool, StoreError> {
    let found = accounts::Entity::find_by_id(id.as_str())
        .filter(accounts::Column::State.eq(AccountState::Active.as_str()))
        .filter(accounts::Column::ClaimTicket.eq(ticket.as_str()))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Activates an unclaimed account by an administrator's file: no questions are open. True when it was unclaimed.
pub async fn activate(
    db: &impl Conn,
    id: &PersonId,
    hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    use accounts::Column;
    let done = accounts::Entity::update_many()
        .col_expr(Column::State, Expr::value(AccountState::Active.as_str()))
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::PasswordSetAt, Expr::value(at.unix()))
        .col_expr(Column::RecoveryPending, Expr::value(false))
        .col_expr(Column::MustChangePassword, Expr::value(false))
        .col_expr(Column::ClaimedAt, Expr::value(at.unix()))
        .col_expr(Column::ClaimedFrom, Expr::value("file"))
        .col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::State.eq(AccountState::Unclaimed.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Sets a new password on a claimed account and raises its epoch, which ends all sessions, codes and refresh tokens. Only
/// while the epoch is still `epoch`. True when it did.
pub async fn set_password(
    db: &impl Conn,
    id: &PersonId,
    epoch: i64,
    hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    use accounts::Column;
    let done = accounts::Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::PasswordSetAt, Expr::value(at.unix()))
        .col_expr(Column::MustChangePassword, Expr::value(false))
        .col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::State.eq(AccountState::Active.as_str()))
        .filter(Column::AuthEpoch.eq(epoch))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Replaces the hash of an unchanged password by one of today's parameters, unless another has come in between.
pub async fn replace_hash(
    db: &impl Conn,
    id: &PersonId,
    old: &Secret,
    new: &str,
) -> Result<bool, StoreError> {
    let done = accounts::Entity::update_many()
        .col_expr(accounts::Column::PasswordHash, Expr::value(new))
        .filter(accounts::Column::PersonId.eq(id.as_str()))
        .filter(accounts::Column::PasswordHash.eq(old.expose()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Notes that the questions have been answered, or that the person may do without. True when they were open.
pub async fn close_recovery(db: &impl Conn, id: &PersonId) -> Result<bool, StoreError> {
    let done = accounts::Entity::update_many()
        .col_expr(accounts::Column::RecoveryPending, Expr::value(false))
        .filter(accounts::Column::PersonId.eq(id.as_str()))
        .filter(accounts::Column::State.eq(AccountState::Active.as_str()))
        .filter(accounts::Column::RecoveryPending.eq(true))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Lists the people with one of these numbers, with their accounts, oldest first.
pub async fn list_candidates(
    db: &impl Conn,
    numbers: &[String],
) -> Result<Vec<Candidate>, StoreError> {
    let rows = people::Entity::find()
        .filter(people::Column::Number.is_in(numbers))
        .order_by_asc(people::Column::Id)
        .all(db)
        .await?;
    // Both questions are always asked: a number that nobody has must not answer sooner.
    let ids = rows.iter().map(|row| row.id.as_str());
    let found = accounts::Entity::find()
        .filter(accounts::Column::PersonId.is_in(ids))
        .all(db)
        .await?;
    let mut candidates = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(own) = found.iter().find(|account| account.person_id == row.id) {
            candidates.push(Candidate {
                person: person(row)?,
                account: account(own.clone())?,
            });
        }
    }
    Ok(candidates)
}

/// Takes a claimed account back to unclaimed: password and open questions go, username and subject stay, sessions, codes and
/// refresh tokens end. With `claimed_since`, only if it was claimed at or after that moment. True when it did.
pub async fn unclaim(
    db: &impl Conn,
    id: &PersonId,
    claimed_since: Option<Timestamp>,
) -> Result<bool, StoreError> {
    use accounts::Column;
    let mut update = accounts::Entity::update_many()
        .col_expr(Column::State, Expr::value(AccountState::Unclaimed.as_str()))
        .col_expr(Column::PasswordHash, Expr::value(Option::<String>::None))
        .col_expr(Column::PasswordSetAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::ClaimedAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::RecoveryPending, Expr::value(false))
        .col_expr(Column::MustChangePassword, Expr::value(false))
        .col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::State.eq(AccountState::Active.as_str()));
    if let Some(since) = claimed_since {
        update = update.filter(Column::ClaimedAt.gte(since.unix()));
    }
    Ok(update.exec(db).await?.rows_affected == 1)
}

/// Makes a claimed account ask for a new password at the next sign-in, and ends what is open. True when it did.
pub async fn demand_new_password(db: &impl Conn, id: &PersonId) -> Result<bool, StoreError> {
    use accounts::Column;
    let done = accounts::Entity::update_many()
        .col_expr(Column::MustChangePassword, Expr::value(true))
        .col_expr(Column::AuthEpoch, Expr::col(Column::AuthEpoch).add(1))
        .filter(Column::PersonId.eq(id.as_str()))
        .filter(Column::State.eq(AccountState::Active.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
