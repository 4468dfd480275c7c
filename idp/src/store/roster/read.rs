//! What an import compares with. Large tables are read page by page, so that memory holds one page.

use sea_orm::{
    ColumnTrait as _, DerivePartialModel, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::district::person::{AccountState, Population, RosterStatus};
use crate::district::roster::known::{KnownAffiliation, KnownOrg, KnownPerson, StoredRow};
use crate::store::entity::{
    academic_sessions, accounts, affiliations, classes, courses, enrollments, people, schools,
};
use crate::store::{Conn, StoreError};

/// Rows of one page.
const PAGE: u64 = 5_000;
/// Smaller than any id.
const FIRST: &str = "";

/// All organisations, in the order of their ids.
pub async fn list_orgs(db: &impl Conn) -> Result<Vec<KnownOrg>, StoreError> {
    let rows = schools::Entity::find()
        .order_by_asc(schools::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| KnownOrg {
            id: row.id.into(),
            sourced_id: row.sourced_id.into(),
            name: row.name.into(),
            kind: row.kind.into(),
            identifier: row.identifier.map(Into::into),
            active: row.roster_status == RosterStatus::Active.as_str(),
            row_hash: row.row_hash,
        })
        .collect())
}

#[derive(DerivePartialModel)]
#[sea_orm(entity = "people::Entity")]
struct PersonColumns {
    id: String,
    sourced_id: Option<String>,
    legacy_sourced_id: Option<String>,
    population: String,
    role: String,
    name_folded: String,
    number: Option<String>,
    roster_status: String,
    primary_school_id: Option<String>,
    starts_on: Option<String>,
    ends_on: Option<String>,
    birth_date: Option<String>,
    row_hash: i64,
}

/// All people with their usernames, in the order of their ids.
pub async fn list_people(db: &impl Conn) -> Result<Vec<KnownPerson>, StoreError> {
    let mut out: Vec<KnownPerson> = Vec::new();
    loop {
        let after = out.last().map_or(FIRST, |person| &*person.id).to_owned();
        let page: Vec<PersonColumns> = people::Entity::find()
            .filter(people::Column::Id.gt(after.as_str()))
            .order_by_asc(people::Column::Id)
            .limit(PAGE)
            .into_partial_model()
            .all(db)
            .await?;
        let Some(last) = page.last().map(|row| row.id.clone()) else {
            return Ok(out);
        };
        let names: Vec<(String, Option<String>, String)> = accounts::Entity::find()
            .select_only()
            .columns([
                accounts::Column::PersonId,
                accounts::Column::Username,
                accounts::Column::State,
            ])
            .filter(accounts::Column::PersonId.gt(after))
            .filter(accounts::Column::PersonId.lte(last))
            .order_by_asc(accounts::Column::PersonId)
            .into_tuple()
            .all(db)
            .await?;
        let mut names = names.into_iter().peekable();
        for row in page {
            while names.next_if(|(id, ..)| *id < row.id).is_some() {}
            let account = names.next_if(|(id, ..)| *id == row.id);
            out.push(person(row, account.map(|(_, name, state)| (name, state)))?);
        }
    }
}

fn person(
    row: PersonColumns,
    account: Option<(Option<String>, String)>,
) -> Result<KnownPerson, StoreError> {
    let (username, state) =
        account.unwrap_or_else(|| (None, AccountState::Unclaimed.as_str().into()));
    Ok(KnownPerson {
        population: Population::parse(&row.population)
            .ok_or_else(|| StoreError::corrupt("people", "population"))?,
        status: RosterStatus::parse(&row.roster_status)
            .ok_or_else(|| StoreError::corrupt("people", "roster_status"))?,
        claimed: state != AccountState::Unclaimed.as_str(),
        id: row.id.into(),
        sourced_id: row.sourced_id.map(Into::into),
        legacy: row.legacy_sourced_id.map(Into::into),
        role: row.role.into(),
        name_folded: row.name_folded.into(),
        number: row.number.map(Into::into),
        primary_school: row.primary_school_id.map(Into::into),
        starts_on: row.starts_on.map(Into::into),
        ends_on: row.ends_on.map(Into::into),
        birth_date: row.birth_date.map(Into::into),
        row_hash: row.row_hash,
        username: username.map(Into::into),
    })
}

/// All affiliations of organisations that people still have or had.
pub async fn list_affiliations(db: &impl Conn) -> Result<Vec<KnownAffiliation>, StoreError> {
    let mut out: Vec<KnownAffiliation> = Vec::new();
    let mut after = FIRST.to_owned();
    loop {
        let page = affiliations::Entity::find()
            .filter(affiliations::Column::Id.gt(after.as_str()))
            .order_by_asc(affiliations::Column::Id)
            .limit(PAGE)
            .all(db)
            .await?;
        let Some(last) = page.last() else {
            return Ok(out);
        };
        after.clone_from(&last.id);
        out.extend(page.into_iter().map(|row| KnownAffiliation {
            id: row.id.into(),
            sourced_id: row.sourced_id.into(),
            person_id: row.person_id.into(),
            school_id: row.school_id.into(),
            role: row.role.into(),
            primary: row.role_type == "primary",
            begin: row.begin_date.map(Into::into),
            end: row.end_date.map(Into::into),
            active: row.roster_status == RosterStatus::Active.as_str(),
            row_hash: row.row_hash,
        }));
    }
}

/// A stored session of the school year.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// Our id.
    pub id: String,
    /// OneRoster's.
    pub sourced_id: String,
    /// First day.
    pub start: String,
    /// Day after the last.
    pub end: String,
    /// Not `tobedeleted`.
    pub active: bool,
    /// Fingerprint.
    pub row_hash: i64,
}

/// All sessions.
pub async fn list_sessions(db: &impl Conn) -> Result<Vec<StoredSession>, StoreError> {
    let rows = academic_sessions::Entity::find()
        .order_by_asc(academic_sessions::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| StoredSession {
            active: row.roster_status == RosterStatus::Active.as_str(),
            id: row.id,
            sourced_id: row.sourced_id,
            start: row.start_date,
            end: row.end_date,
            row_hash: row.row_hash,
        })
        .collect())
}

/// Shows every course to `visit`.
pub async fn each_course(
    db: &impl Conn,
    mut visit: impl FnMut(StoredRow<'_>),
) -> Result<(), StoreError> {
    let mut after = FIRST.to_owned();
    loop {
        let page: Vec<(String, String, String, i64)> = courses::Entity::find()
            .select_only()
            .columns([
                courses::Column::Id,
                courses::Column::SourcedId,
                courses::Column::RosterStatus,
                courses::Column::RowHash,
            ])
            .filter(courses::Column::Id.gt(after.as_str()))
            .order_by_asc(courses::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for row in &page {
            visit(stored(row));
        }
    }
}

/// Shows every class to `visit`.
pub async fn each_class(
    db: &impl Conn,
    mut visit: impl FnMut(StoredRow<'_>),
) -> Result<(), StoreError> {
    let mut after = FIRST.to_owned();
    loop {
        let page: Vec<(String, String, String, i64)> = classes::Entity::find()
            .select_only()
            .columns([
                classes::Column::Id,
                classes::Column::SourcedId,
                classes::Column::RosterStatus,
                classes::Column::RowHash,
            ])
            .filter(classes::Column::Id.gt(after.as_str()))
            .order_by_asc(classes::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for row in &page {
            visit(stored(row));
        }
    }
}

fn stored((id, sourced_id, status, row_hash): &(String, String, String, i64)) -> StoredRow<'_> {
    StoredRow {
        id,
        sourced_id,
        active: status == RosterStatus::Active.as_str(),
        row_hash: *row_hash,
    }
}

/// Shows every enrollment and its person's id to `visit`.
pub async fn each_enrollment(
    db: &impl Conn,
    mut visit: impl FnMut(StoredRow<'_>, &str),
) -> Result<(), StoreError> {
    let mut after = FIRST.to_owned();
    loop {
        let page: Vec<(String, String, String, i64, String)> = enrollments::Entity::find()
            .select_only()
            .columns([
                enrollments::Column::Id,
                enrollments::Column::SourcedId,
                enrollments::Column::RosterStatus,
                enrollments::Column::RowHash,
                enrollments::Column::PersonId,
            ])
            .filter(enrollments::Column::Id.gt(after.as_str()))
            .order_by_asc(enrollments::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, ..)) = page.last() else {
            return Ok(());
        };
        after.clone_from(last);
        for (id, sourced_id, status, row_hash, person_id) in &page {
            let row = StoredRow {
                id,
                sourced_id,
                active: status == RosterStatus::Active.as_str(),
                row_hash: *row_hash,
            };
            visit(row, person_id);
        }
    }
}

/// Rows that are in the roster: people, classes, enrollments.
pub async fn count(db: &impl Conn) -> Result<(u64, u64, u64), StoreError> {
    let active = RosterStatus::Active.as_str();
    let people = people::Entity::find()
        .filter(people::Column::RosterStatus.eq(active))
        .count(db)
        .await?;
    let classes = classes::Entity::find()
        .filter(classes::Column::RosterStatus.eq(active))
        .count(db)
        .await?;
    let enrollments = enrollments::Entity::find()
        .filter(enrollments::Column::RosterStatus.eq(active))
        .count(db)
        .await?;
    Ok((people, classes, enrollments))
}
