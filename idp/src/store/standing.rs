//! What powers hang on, read inside the transaction that acts: current roles and schools, granted powers, who teaches whom.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    Statement, Value,
};

use super::entity::{affiliations, people, portal_roles};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::authority::{PortalRole, Relation, Standing};
use crate::district::person::Population;
use crate::ids::{PersonId, SchoolId};

/// The standing of a person on `today` (`YYYY-MM-DD`).
pub async fn find(
    db: &impl Conn,
    id: &PersonId,
    today: &str,
) -> Result<Option<Standing>, StoreError> {
    let Some(person) = people::Entity::find_by_id(id.as_str()).one(db).await? else {
        return Ok(None);
    };
    let rows = affiliations::Entity::find()
        .filter(affiliations::Column::PersonId.eq(id.as_str()))
        .filter(affiliations::Column::RosterStatus.eq("active"))
        .order_by_asc(affiliations::Column::Id)
        .all(db)
        .await?;
    let current = rows.iter().filter(|row| {
        row.begin_date.as_deref().is_none_or(|day| day <= today)
            && row.end_date.as_deref().is_none_or(|day| today < day)
    });
    let (mut roles, mut schools) = (vec![person.role.clone()], Vec::new());
    schools.extend(person.primary_school_id.clone().map(SchoolId::new));
    for row in current {
        roles.push(row.role.clone());
        schools.push(SchoolId::new(row.school_id.clone()));
    }
    let gone = person.roster_status != "active";
    Ok(Some(Standing {
        id: id.clone(),
        population: Population::parse(&person.population)
            .ok_or_else(|| StoreError::corrupt("people", "population"))?,
        // Whoever has left the roster has no powers, whatever was granted.
        roles: if gone { Vec::new() } else { roles },
        schools,
        portal_roles: if gone {
            Vec::new()
        } else {
            list_portal_roles(db, id).await?
        },
    }))
}

/// Whether `teacher` teaches a current class that `student` attends on `today`.
pub async fn relation(
    db: &impl Conn,
    teacher: &PersonId,
    student: &PersonId,
    today: &str,
) -> Result<Relation, StoreError> {
    let current = |alias: &str| {
        format!(
            "{alias}.roster_status = 'active' AND ({alias}.begin_date IS NULL OR \
             {alias}.begin_date <= $3) AND ({alias}.end_date IS NULL OR $3 < {alias}.end_date)"
        )
    };
    let sql = format!(
        "SELECT c.id FROM enrollments t JOIN enrollments s ON s.class_id = t.class_id \
         JOIN classes c ON c.id = t.class_id \
         WHERE t.person_id = $1 AND t.role = 'teacher' AND s.person_id = $2 \
         AND s.role = 'student' AND c.roster_status = 'active' \
         AND (c.ends_on IS NULL OR $3 < c.ends_on) AND {} AND {} LIMIT 1",
        current("t"),
        current("s"),
    );
    let values: [Value; 3] = [
        teacher.as_str().into(),
        student.as_str().into(),
        today.into(),
    ];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Relation {
        teaches: db.query_one_raw(statement).await?.is_some(),
    })
}

/// The powers granted to a person in the portal.
pub async fn list_portal_roles(
    db: &impl Conn,
    id: &PersonId,
) -> Result<Vec<PortalRole>, StoreError> {
    let rows = portal_roles::Entity::find()
        .filter(portal_roles::Column::PersonId.eq(id.as_str()))
        .all(db)
        .await?;
    let mut roles: Vec<PortalRole> = rows
        .iter()
        .filter_map(|row| PortalRole::parse(&row.role))
        .collect();
    roles.sort();
    Ok(roles)
}

/// Everybody who holds a power granted in the portal.
pub async fn list_granted(db: &impl Conn) -> Result<Vec<(PersonId, PortalRole)>, StoreError> {
    let rows = portal_roles::Entity::find()
        .order_by_asc(portal_roles::Column::PersonId)
        .order_by_asc(portal_roles::Column::Role)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            PortalRole::parse(&row.role).map(|role| (PersonId::new(row.person_id), role))
        })
        .collect())
}

/// Grants a power. True if it was not held before.
pub async fn grant(
    db: &impl Conn,
    id: &PersonId,
    role: PortalRole,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row = portal_roles::ActiveModel {
        person_id: Set(id.to_string()),
        role: Set(role.as_str().to_owned()),
        granted_by: Set(by.to_owned()),
        granted_at: Set(now.unix()),
    };
    match portal_roles::Entity::insert(row)
        .exec_without_returning(db)
        .await
        .map_err(Into::into)
    {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a power back. True if it was held.
pub async fn revoke(db: &impl Conn, id: &PersonId, role: PortalRole) -> Result<bool, StoreError> {
    let gone = portal_roles::Entity::delete_many()
        .filter(portal_roles::Column::PersonId.eq(id.as_str()))
        .filter(portal_roles::Column::Role.eq(role.as_str()))
        .exec(db)
        .await?;
    Ok(gone.rows_affected == 1)
}
