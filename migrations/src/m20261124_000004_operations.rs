//! Support codes, failure counts, the audit log and the outbox.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text, text_null},
};

use crate::create;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Why a claim, sign-in or recovery was refused, under the code that the person can show.
        create::table(
            manager,
            "support_codes",
            &["code"],
            vec![
                text("code"),
                text("flow"),
                text("reason"),
                text_null("person_id"),
                text_null("school_id"),
                text("detail"),
                big_integer("created_at"),
                big_integer("expires_at"),
            ],
        )
        .await?;
        create::index(manager, "support_codes", "expires_at").await?;
        create::index(manager, "support_codes", "school_id").await?;
        // Failures since the last success, by account and lane: the hard ends that survive an emptied Redis.
        create::table(
            manager,
            "failure_counts",
            &["account_key", "lane"],
            vec![
                text("account_key"),
                text("lane"),
                big_integer("failures"),
                big_integer("window_started_at"),
                big_integer("last_failed_at"),
            ],
        )
        .await?;
        // What happened. Insert only.
        create::table(
            manager,
            "audit_events",
            &["id"],
            vec![
                text("id"),
                text("node"),
                big_integer("at"),
                text_null("request_id"),
                text("actor_kind"),
                text_null("actor_id"),
                text("action"),
                text_null("target_kind"),
                text_null("target_id"),
                text("outcome"),
                text_null("reason"),
                text_null("client_id"),
                text_null("session_ref"),
                text_null("peer"),
                text("fields"),
            ],
        )
        .await?;
        create::index(manager, "audit_events", "target_id").await?;
        create::index(manager, "audit_events", "actor_id").await?;
        // The chain that seals the audit log: a link a row, per node in order. Insert only.
        create::table(
            manager,
            "audit_links",
            &["node", "seq"],
            vec![
                text("node"),
                big_integer("seq"),
                text("event_id"),
                text("mac"),
            ],
        )
        .await?;
        create::unique_index(manager, "audit_links", "event_id").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(
            manager,
            &[
                "audit_links",
                "audit_events",
                "failure_counts",
                "support_codes",
            ],
        )
        .await
    }
}
