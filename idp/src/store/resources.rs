//! Resources: what tiles stand for.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::resources;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::resource::{Category, Resource, ResourceStatus};
use crate::ids::{ClientId, ResourceId};

/// Finds a resource.
pub async fn find(db: &impl Conn, id: &ResourceId) -> Result<Option<Resource>, StoreError> {
    resources::Entity::find_by_id(id.as_str())
        .one(db)
        .await?
        .map(resource)
        .transpose()
}

/// Finds the resource of a client.
pub async fn find_by_client(
    db: &impl Conn,
    client: &ClientId,
) -> Result<Option<Resource>, StoreError> {
    resources::Entity::find()
        .filter(resources::Column::ClientId.eq(client.as_str()))
        .one(db)
        .await?
        .map(resource)
        .transpose()
}

/// Lists all resources, by position and then id. A district has hundreds.
pub async fn list(db: &impl Conn) -> Result<Vec<Resource>, StoreError> {
    resources::Entity::find()
        .order_by_asc(resources::Column::Position)
        .order_by_asc(resources::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(resource)
        .collect()
}

/// Keeps a new resource, made at `new.updated_at`.
///
/// # Errors
/// `Conflict` where one with this id, or for this client, exists.
pub async fn insert(db: &impl Conn, new: &Resource) -> Result<(), StoreError> {
    let mut row = active(new)?;
    row.id = Set(new.id.to_string());
    row.created_at = Set(new.updated_at.unix());
    resources::Entity::insert(row)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Puts `new` in the place of its version before. True when that version stood there.
pub async fn replace(db: &impl Conn, new: &Resource) -> Result<bool, StoreError> {
    let done = resources::Entity::update_many()
        .set(active(new)?)
        .filter(resources::Column::Id.eq(new.id.as_str()))
        .filter(resources::Column::Version.eq(new.version - 1))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Moves a resource out of the way or back. True when it was there.
pub async fn set_status(
    db: &impl Conn,
    id: &ResourceId,
    status: ResourceStatus,
    at: Timestamp,
) -> Result<bool, StoreError> {
    use resources::Column;
    use sea_orm::sea_query::ExprTrait as _;
    let done = resources::Entity::update_many()
        .col_expr(Column::Status, Expr::value(status.as_str()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(at.unix()))
        .filter(Column::Id.eq(id.as_str()))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a resource. True when it was there.
pub async fn delete(db: &impl Conn, id: &ResourceId) -> Result<bool, StoreError> {
    let done = resources::Entity::delete_by_id(id.as_str())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// All columns but the id and the time of making.
fn active(new: &Resource) -> Result<resources::ActiveModel, StoreError> {
    let agreement = new.agreement.as_ref().map(json).transpose()?;
    Ok(resources::ActiveModel {
        client_id: Set(new.client_id.as_ref().map(ToString::to_string)),
        name: Set(json(&new.name)?),
        description: Set(json(&new.description)?),
        category: Set(new.category.as_str().to_owned()),
        icon: Set(new.icon.clone()),
        start_url: Set(new.start_url.clone()),
        position: Set(new.position),
        status: Set(new.status.as_str().to_owned()),
        agreement: Set(agreement),
        version: Set(new.version),
        updated_at: Set(new.updated_at.unix()),
        ..Default::default()
    })
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::corrupt("resources", error))
}

fn resource(row: resources::Model) -> Result<Resource, StoreError> {
    let corrupt = |what: &str| StoreError::corrupt("resources", format!("{what} of {}", row.id));
    let agreement = match &row.agreement {
        None => None,
        Some(text) => Some(serde_json::from_str(text).map_err(|_| corrupt("agreement"))?),
    };
    Ok(Resource {
        name: serde_json::from_str(&row.name).map_err(|_| corrupt("name"))?,
        description: serde_json::from_str(&row.description).map_err(|_| corrupt("description"))?,
        category: Category::parse(&row.category).ok_or_else(|| corrupt("category"))?,
        status: ResourceStatus::parse(&row.status).ok_or_else(|| corrupt("status"))?,
        agreement,
        client_id: row.client_id.map(ClientId::new),
        id: ResourceId::new(row.id),
        icon: row.icon,
        start_url: row.start_url,
        position: row.position,
        version: row.version,
        updated_at: Timestamp::from_unix(row.updated_at),
    })
}
