//! Organisations of the roster: the district, its schools, departments.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schools")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sourced_id: String,
    pub name: String,
    pub kind: String,
    pub identifier: Option<String>,
    pub parent_sourced_id: Option<String>,
    pub roster_status: String,
    pub help_contact: Option<String>,
    pub row_hash: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
