//! The durable store's schema. One file per change; a change may only create a table, add a nullable or defaulted column,
//! create an index or copy data, because SQLite can do no more in place.
//!
//! Ids are text made by us, times are Unix seconds, lists and structures are JSON text: the same on SQLite and PostgreSQL.

#![expect(clippy::too_many_lines, reason = "a schema is a list")]
#![expect(
    elided_lifetimes_in_paths,
    reason = "async_trait must meet the trait's own signature"
)]

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod create;
mod m20261124_000001_people;
mod m20261124_000002_roster;
mod m20261124_000003_provider;
mod m20261124_000004_operations;
mod m20261124_000005_audit_guard;
mod m20261124_000006_resets;
mod m20261124_000007_help;

/// The ordered list of changes.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_people::Migration),
            Box::new(m20261124_000002_roster::Migration),
            Box::new(m20261124_000003_provider::Migration),
            Box::new(m20261124_000004_operations::Migration),
            Box::new(m20261124_000005_audit_guard::Migration),
            Box::new(m20261124_000006_resets::Migration),
            Box::new(m20261124_000007_help::Migration),
        ]
    }
}

/// The number that names our lock to PostgreSQL; any other program's must differ.
const LOCK: i64 = 0x486f_6d65_726f_6f6d;

/// Brings the schema up to date. Several nodes may call this at once: one migrates, the others wait for it.
///
/// One outer transaction holds everything: `BEGIN IMMEDIATE` on SQLite, an advisory lock on PostgreSQL.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = db
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        })
        .await?;
    if db.get_database_backend() == DatabaseBackend::Postgres {
        for sql in [
            "SET LOCAL lock_timeout = '120s'".to_owned(),
            "SET LOCAL statement_timeout = '120s'".to_owned(),
            format!("SELECT pg_advisory_xact_lock({LOCK})"),
        ] {
            transaction
                .execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql))
                .await?;
        }
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}
