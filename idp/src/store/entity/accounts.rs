//! The account of a person: one row each, made with the person, taken by the claim.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: String,
    pub username: Option<String>,
    pub state: String,
    pub auth_epoch: i64,
    pub password_hash: Option<String>,
    pub password_set_at: Option<i64>,
    pub recovery_pending: bool,
    pub must_change_password: bool,
    pub claimed_at: Option<i64>,
    pub claimed_from: Option<String>,
    pub claim_ticket: Option<String>,
    pub last_sign_in_at: Option<i64>,
    pub locale: Option<String>,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
