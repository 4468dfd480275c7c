//! The issuer's signing keys: public parts, times, and private parts sealed. Nothing here can open them.

use keys::{Algorithm, KeyTimes, PublicJwk};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _,
};

use super::entity::signing_keys::{ActiveModel, Column, Entity, Model};
use super::{Conn, StoreError};
use crate::clock::Timestamp;

/// One key of the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// What it signs.
    pub algorithm: Algorithm,
    /// Its place among the keys of its algorithm, from 1 and without gaps.
    pub generation: i64,
    /// The public part, with the key's id.
    pub public: PublicJwk,
    /// The private part, sealed for [`SigningKey::context`]; empty once destroyed.
    pub sealed: String,
    /// When it signs.
    pub times: KeyTimes,
}

impl SigningKey {
    /// The place that the private part of key `kid` is sealed for.
    pub fn context(kid: &str) -> String {
        format!("signing_keys/sealed/{kid}")
    }
}

/// Lists all keys, destroyed ones too, by algorithm and age.
pub async fn list(db: &impl Conn) -> Result<Vec<SigningKey>, StoreError> {
    let rows = Entity::find()
        .order_by_asc(Column::Algorithm)
        .order_by_asc(Column::Generation)
        .all(db)
        .await?;
    rows.into_iter().map(key).collect()
}

/// Lists the keys that are not destroyed, by algorithm and age.
pub async fn list_published(db: &impl Conn) -> Result<Vec<SigningKey>, StoreError> {
    let rows = Entity::find()
        .filter(Column::DestroyedAt.is_null())
        .order_by_asc(Column::Algorithm)
        .order_by_asc(Column::Generation)
        .all(db)
        .await?;
    rows.into_iter().map(key).collect()
}

/// Inserts a key. [`StoreError::Conflict`] says that its algorithm has that generation already: another node was quicker.
pub async fn insert(db: &impl Conn, key: &SigningKey) -> Result<(), StoreError> {
    let public_jwk = key.public.to_json();
    Entity::insert(ActiveModel {
        algorithm: Set(key.algorithm.as_str().to_owned()),
        generation: Set(key.generation),
        kid: Set(key.public.kid().to_owned()),
        sealed: Set(key.sealed.clone()),
        public_jwk: Set(public_jwk.map_err(|error| StoreError::corrupt("signing_keys", error))?),
        created_at: Set(key.times.created_at),
        activates_at: Set(key.times.activates_at),
        retires_at: Set(key.times.retires_at),
        destroyed_at: Set(key.times.destroyed_at),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Lets every key of `algorithm` older than `generation` sign until `at` and no longer.
pub async fn retire_before(
    db: &impl Conn,
    algorithm: Algorithm,
    generation: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    let later = Column::RetiresAt
        .is_null()
        .or(Column::RetiresAt.gt(at.unix()));
    Entity::update_many()
        .col_expr(Column::RetiresAt, Expr::value(at.unix()))
        .filter(Column::Algorithm.eq(algorithm.as_str()))
        .filter(Column::Generation.lt(generation))
        .filter(later)
        .exec(db)
        .await?;
    Ok(())
}

/// Lets the key `kid` sign from `at` on instead of later. Answers whether it was to sign later.
pub async fn advance(db: &impl Conn, kid: &str, at: Timestamp) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::ActivatesAt, Expr::value(at.unix()))
        .filter(Column::Kid.eq(kid))
        .filter(Column::ActivatesAt.gt(at.unix()))
        .filter(Column::DestroyedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Wipes the private part of the key `kid`; the public part stays for the audit log's sake. Answers whether it was there.
pub async fn destroy(db: &impl Conn, kid: &str, at: Timestamp) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Sealed, Expr::value(""))
        .col_expr(Column::DestroyedAt, Expr::value(at.unix()))
        .filter(Column::Kid.eq(kid))
        .filter(Column::DestroyedAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Puts a private part sealed anew in the place of `old`. Answers whether `old` still stood there.
pub async fn reseal(db: &impl Conn, kid: &str, old: &str, new: &str) -> Result<bool, StoreError> {
    let done = Entity::update_many()
        .col_expr(Column::Sealed, Expr::value(new))
        .filter(Column::Kid.eq(kid))
        .filter(Column::Sealed.eq(old))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

fn key(row: Model) -> Result<SigningKey, StoreError> {
    let public = PublicJwk::from_json(&row.public_jwk)
        .map_err(|error| StoreError::corrupt("signing_keys", error))?;
    let algorithm = Algorithm::parse(&row.algorithm)
        .ok_or_else(|| StoreError::corrupt("signing_keys", "algorithm"))?;
    if public.kid() != row.kid || public.algorithm() != Some(algorithm) {
        return Err(StoreError::corrupt("signing_keys", "public_jwk"));
    }
    Ok(SigningKey {
        algorithm,
        generation: row.generation,
        public,
        sealed: row.sealed,
        times: KeyTimes {
            created_at: row.created_at,
            activates_at: row.activates_at,
            retires_at: row.retires_at,
            destroyed_at: row.destroyed_at,
        },
    })
}
