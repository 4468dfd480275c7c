//! Relying parties, resources and their assignments, grants, refresh tokens, keys.

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
        // Registered relying parties: metadata under the names of RFC 7591, and digests of their secrets.
        create::table(
            manager,
            "clients",
            &["client_id"],
            vec![
                text("client_id"),
                text("metadata"),
                text("secrets"),
                text("status"),
                big_integer("version"),
                big_integer("created_at"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        // What tiles stand for.
        create::table(
            manager,
            "resources",
            &["id"],
            vec![
                text("id"),
                text_null("client_id"),
                text("name"),
                text("description"),
                text("category"),
                text("icon"),
                text_null("start_url"),
                big_integer("position"),
                text("status"),
                text_null("agreement"),
                big_integer("version"),
                big_integer("created_at"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "resources", "client_id").await?;
        // Who gets a resource: all filled columns must hold; a row with none filled is the whole district.
        create::table(
            manager,
            "assignments",
            &["id"],
            vec![
                text("id"),
                text("resource_id"),
                text_null("school_id"),
                text_null("user_type"),
                text_null("grade"),
                text_null("class_id"),
            ],
        )
        .await?;
        create::index(manager, "assignments", "resource_id").await?;
        // How a person arranged the launchpad.
        create::table(
            manager,
            "launchpads",
            &["person_id"],
            vec![
                text("person_id"),
                text("favourites"),
                text("arrangement"),
                big_integer("updated_at"),
            ],
        )
        .await?;
        // What a person opened, how often, when last.
        create::table(
            manager,
            "resource_usage",
            &["person_id", "resource_id"],
            vec![
                text("person_id"),
                text("resource_id"),
                big_integer("launches"),
                big_integer("last_launched_at"),
            ],
        )
        .await?;
        // Launches of a resource by day and school.
        create::table(
            manager,
            "launch_counts",
            &["resource_id", "day", "school_id"],
            vec![
                text("resource_id"),
                text("day"),
                text("school_id"),
                big_integer("launches"),
            ],
        )
        .await?;
        // Standing permissions: what refresh tokens and codes hang from.
        create::table(
            manager,
            "grants",
            &["id"],
            vec![
                text("id"),
                text("person_id"),
                text("client_id"),
                text_null("sid"),
                text("scope"),
                text("request"),
                big_integer("auth_time"),
                big_integer("auth_epoch"),
                big_integer("created_at"),
                big_integer("expires_at"),
                big_integer_null("revoked_at"),
            ],
        )
        .await?;
        create::index(manager, "grants", "person_id").await?;
        create::index(manager, "grants", "client_id").await?;
        create::index(manager, "grants", "expires_at").await?;
        create::index(manager, "grants", "sid").await?;
        // Refresh tokens by digest; a used one points at its successor.
        create::table(
            manager,
            "refresh_tokens",
            &["digest"],
            vec![
                text("digest"),
                text("grant_id"),
                big_integer("generation"),
                big_integer("issued_at"),
                big_integer("expires_at"),
                big_integer_null("used_at"),
                text_null("successor"),
            ],
        )
        .await?;
        create::index(manager, "refresh_tokens", "grant_id").await?;
        create::index(manager, "refresh_tokens", "expires_at").await?;
        // The issuer's keys, private parts sealed under the key-encryption key. Of two nodes that make the next key of an
        // algorithm at once, the primary key lets one succeed.
        create::table(
            manager,
            "signing_keys",
            &["algorithm", "generation"],
            vec![
                text("algorithm"),
                big_integer("generation"),
                text("kid"),
                text("sealed"),
                text("public_jwk"),
                big_integer("created_at"),
                big_integer("activates_at"),
                big_integer_null("retires_at"),
                big_integer_null("destroyed_at"),
            ],
        )
        .await?;
        create::unique_index(manager, "signing_keys", "kid").await?;
        // Keys for hashing and masking that all nodes share, sealed.
        create::table(
            manager,
            "server_secrets",
            &["name"],
            vec![text("name"), text("sealed"), big_integer("created_at")],
        )
        .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create::drop_all(
            manager,
            &[
                "server_secrets",
                "signing_keys",
                "refresh_tokens",
                "grants",
                "launch_counts",
                "resource_usage",
                "launchpads",
                "assignments",
                "resources",
                "clients",
            ],
        )
        .await
    }
}
