//! People of the roster and their accounts.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, text, text_null},
};

use crate::create;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Everybody in the roster, and what the district knows of them.
        create::table(
            manager,
            "people",
            &["id"],
            vec![
                text("id"),
                text_null("sourced_id"),
                text_null("legacy_sourced_id"),
                text("population"),
                text("role"),
                text("given_name"),
                text("family_name"),
                text_null("middle_name"),
                text_null("preferred_given_name"),
                text_null("preferred_family_name"),
                text("name_folded"),
                text_null("number"),
                text_null("email"),
                text("grades"),
                text_null("primary_school_id"),
                text("roster_status"),
                text_null("starts_on"),
                text_null("ends_on"),
                text_null("birth_date"),
                big_integer("row_hash"),
                big_integer("version"),
                big_integer("status_changed_at"),
                big_integer("created_at"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "people", "sourced_id").await?;
        create::index(manager, "people", "legacy_sourced_id").await?;
        create::index(manager, "people", "number").await?;
        create::index(manager, "people", "primary_school_id").await?;
        create::index(manager, "people", "name_folded").await?;
        // The account of a person: one row each, made with the person, taken by the claim.
        create::table(
            manager,
            "accounts",
            &["person_id"],
            vec![
                text("person_id"),
                text_null("username"),
                text("state"),
                big_integer("auth_epoch"),
                text_null("password_hash"),
                big_integer_null("password_set_at"),
                boolean("recovery_pending"),
                boolean("must_change_password"),
                big_integer_null("claimed_at"),
                text_null("claimed_from"),
                text_null("claim_ticket"),
                big_integer_null("last_sign_in_at"),
                text_null("locale"),
                big_integer("created_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "accounts", "username").await?;
        create::index(manager, "accounts", "state").await?;
        // One joint hash over the three normalized answers of a person.
        create::table(
            manager,
            "challenge_answers",
            &["person_id"],
            vec![
                text("person_id"),
                text("question_ids"),
                text("hash"),
                big_integer("set_at"),
            ],
        )
        .await?;
        // Printed claim codes, one a person: keyed digests, each good for one claim.
        create::table(
            manager,
            "claim_codes",
            &["person_id"],
            vec![
                text("person_id"),
                text("digest"),
                big_integer("issued_at"),
                big_integer("expires_at"),
                big_integer_null("used_at"),
            ],
        )
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(
            manager,
            &["claim_codes", "challenge_answers", "accounts", "people"],
        )
        .await
    }
}
