//! How people arranged their launchpads, and what they opened last.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use super::entity::{launchpads, resource_usage};
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::launchpad::Arrangement;
use crate::ids::{PersonId, ResourceId};

/// What a person arranged; nothing where they never did.
pub async fn find(db: &impl Conn, person: &PersonId) -> Result<Arrangement, StoreError> {
    let Some(row) = launchpads::Entity::find_by_id(person.as_str())
        .one(db)
        .await?
    else {
        return Ok(Arrangement::default());
    };
    let list = |text: &str| {
        serde_json::from_str::<Vec<ResourceId>>(text)
            .map_err(|_| StoreError::corrupt("launchpads", person))
    };
    Ok(Arrangement {
        favorites: list(&row.favourites)?,
        order: list(&row.arrangement)?,
    })
}

/// Keeps what a person arranged.
pub async fn save(
    db: &impl Conn,
    person: &PersonId,
    arrangement: &Arrangement,
    at: Timestamp,
) -> Result<(), StoreError> {
    let text = |list: &[ResourceId]| {
        serde_json::to_string(list).map_err(|error| StoreError::corrupt("launchpads", error))
    };
    launchpads::Entity::insert(launchpads::ActiveModel {
        person_id: Set(person.to_string()),
        favourites: Set(text(&arrangement.favorites)?),
        arrangement: Set(text(&arrangement.order)?),
        updated_at: Set(at.unix()),
    })
    .on_conflict(
        OnConflict::column(launchpads::Column::PersonId)
            .update_columns([
                launchpads::Column::Favourites,
                launchpads::Column::Arrangement,
                launchpads::Column::UpdatedAt,
            ])
            .to_owned(),
    )
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// What a person opened since `since`, the latest first, at most `most`.
pub async fn list_recent(
    db: &impl Conn,
    person: &PersonId,
    since: Timestamp,
    most: u64,
) -> Result<Vec<ResourceId>, StoreError> {
    let rows = resource_usage::Entity::find()
        .filter(resource_usage::Column::PersonId.eq(person.as_str()))
        .filter(resource_usage::Column::LastLaunchedAt.gte(since.unix()))
        .order_by_desc(resource_usage::Column::LastLaunchedAt)
        .order_by_asc(resource_usage::Column::ResourceId)
        .limit(most)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ResourceId::new(row.resource_id))
        .collect())
}

/// When a person last opened a resource.
pub async fn last_opened(
    db: &impl Conn,
    person: &PersonId,
    resource: &ResourceId,
) -> Result<Option<Timestamp>, StoreError> {
    let key = (person.to_string(), resource.to_string());
    let row = resource_usage::Entity::find_by_id(key).one(db).await?;
    Ok(row.map(|row| Timestamp::from_unix(row.last_launched_at)))
}
