//! Keys for hashing and masking that all nodes share, sealed. Nothing here can open them.

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::entity::server_secrets::{ActiveModel, Column, Entity};
use super::{Conn, StoreError};
use crate::clock::Timestamp;

/// The place that the secret `name` is sealed for.
pub fn context(name: &str) -> String {
    format!("server_secrets/sealed/{name}")
}

/// Lists all secrets as name and sealed text.
pub async fn list(db: &impl Conn) -> Result<Vec<(String, String)>, StoreError> {
    let rows = Entity::find().order_by_asc(Column::Name).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.name, row.sealed)).collect())
}

/// Inserts a secret unless one of that name is there: of several nodes that start at once the first decides, and all read
/// its row back.
pub async fn insert_if_absent(
    db: &impl Conn,
    name: &str,
    sealed: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    Entity::insert(ActiveModel {
        name: Set(name.to_owned()),
        sealed: Set(sealed.to_owned()),
        created_at: Set(at.unix()),
    })
    .on_conflict(OnConflict::column(Column::Name).do_nothing().to_owned())
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Puts a secret sealed anew in the place of `old`. Answers whether `old` still stood there.
pub async fn reseal(db: &impl Conn, name: &str, old: &str, new: &str) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Sealed, Expr::value(new))
        .filter(Column::Name.eq(name))
        .filter(Column::Sealed.eq(old))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
