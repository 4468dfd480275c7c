//! One account of a reset, with what an undo needs until its time has passed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reset_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: String,
    pub state: String,
    pub batch: Option<String>,
    pub done_at: Option<i64>,
    pub old_password_hash: Option<String>,
    pub old_password_set_at: Option<i64>,
    pub old_claimed_at: Option<i64>,
    pub old_recovery_pending: Option<bool>,
    pub old_question_ids: Option<String>,
    pub old_answers_hash: Option<String>,
    pub old_answers_set_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
