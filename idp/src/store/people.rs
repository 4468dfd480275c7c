//! People and their accounts: finding them. Changes are made by the files of their flows.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::entity::{accounts, people, schools};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::person::{Account, AccountState, Person, Population, RosterStatus};
use crate::district::school::School;
use crate::ids::{PersonId, SchoolId};
use crate::secret::Secret;

/// Finds a person by our id.
pub async fn find(db: &impl Conn, id: &PersonId) -> Result<Option<Person>, StoreError> {
    people::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(person)
        .transpose()
}

/// Finds the account of a person.
pub async fn find_account(db: &impl Conn, id: &PersonId) -> Result<Option<Account>, StoreError> {
    accounts::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(account)
        .transpose()
}

/// Finds an account and its person by username, in lower case.
pub async fn find_by_username(
    db: &impl Conn,
    username: &str,
) -> Result<Option<(Account, Person)>, StoreError> {
    let Some(found) = accounts::Entity::find()
        .filter(accounts::Column::Username.eq(username))
        .one(db)
        .await?
    else {
        return Ok(None);
    };
    let person = people::Entity::find_by_id(&found.person_id)
        .one(db)
        .await?
        .ok_or_else(|| StoreError::corrupt("accounts", "person_id"))?;
    Ok(Some((account(found)?, self::person(person)?)))
}

/// Lists the people with a student or employee number, oldest first.
pub async fn list_by_number(db: &impl Conn, number: &str) -> Result<Vec<Person>, StoreError> {
    people::Entity::find()
        .filter(people::Column::Number.eq(number))
        .order_by_asc(people::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(person)
        .collect()
}

/// Finds a school by our id.
pub async fn find_school(db: &impl Conn, id: &SchoolId) -> Result<Option<School>, StoreError> {
    Ok(schools::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(school))
}

/// Lists all organisations by name.
pub async fn list_schools(db: &impl Conn) -> Result<Vec<School>, StoreError> {
    let rows = schools::Entity::find()
        .order_by_asc(schools::Column::Name)
        .order_by_asc(schools::Column::Id)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(school).collect())
}

/// The people with these ids and their accounts, by id.
pub async fn list_with_accounts(
    db: &impl Conn,
    ids: &[String],
) -> Result<BTreeMap<String, (Person, Account)>, StoreError> {
    let ids = || ids.iter().map(String::as_str);
    let people = people::Entity::find()
        .filter(people::Column::Id.is_in(ids()))
        .all(db)
        .await?;
    let accounts = accounts::Entity::find()
        .filter(accounts::Column::PersonId.is_in(ids()))
        .all(db)
        .await?;
    let mut found: BTreeMap<String, Account> = BTreeMap::new();
    for row in accounts {
        found.insert(row.person_id.clone(), account(row)?);
    }
    let mut loaded = BTreeMap::new();
    for row in people {
        if let Some(account) = found.remove(&row.id) {
            loaded.insert(row.id.clone(), (person(row)?, account));
        }
    }
    Ok(loaded)
}

/// Raises a person's `auth_epoch`: sessions, codes and refresh tokens made before are dead.
pub async fn raise_epoch(db: &impl Conn, id: &PersonId) -> Result<(), StoreError> {
    use sea_orm::ExprTrait as _;
    use sea_orm::sea_query::Expr;
    accounts::Entity::update_many()
        .col_expr(
            accounts::Column::AuthEpoch,
            Expr::col(accounts::Column::AuthEpoch).add(1),
        )
        .filter(accounts::Column::PersonId.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(())
}

pub(super) fn person(row: people::Model) -> Result<Person, StoreError> {
    Ok(Person {
        population: Population::parse(&row.population)
            .ok_or_else(|| StoreError::corrupt("people", "population"))?,
        roster_status: RosterStatus::parse(&row.roster_status)
            .ok_or_else(|| StoreError::corrupt("people", "roster_status"))?,
        id: PersonId::new(row.id),
        sourced_id: row.sourced_id,
        role: row.role,
        given_name: row.given_name,
        family_name: row.family_name,
        middle_name: row.middle_name,
        preferred_given_name: row.preferred_given_name,
        preferred_family_name: row.preferred_family_name,
        number: row.number,
        email: row.email,
        grades: row
            .grades
            .split(',')
            .filter(|grade| !grade.is_empty())
            .map(Into::into)
            .collect(),
        primary_school_id: row.primary_school_id.map(SchoolId::new),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        birth_date: row.birth_date,
        version: row.version,
        updated_at: Timestamp::from_unix(row.updated_at),
    })
}

pub(super) fn account(row: accounts::Model) -> Result<Account, StoreError> {
    Ok(Account {
        state: AccountState::parse(&row.state)
            .ok_or_else(|| StoreError::corrupt("accounts", "state"))?,
        person_id: PersonId::new(row.person_id),
        username: row.username,
        auth_epoch: row.auth_epoch,
        password_hash: row.password_hash.map(Secret::new),
        password_set_at: row.password_set_at.map(Timestamp::from_unix),
        recovery_pending: row.recovery_pending,
        must_change_password: row.must_change_password,
        claimed_at: row.claimed_at.map(Timestamp::from_unix),
        locale: row.locale,
        last_sign_in_at: row.last_sign_in_at.map(Timestamp::from_unix),
    })
}

fn school(row: schools::Model) -> School {
    School {
        id: SchoolId::new(row.id),
        sourced_id: row.sourced_id,
        name: row.name,
        kind: row.kind,
        identifier: row.identifier,
        help_contact: row.help_contact,
    }
}
