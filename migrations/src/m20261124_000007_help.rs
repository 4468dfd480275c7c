//! Help at the right level: powers granted in the portal, one-time secrets, notices to the person helped, second factors.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text, text_null},
};

use crate::create;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Powers that the roster does not give: granted in the portal only.
        create::table(
            manager,
            "portal_roles",
            &["person_id", "role"],
            vec![
                text("person_id"),
                text("role"),
                text("granted_by"),
                big_integer("granted_at"),
            ],
        )
        .await?;
        // One-time codes and temporary passwords that a helper hands to a person.
        create::table(
            manager,
            "temporary_secrets",
            &["id"],
            vec![
                text("id"),
                text("person_id"),
                text("kind"),
                text("mac"),
                text("issued_by"),
                big_integer("created_at"),
                big_integer("expires_at"),
                big_integer_null("used_at"),
            ],
        )
        .await?;
        create::index(manager, "temporary_secrets", "person_id").await?;
        // What a person is told about their own account.
        create::table(
            manager,
            "notices",
            &["id"],
            vec![
                text("id"),
                text("person_id"),
                text("kind"),
                text_null("actor"),
                big_integer("at"),
                big_integer("until"),
            ],
        )
        .await?;
        create::index(manager, "notices", "person_id").await?;
        // The answer to the challenge questions: one new password, by this browser, within ten minutes.
        create::table(
            manager,
            "reset_tickets",
            &["digest"],
            vec![
                text("digest"),
                text("person_id"),
                big_integer("auth_epoch"),
                big_integer("created_at"),
                big_integer("expires_at"),
                big_integer_null("used_at"),
            ],
        )
        .await?;
        create::index(manager, "reset_tickets", "person_id").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(
            manager,
            &[
                "reset_tickets",
                "notices",
                "temporary_secrets",
                "portal_roles",
            ],
        )
        .await
    }
}
