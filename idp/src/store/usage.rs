//! What was opened, and who was here last: written in batches, never waited for.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _,
};

use super::entity::{accounts, launch_counts, resource_usage};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::ids::{PersonId, ResourceId};

/// One launch of a resource.
#[derive(Clone, Debug)]
pub struct Launch {
    /// Who.
    pub person_id: PersonId,
    /// What.
    pub resource_id: ResourceId,
    /// The person's school, or an empty text.
    pub school_id: String,
    /// The day in the district, `YYYY-MM-DD`.
    pub day: String,
    /// When.
    pub at: Timestamp,
}

/// Counts a launch for the person and for the day.
pub async fn count_launch(db: &impl Conn, launch: &Launch) -> Result<(), StoreError> {
    resource_usage::Entity::insert(resource_usage::ActiveModel {
        person_id: Set(launch.person_id.to_string()),
        resource_id: Set(launch.resource_id.to_string()),
        launches: Set(1),
        last_launched_at: Set(launch.at.unix()),
    })
    .on_conflict(
        OnConflict::columns([
            resource_usage::Column::PersonId,
            resource_usage::Column::ResourceId,
        ])
        .value(
            resource_usage::Column::Launches,
            Expr::col((resource_usage::Entity, resource_usage::Column::Launches)).add(1),
        )
        .update_column(resource_usage::Column::LastLaunchedAt)
        .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    launch_counts::Entity::insert(launch_counts::ActiveModel {
        resource_id: Set(launch.resource_id.to_string()),
        day: Set(launch.day.clone()),
        school_id: Set(launch.school_id.clone()),
        launches: Set(1),
    })
    .on_conflict(
        OnConflict::columns([
            launch_counts::Column::ResourceId,
            launch_counts::Column::Day,
            launch_counts::Column::SchoolId,
        ])
        .value(
            launch_counts::Column::Launches,
            Expr::col((launch_counts::Entity, launch_counts::Column::Launches)).add(1),
        )
        .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Notes when a person last signed in.
pub async fn signed_in(db: &impl Conn, id: &PersonId, at: Timestamp) -> Result<(), StoreError> {
    accounts::Entity::update_many()
        .col_expr(accounts::Column::LastSignInAt, Expr::value(at.unix()))
        .filter(accounts::Column::PersonId.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(())
}
