//! Who gets which resource, and what the rules look at in a person.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::{affiliations, assignments, classes, enrollments};
use super::{Conn, StoreError};
use crate::district::assignment::{Affiliation, Assignment};
use crate::district::person::RosterStatus;
use crate::ids::{ClassId, PersonId, ResourceId, SchoolId};

/// Lists the rules of every resource.
pub async fn list(db: &impl Conn) -> Result<BTreeMap<ResourceId, Vec<Assignment>>, StoreError> {
    let mut rules: BTreeMap<ResourceId, Vec<Assignment>> = BTreeMap::new();
    let rows = assignments::Entity::find()
        .order_by_asc(assignments::Column::Id)
        .all(db)
        .await?;
    for row in rows {
        let resource = ResourceId::new(row.resource_id.clone());
        rules.entry(resource).or_default().push(assignment(row));
    }
    Ok(rules)
}

/// Lists the rules of one resource, sorted.
pub async fn list_of(db: &impl Conn, id: &ResourceId) -> Result<Vec<Assignment>, StoreError> {
    let rows = assignments::Entity::find()
        .filter(assignments::Column::ResourceId.eq(id.as_str()))
        .all(db)
        .await?;
    let mut rules: Vec<Assignment> = rows.into_iter().map(assignment).collect();
    rules.sort();
    Ok(rules)
}

/// Puts `rules`, each with the id of its row, in the place of all rules of a resource.
pub async fn replace(
    db: &impl Conn,
    id: &ResourceId,
    rules: Vec<(String, Assignment)>,
) -> Result<(), StoreError> {
    assignments::Entity::delete_many()
        .filter(assignments::Column::ResourceId.eq(id.as_str()))
        .exec(db)
        .await?;
    if rules.is_empty() {
        return Ok(());
    }
    let rows = rules
        .into_iter()
        .map(|(row, rule)| assignments::ActiveModel {
            id: Set(row),
            resource_id: Set(id.to_string()),
            school_id: Set(rule.school.map(Into::into)),
            user_type: Set(rule.role),
            grade: Set(rule.grade),
            class_id: Set(rule.class.map(Into::into)),
        });
    assignments::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Lists where a person belongs on `today` (`YYYY-MM-DD`).
pub async fn affiliations_of(
    db: &impl Conn,
    person: &PersonId,
    today: &str,
) -> Result<Vec<Affiliation>, StoreError> {
    let rows = affiliations::Entity::find()
        .filter(affiliations::Column::PersonId.eq(person.as_str()))
        .filter(affiliations::Column::RosterStatus.eq(RosterStatus::Active.as_str()))
        .order_by_asc(affiliations::Column::RoleType)
        .order_by_asc(affiliations::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| covers(row.begin_date.as_ref(), row.end_date.as_ref(), today))
        .map(|row| Affiliation {
            school: SchoolId::new(row.school_id),
            role: row.role,
        })
        .collect())
}

/// Lists the classes that a person is in on `today` (`YYYY-MM-DD`), in whatever role.
pub async fn classes_of(
    db: &impl Conn,
    person: &PersonId,
    today: &str,
) -> Result<Vec<ClassId>, StoreError> {
    let rows = enrollments::Entity::find()
        .filter(enrollments::Column::PersonId.eq(person.as_str()))
        .filter(enrollments::Column::RosterStatus.eq(RosterStatus::Active.as_str()))
        .all(db)
        .await?;
    let ids: Vec<String> = rows
        .into_iter()
        .filter(|row| covers(row.begin_date.as_ref(), row.end_date.as_ref(), today))
        .map(|row| row.class_id)
        .collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = classes::Entity::find()
        .filter(classes::Column::Id.is_in(ids))
        .filter(classes::Column::RosterStatus.eq(RosterStatus::Active.as_str()))
        .order_by_asc(classes::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| covers(row.starts_on.as_ref(), row.ends_on.as_ref(), today))
        .map(|row| ClassId::new(row.id))
        .collect())
}

/// Finds a class by its `sourcedId`.
pub async fn find_class(db: &impl Conn, sourced_id: &str) -> Result<Option<ClassId>, StoreError> {
    let row = classes::Entity::find()
        .filter(classes::Column::SourcedId.eq(sourced_id))
        .one(db)
        .await?;
    Ok(row.map(|row| ClassId::new(row.id)))
}

/// The `sourcedId` of a class.
pub async fn class_name(db: &impl Conn, id: &ClassId) -> Result<Option<String>, StoreError> {
    let row = classes::Entity::find_by_id(id.as_str()).one(db).await?;
    Ok(row.map(|row| row.sourced_id))
}

/// Whether `today` lies in the days from `begin` (with it) to `end` (without it).
fn covers(begin: Option<&String>, end: Option<&String>, today: &str) -> bool {
    begin.is_none_or(|day| day.as_str() <= today) && end.is_none_or(|day| today < day.as_str())
}

fn assignment(row: assignments::Model) -> Assignment {
    Assignment {
        school: row.school_id.map(SchoolId::new),
        role: row.user_type,
        grade: row.grade,
        class: row.class_id.map(ClassId::new),
    }
}
