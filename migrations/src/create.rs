//! The few shapes that migrations use.

use sea_orm_migration::prelude::*;

/// Creates a table with text primary keys.
pub async fn table(
    manager: &SchemaManager<'_>,
    name: &'static str,
    primary_key: &[&'static str],
    columns: Vec<ColumnDef>,
) -> Result<(), DbErr> {
    let mut create = Table::create();
    create.table(name);
    for column in columns {
        create.col(column);
    }
    let mut key = Index::create();
    for column in primary_key {
        key.col(*column);
    }
    create.primary_key(&mut key);
    manager.create_table(create).await
}

/// Creates an index on one column.
pub async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .name(format!("{table}_{column}"))
                .table(table)
                .col(column)
                .to_owned(),
        )
        .await
}

/// Creates an index that lets a value stand once; absent values may repeat.
pub async fn unique_index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
) -> Result<(), DbErr> {
    manager
        .create_index(
            Index::create()
                .unique()
                .name(format!("{table}_{column}"))
                .table(table)
                .col(column)
                .to_owned(),
        )
        .await
}

/// Drops tables in the given order.
pub async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager
            .drop_table(Table::drop().table(*table).to_owned())
            .await?;
    }
    Ok(())
}
