//! Everybody in the roster, and what the district knows of them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sourced_id: Option<String>,
    pub legacy_sourced_id: Option<String>,
    pub population: String,
    pub role: String,
    pub given_name: String,
    pub family_name: String,
    pub middle_name: Option<String>,
    pub preferred_given_name: Option<String>,
    pub preferred_family_name: Option<String>,
    pub name_folded: String,
    pub number: Option<String>,
    pub email: Option<String>,
    pub grades: String,
    pub primary_school_id: Option<String>,
    pub roster_status: String,
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    pub birth_date: Option<String>,
    pub row_hash: i64,
    pub version: i64,
    pub status_changed_at: i64,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
