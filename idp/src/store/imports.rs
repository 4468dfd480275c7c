//! The history of roster imports, the rows they set aside, and the lock that lets one run at a time.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseBackend, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Statement,
};

use super::entity::{import_quarantine, imports};
use super::{Conn, Store, StoreError, Tx};
use crate::clock::Timestamp;
use crate::district::oneroster::Fault;

/// The number that names our lock to PostgreSQL.
const LOCK: i64 = 0x486f_6d65_496d_7074;

/// One import in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRecord {
    /// Our id.
    pub id: String,
    /// `applied`, `unchanged`, `held` or `refused`.
    pub state: String,
    /// `strict` or `tolerant`.
    pub mode: String,
    /// `1.1` or `1.2`; empty where the manifest could not be read.
    pub oneroster_version: String,
    /// Name of the zip.
    pub file_name: String,
    /// SHA-256 of the zip, hexadecimal.
    pub file_digest: String,
    /// The summary, as JSON.
    pub summary: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Who started it.
    pub actor: Option<String>,
}

/// Begins the one transaction of an import; none when another import is running.
pub async fn begin(store: &Store) -> Result<Option<Tx>, StoreError> {
    let tx = match store.begin().await {
        Ok(tx) => tx,
        // SQLite: somebody else writes, for longer than a claim ever does.
        Err(StoreError::Unavailable(_)) if !store.is_postgres() && store.ping().await.is_ok() => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if store.is_postgres() {
        for sql in [
            "SET LOCAL statement_timeout = '300s'",
            "SET LOCAL idle_in_transaction_session_timeout = '300s'",
        ] {
            tx.execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql))
                .await?;
        }
        let lock = Statement::from_sql_and_values(
            DatabaseBackend::Postgres,
            "SELECT pg_try_advisory_xact_lock($1) AS got",
            [LOCK.into()],
        );
        let got = match tx.query_one_raw(lock).await? {
            Some(row) => row.try_get::<bool>("", "got")?,
            None => false,
        };
        return Ok(got.then_some(tx));
    }
    set_cache(&tx, -65_536).await?;
    Ok(Some(tx))
}

/// Commits, and gives the memory of SQLite's cache back.
pub async fn commit(store: &Store, tx: Tx) -> Result<(), StoreError> {
    if !store.is_postgres() {
        set_cache(&tx, -4096).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes everything back.
pub async fn roll_back(store: &Store, tx: Tx) -> Result<(), StoreError> {
    if !store.is_postgres() {
        set_cache(&tx, -4096).await?;
    }
    Ok(tx.rollback().await?)
}

/// Size of SQLite's page cache, in KiB below zero. Random keys of large indexes stay in memory during an import.
async fn set_cache(tx: &Tx, size: i32) -> Result<(), StoreError> {
    let sql = format!("PRAGMA cache_size = {size}");
    tx.execute_raw(Statement::from_string(DatabaseBackend::Sqlite, sql))
        .await?;
    Ok(())
}

/// Adds an import to the history.
pub async fn insert(db: &impl Conn, record: ImportRecord) -> Result<(), StoreError> {
    imports::Entity::insert(imports::ActiveModel {
        id: Set(record.id),
        state: Set(record.state),
        mode: Set(record.mode),
        oneroster_version: Set(record.oneroster_version),
        file_name: Set(record.file_name),
        file_digest: Set(record.file_digest),
        summary: Set(record.summary),
        started_at: Set(record.started_at.unix()),
        finished_at: Set(record.finished_at.map(Timestamp::unix)),
        actor: Set(record.actor),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Keeps the rows that an import set aside, each with the id of its own row.
pub async fn insert_quarantine(
    db: &impl Conn,
    import_id: &str,
    rows: impl Iterator<Item = (String, &Fault)>,
) -> Result<(), StoreError> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let models = rows
            .by_ref()
            .take(500)
            .map(|(id, fault)| import_quarantine::ActiveModel {
                id: Set(id),
                import_id: Set(import_id.to_owned()),
                file: Set(fault.file.to_string()),
                line: Set(i64::try_from(fault.line).unwrap_or(i64::MAX)),
                column: Set(fault.column.to_string()),
                found: Set(fault.found.to_string()),
                advice: Set(fault.advice.to_string()),
                sourced_id: Set(fault.sourced_id.as_deref().map(str::to_owned)),
            });
        import_quarantine::Entity::insert_many(models)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// The latest imports, newest first.
pub async fn list(db: &impl Conn, limit: u64) -> Result<Vec<ImportRecord>, StoreError> {
    let rows = imports::Entity::find()
        .order_by_desc(imports::Column::StartedAt)
        .order_by_desc(imports::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ImportRecord {
            id: row.id,
            state: row.state,
            mode: row.mode,
            oneroster_version: row.oneroster_version,
            file_name: row.file_name,
            file_digest: row.file_digest,
            summary: row.summary,
            started_at: Timestamp::from_unix(row.started_at),
            finished_at: row.finished_at.map(Timestamp::from_unix),
            actor: row.actor,
        })
        .collect())
}

/// The rows that an import set aside, by file and line.
pub async fn list_quarantine(
    db: &impl Conn,
    import_id: &str,
    limit: u64,
) -> Result<Vec<Fault>, StoreError> {
    let rows = import_quarantine::Entity::find()
        .filter(import_quarantine::Column::ImportId.eq(import_id))
        .order_by_asc(import_quarantine::Column::File)
        .order_by_asc(import_quarantine::Column::Line)
        .order_by_asc(import_quarantine::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Fault {
            file: row.file.into(),
            line: u64::try_from(row.line).unwrap_or_default(),
            column: row.column.into(),
            found: row.found.into(),
            advice: row.advice.into(),
            sourced_id: row.sourced_id.map(Into::into),
        })
        .collect())
}
