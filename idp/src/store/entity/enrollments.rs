//! Who is in which class, and as what.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sourced_id: String,
    pub class_id: String,
    pub person_id: String,
    pub role: String,
    pub is_primary: bool,
    pub begin_date: Option<String>,
    pub end_date: Option<String>,
    pub roster_status: String,
    pub row_hash: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
