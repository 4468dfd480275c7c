//! Classes (course sections).

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "classes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sourced_id: String,
    pub title: String,
    pub class_code: Option<String>,
    pub kind: String,
    pub school_id: String,
    pub course_sourced_id: Option<String>,
    pub grades: String,
    pub term_sourced_ids: String,
    pub periods: String,
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    pub roster_status: String,
    pub row_hash: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
