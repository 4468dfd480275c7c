//! The database itself refuses to change or remove what the audit log holds.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: [&str; 2] = ["audit_events", "audit_links"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        let mut statements = Vec::new();
        if backend == sea_orm::DatabaseBackend::Postgres {
            statements.push(
                "CREATE FUNCTION audit_is_insert_only() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'the audit log is insert-only'; END $$"
                    .to_owned(),
            );
            for table in TABLES {
                statements.push(format!(
                    "CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
                     FOR EACH STATEMENT EXECUTE FUNCTION audit_is_insert_only()"
                ));
            }
        } else {
            for table in TABLES {
                for act in ["UPDATE", "DELETE"] {
                    statements.push(format!(
                        "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} \
                         BEGIN SELECT RAISE(ABORT, 'the audit log is insert-only'); END"
                    ));
                }
            }
        }
        for sql in statements {
            db.execute_raw(sea_orm::Statement::from_string(backend, sql))
                .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let backend = manager.get_database_backend();
        let mut statements = Vec::new();
        if backend == sea_orm::DatabaseBackend::Postgres {
            for table in TABLES {
                statements.push(format!("DROP TRIGGER {table}_guard ON {table}"));
            }
            statements.push("DROP FUNCTION audit_is_insert_only()".to_owned());
        } else {
            for table in TABLES {
                for act in ["UPDATE", "DELETE"] {
                    statements.push(format!("DROP TRIGGER {table}_no_{act}"));
                }
            }
        }
        for sql in statements {
            db.execute_raw(sea_orm::Statement::from_string(backend, sql))
                .await?;
        }
        Ok(())
    }
}
