//! School years, semesters, terms and grading periods.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "academic_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub sourced_id: String,
    pub title: String,
    pub kind: String,
    pub start_date: String,
    pub end_date: String,
    pub parent_sourced_id: Option<String>,
    pub school_year: String,
    pub roster_status: String,
    pub row_hash: i64,
    pub updated_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
