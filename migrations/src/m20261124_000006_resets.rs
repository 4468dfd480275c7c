//! Bulk resets of accounts, an item for each account.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean_null, text, text_null},
};

use crate::create;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A reset that was asked for: its scope, who asked, who approved, when it runs.
        create::table(
            manager,
            "reset_jobs",
            &["id"],
            vec![
                text("id"),
                text("state"),
                text("scope"),
                big_integer("run_at"),
                text("requested_by"),
                text_null("approved_by"),
                big_integer("created_at"),
                big_integer_null("approved_at"),
                big_integer_null("started_at"),
                big_integer_null("finished_at"),
                big_integer("total"),
            ],
        )
        .await?;
        // One account of a reset, with what an undo needs until its time has passed.
        create::table(
            manager,
            "reset_items",
            &["job_id", "person_id"],
            vec![
                text("job_id"),
                text("person_id"),
                text("state"),
                text_null("batch"),
                big_integer_null("done_at"),
                text_null("old_password_hash"),
                big_integer_null("old_password_set_at"),
                big_integer_null("old_claimed_at"),
                boolean_null("old_recovery_pending"),
                text_null("old_question_ids"),
                text_null("old_answers_hash"),
                big_integer_null("old_answers_set_at"),
            ],
        )
        .await?;
        create::index(manager, "reset_items", "batch").await?;
        create::index(manager, "reset_items", "person_id").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(manager, &["reset_items", "reset_jobs"]).await
    }
}
