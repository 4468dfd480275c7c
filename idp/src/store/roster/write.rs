//! What an import writes: many rows a statement. Changed rows go through `ON CONFLICT`, which both databases know.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{CHUNK, RosterTable};
use crate::clock::Timestamp;
use crate::district::name_match::folded_full_name;
use crate::district::oneroster::package::{
    Class, Course, Enrollment, Entry as _, Org, RoleRow, Session, User,
};
use crate::district::person::{AccountState, RosterStatus};
use crate::district::roster::people::Slot;
use crate::district::roster::role::Role;
use crate::store::entity::{
    academic_sessions, accounts, affiliations, classes, courses, enrollments, people, schools,
};
use crate::store::{Conn, StoreError};

/// All columns but those named: what a changed row takes from the new one.
macro_rules! but {
    ($entity:ident, $($kept:ident),+) => {{
        use sea_orm::Iterable as _;
        let kept = [$($entity::Column::$kept as usize),+];
        $entity::Column::iter().filter(move |column| !kept.contains(&(*column as usize)))
    }};
}

fn text(value: Option<&str>) -> Option<String> {
    value.map(str::to_owned)
}

fn day(date: Option<NaiveDate>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn active() -> String {
    RosterStatus::Active.as_str().to_owned()
}

/// Writes organisations, new and changed.
pub async fn write_orgs(
    db: &impl Conn,
    rows: &[(&Org, String)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(schools::Column::Id)
        .update_columns(but!(schools, Id, HelpContact))
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|(org, id)| schools::ActiveModel {
            id: Set(id.clone()),
            sourced_id: Set(org.sourced_id.to_string()),
            name: Set(org.name.to_string()),
            kind: Set(org.kind.to_string()),
            identifier: Set(text(org.identifier.as_deref())),
            parent_sourced_id: Set(text(org.parent.as_deref())),
            roster_status: Set(active()),
            help_contact: Set(None),
            row_hash: Set(org.fingerprint()),
            updated_at: Set(now.unix()),
        });
        schools::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Writes sessions, new and changed.
pub async fn write_sessions(
    db: &impl Conn,
    rows: &[(&Session, String)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(academic_sessions::Column::Id)
        .update_columns(but!(academic_sessions, Id))
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk
            .iter()
            .map(|(row, id)| academic_sessions::ActiveModel {
                id: Set(id.clone()),
                sourced_id: Set(row.sourced_id.to_string()),
                title: Set(row.title.to_string()),
                kind: Set(row.kind.to_string()),
                start_date: Set(row.start.to_string()),
                end_date: Set(row.end.to_string()),
                parent_sourced_id: Set(text(row.parent.as_deref())),
                school_year: Set(row.school_year.to_string()),
                roster_status: Set(active()),
                row_hash: Set(row.fingerprint()),
                updated_at: Set(now.unix()),
            });
        academic_sessions::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Writes courses, new and changed.
pub async fn write_courses(
    db: &impl Conn,
    rows: &[(&Course, String)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(courses::Column::Id)
        .update_columns(but!(courses, Id))
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|(row, id)| courses::ActiveModel {
            id: Set(id.clone()),
            sourced_id: Set(row.sourced_id.to_string()),
            title: Set(row.title.to_string()),
            course_code: Set(text(row.code.as_deref())),
            org_sourced_id: Set(row.org.to_string()),
            roster_status: Set(active()),
            row_hash: Set(row.fingerprint()),
            updated_at: Set(now.unix()),
        });
        courses::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// A class with what was looked up for it.
#[derive(Debug)]
pub struct ClassWrite<'a> {
    /// Our id.
    pub id: String,
    /// The row.
    pub row: &'a Class,
    /// Our id of the school.
    pub school_id: &'a str,
    /// First day of its terms.
    pub starts_on: Option<String>,
    /// Day after the last of its terms.
    pub ends_on: Option<String>,
}

/// Writes classes, new and changed.
pub async fn write_classes(
    db: &impl Conn,
    rows: &[ClassWrite<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(classes::Column::Id)
        .update_columns(but!(classes, Id))
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|write| classes::ActiveModel {
            id: Set(write.id.clone()),
            sourced_id: Set(write.row.sourced_id.to_string()),
            title: Set(write.row.title.to_string()),
            class_code: Set(text(write.row.code.as_deref())),
            kind: Set(write.row.kind.to_string()),
            school_id: Set(write.school_id.to_owned()),
            course_sourced_id: Set(Some(write.row.course.to_string())),
            grades: Set(write.row.grades.to_string()),
            term_sourced_ids: Set(write.row.terms.join(",")),
            periods: Set(write.row.periods.to_string()),
            starts_on: Set(write.starts_on.clone()),
            ends_on: Set(write.ends_on.clone()),
            roster_status: Set(active()),
            row_hash: Set(write.row.fingerprint()),
            updated_at: Set(now.unix()),
        });
        classes::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// A person with what was looked up.
#[derive(Debug)]
pub struct PersonWrite<'a> {
    /// The row.
    pub user: &'a User,
    /// What was decided.
    pub slot: &'a Slot,
    /// Our id of the main school.
    pub school_id: Option<&'a str>,
}

/// Writes people, new and changed. A changed one's version rises.
pub async fn write_people(
    db: &impl Conn,
    rows: &[PersonWrite<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(people::Column::Id)
        .update_columns(but!(people, Id, Version, CreatedAt, StatusChangedAt))
        .value(
            people::Column::Version,
            Expr::col((people::Entity, people::Column::Version)).add(1),
        )
        .value(
            people::Column::StatusChangedAt,
            Expr::case(
                Expr::col((people::Entity, people::Column::RosterStatus))
                    .eq(Expr::col(("excluded", people::Column::RosterStatus))),
                Expr::col((people::Entity, people::Column::StatusChangedAt)),
            )
            .finally(now.unix()),
        )
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|write| person(write, now));
        people::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

fn person(write: &PersonWrite<'_>, now: Timestamp) -> people::ActiveModel {
    let PersonWrite {
        user,
        slot,
        school_id,
    } = write;
    people::ActiveModel {
        id: Set(slot.id.to_string()),
        sourced_id: Set(Some(user.sourced_id.to_string())),
        legacy_sourced_id: Set(text(user.legacy.as_deref())),
        population: Set(slot.derived.population.as_str().to_owned()),
        role: Set(slot.derived.role.to_string()),
        given_name: Set(user.given.to_string()),
        family_name: Set(user.family.to_string()),
        middle_name: Set(text(user.middle.as_deref())),
        preferred_given_name: Set(text(user.preferred_given.as_deref())),
        preferred_family_name: Set(text(user.preferred_family.as_deref())),
        name_folded: Set(folded_full_name(&user.family, &user.given)),
        number: Set(text(slot.number.as_deref())),
        email: Set(text(user.email.as_deref())),
        grades: Set(user.grades.to_string()),
        primary_school_id: Set(text(*school_id)),
        roster_status: Set(slot.status.as_str().to_owned()),
        starts_on: Set(day(slot.derived.starts_on)),
        ends_on: Set(day(slot.derived.ends_on)),
        birth_date: Set(day(slot.birth_date)),
        row_hash: Set(user.fingerprint()),
        version: Set(1),
        status_changed_at: Set(now.unix()),
        created_at: Set(now.unix()),
        updated_at: Set(now.unix()),
    }
}

/// Writes what follows from affiliations, the status and the birth date of somebody who has no row in the package. Somebody
/// gone forgets the fingerprint, so that a return is seen.
pub async fn write_derived(
    db: &impl Conn,
    slot: &Slot,
    school_id: Option<&str>,
    status_changed: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    use people::Column;
    let mut update = people::Entity::update_many()
        .col_expr(
            Column::Population,
            Expr::value(slot.derived.population.as_str()),
        )
        .col_expr(Column::Role, Expr::value(&*slot.derived.role))
        .col_expr(Column::PrimarySchoolId, Expr::value(school_id))
        .col_expr(Column::StartsOn, Expr::value(day(slot.derived.starts_on)))
        .col_expr(Column::EndsOn, Expr::value(day(slot.derived.ends_on)))
        .col_expr(Column::BirthDate, Expr::value(day(slot.birth_date)))
        .col_expr(Column::RosterStatus, Expr::value(slot.status.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now.unix()));
    if status_changed {
        update = update.col_expr(Column::StatusChangedAt, Expr::value(now.unix()));
    }
    if slot.status == RosterStatus::ToBeDeleted {
        update = update.col_expr(Column::RowHash, Expr::value(0_i64));
    }
    update.filter(Column::Id.eq(&*slot.id)).exec(db).await?;
    Ok(())
}

/// Makes the accounts of new people: id, username.
pub async fn insert_accounts(
    db: &impl Conn,
    rows: &[(&str, Option<&str>)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|(id, username)| accounts::ActiveModel {
            person_id: Set((*id).to_owned()),
            username: Set(text(*username)),
            state: Set(AccountState::Unclaimed.as_str().to_owned()),
            auth_epoch: Set(0),
            password_hash: Set(None),
            password_set_at: Set(None),
            recovery_pending: Set(false),
            must_change_password: Set(false),
            claimed_at: Set(None),
            claimed_from: Set(None),
            claim_ticket: Set(None),
            last_sign_in_at: Set(None),
            locale: Set(None),
            created_at: Set(now.unix()),
        });
        accounts::Entity::insert_many(models)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Takes the usernames of unclaimed accounts away, before they are given anew: two may swap theirs.
pub async fn free_usernames(db: &impl Conn, ids: &[&str]) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        accounts::Entity::update_many()
            .col_expr(accounts::Column::Username, Expr::value(None::<String>))
            .filter(accounts::Column::PersonId.is_in(chunk.iter().copied()))
            .filter(accounts::Column::State.eq(AccountState::Unclaimed.as_str()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Gives usernames to unclaimed accounts. One claimed meanwhile keeps its own.
pub async fn name_accounts(db: &impl Conn, rows: &[(&str, &str)]) -> Result<(), StoreError> {
    for (id, username) in rows {
        accounts::Entity::update_many()
            .col_expr(accounts::Column::Username, Expr::value(*username))
            .filter(accounts::Column::PersonId.eq(*id))
            .filter(accounts::Column::State.eq(AccountState::Unclaimed.as_str()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// An affiliation with what was looked up.
#[derive(Debug)]
pub struct AffiliationWrite<'a> {
    /// Our id.
    pub id: String,
    /// The row.
    pub row: &'a RoleRow,
    /// The role, 1.1's administrator resolved.
    pub role: Role,
    /// Our id of the person.
    pub person_id: &'a str,
    /// Our id of the organisation.
    pub school_id: &'a str,
}

/// Writes affiliations, new and changed.
pub async fn write_affiliations(
    db: &impl Conn,
    rows: &[AffiliationWrite<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(affiliations::Column::Id)
        .update_columns(but!(affiliations, Id))
        .to_owned();
    for chunk in rows.chunks(CHUNK) {
        let models = chunk.iter().map(|write| affiliations::ActiveModel {
            id: Set(write.id.clone()),
            sourced_id: Set(write.row.sourced_id.to_string()),
            person_id: Set(write.person_id.to_owned()),
            school_id: Set(write.school_id.to_owned()),
            role: Set(write.role.as_str().to_owned()),
            role_type: Set(if write.row.primary {
                "primary"
            } else {
                "secondary"
            }
            .to_owned()),
            begin_date: Set(day(write.row.begin)),
            end_date: Set(day(write.row.end)),
            roster_status: Set(active()),
            row_hash: Set(write.row.fingerprint()),
            updated_at: Set(now.unix()),
        });
        affiliations::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// An enrollment with what was looked up.
#[derive(Debug)]
pub struct EnrollmentWrite<'a> {
    /// Our id.
    pub id: String,
    /// The row.
    pub row: &'a Enrollment,
    /// Our id of the class.
    pub class_id: &'a str,
    /// Our id of the person.
    pub person_id: &'a str,
}

/// Writes enrollments, new and changed.
pub async fn write_enrollments(
    db: &impl Conn,
    rows: impl Iterator<Item = EnrollmentWrite<'_>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(enrollments::Column::Id)
        .update_columns(but!(enrollments, Id))
        .to_owned();
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let models = rows
            .by_ref()
            .take(CHUNK)
            .map(|write| enrollments::ActiveModel {
                id: Set(write.id),
                sourced_id: Set(write.row.sourced_id.to_string()),
                class_id: Set(write.class_id.to_owned()),
                person_id: Set(write.person_id.to_owned()),
                role: Set(write.row.role.as_str().to_owned()),
                is_primary: Set(write.row.primary),
                begin_date: Set(day(write.row.begin)),
                end_date: Set(day(write.row.end)),
                roster_status: Set(active()),
                row_hash: Set(write.row.fingerprint()),
                updated_at: Set(now.unix()),
            });
        enrollments::Entity::insert_many(models)
            .on_conflict(conflict.clone())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Marks rows as gone; they forget their fingerprint, so that a return is seen.
pub async fn remove(
    db: &impl Conn,
    table: RosterTable,
    ids: &[Box<str>],
    now: Timestamp,
) -> Result<(), StoreError> {
    macro_rules! mark {
        ($entity:ident, $ids:ident) => {
            $entity::Entity::update_many()
                .col_expr(
                    $entity::Column::RosterStatus,
                    Expr::value(RosterStatus::ToBeDeleted.as_str()),
                )
                .col_expr($entity::Column::RowHash, Expr::value(0_i64))
                .col_expr($entity::Column::UpdatedAt, Expr::value(now.unix()))
                .filter($entity::Column::Id.is_in($ids))
                .exec(db)
                .await?
        };
    }
    for chunk in ids.chunks(CHUNK) {
        let ids = chunk.iter().map(|id| &**id);
        match table {
            RosterTable::Schools => mark!(schools, ids),
            RosterTable::Sessions => mark!(academic_sessions, ids),
            RosterTable::Courses => mark!(courses, ids),
            RosterTable::Classes => mark!(classes, ids),
            RosterTable::Affiliations => mark!(affiliations, ids),
            RosterTable::Enrollments => mark!(enrollments, ids),
        };
    }
    Ok(())
}

/// Raises the version of people whose affiliations or enrollments changed.
pub async fn touch(db: &impl Conn, ids: &[&str], now: Timestamp) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        people::Entity::update_many()
            .col_expr(
                people::Column::Version,
                Expr::col(people::Column::Version).add(1),
            )
            .col_expr(people::Column::UpdatedAt, Expr::value(now.unix()))
            .filter(people::Column::Id.is_in(chunk.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Raises the version of everybody who belongs to these organisations.
pub async fn touch_schools(
    db: &impl Conn,
    ids: &[Box<str>],
    now: Timestamp,
) -> Result<(), StoreError> {
    for id in ids {
        let people_of = Query::select()
            .column(affiliations::Column::PersonId)
            .from(affiliations::Entity)
            .and_where(affiliations::Column::SchoolId.eq(&**id))
            .to_owned();
        touch_where(db, people_of, now).await?;
    }
    Ok(())
}

/// Raises the version of everybody who is in these classes.
pub async fn touch_classes(
    db: &impl Conn,
    ids: &[Box<str>],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        let people_of = Query::select()
            .column(enrollments::Column::PersonId)
            .from(enrollments::Entity)
            .and_where(enrollments::Column::ClassId.is_in(chunk.iter().map(|id| &**id)))
            .to_owned();
        touch_where(db, people_of, now).await?;
    }
    Ok(())
}

async fn touch_where(
    db: &impl Conn,
    people_of: sea_orm::sea_query::SelectStatement,
    now: Timestamp,
) -> Result<(), StoreError> {
    people::Entity::update_many()
        .col_expr(
            people::Column::Version,
            Expr::col(people::Column::Version).add(1),
        )
        .col_expr(people::Column::UpdatedAt, Expr::value(now.unix()))
        .filter(people::Column::Id.in_subquery(people_of))
        .exec(db)
        .await?;
    Ok(())
}

/// Ends everything that these people's accounts have open: sessions, codes, refresh tokens.
pub async fn end_sessions(db: &impl Conn, ids: &[&str]) -> Result<(), StoreError> {
    for chunk in ids.chunks(CHUNK) {
        accounts::Entity::update_many()
            .col_expr(
                accounts::Column::AuthEpoch,
                Expr::col(accounts::Column::AuthEpoch).add(1),
            )
            .filter(accounts::Column::PersonId.is_in(chunk.iter().copied()))
            .exec(db)
            .await?;
    }
    Ok(())
}

/// Forgets all birth dates: the district has turned them off.
pub async fn forget_birth_dates(db: &impl Conn) -> Result<u64, StoreError> {
    let done = people::Entity::update_many()
        .col_expr(people::Column::BirthDate, Expr::value(None::<String>))
        .filter(people::Column::BirthDate.is_not_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected)
}
