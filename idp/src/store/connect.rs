//! Pools, the pragmas of SQLite, and transactions in the right mode.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait as _, Database, DatabaseBackend, DatabaseConnection,
    DatabaseTransaction, DbErr, SqlErr, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait as _,
};

/// The durable store: a pool for reading, one for what must be on disk before anybody is told, one for what may follow.
///
/// On PostgreSQL all three are one pool. On SQLite the writers have one connection each: there is one writer at a time.
#[derive(Clone, Debug)]
pub struct Store {
    read: DatabaseConnection,
    durable: DatabaseConnection,
    relaxed: DatabaseConnection,
}

/// A transaction; dropped without `commit` it is rolled back.
pub type Tx = DatabaseTransaction;

/// What can go wrong below. Not found is `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is away, busy for too long, or full.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] DbErr),
    /// A unique value stands there already.
    #[error("a row with that key exists")]
    Conflict,
    /// A row holds what no version of ours wrote.
    #[error("unreadable {what} in {table}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column, or what is wrong.
        what: String,
    },
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict,
            _ => Self::Unavailable(error),
        }
    }
}

impl StoreError {
    /// A value that cannot be read back.
    pub fn corrupt(table: &'static str, what: impl ToString) -> Self {
        Self::Corrupt {
            table,
            what: what.to_string(),
        }
    }
}

impl Store {
    /// Connects to `url` (`sqlite://…` or `postgres://…`). Makes a missing SQLite file; changes no schema.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        if url.starts_with("sqlite://") {
            // The writer comes first: it makes the file and turns on the write-ahead log.
            let durable = connect_sqlite(url, 1, SqliteSynchronous::Full).await?;
            let relaxed = connect_sqlite(url, 1, SqliteSynchronous::Normal).await?;
            let read = connect_sqlite(url, connections, SqliteSynchronous::Normal).await?;
            Ok(Self {
                read,
                durable,
                relaxed,
            })
        } else {
            let pool = connect_postgres(url, connections).await?;
            Ok(Self {
                read: pool.clone(),
                durable: pool.clone(),
                relaxed: pool,
            })
        }
    }

    /// Brings the schema up to date; several nodes may do so at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        migrations::migrate(&self.durable)
            .await
            .map_err(StoreError::Unavailable)
    }

    /// For reading.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For a single statement that must be on disk before anybody is told.
    pub fn durable(&self) -> &DatabaseConnection {
        &self.durable
    }

    /// For a single statement whose loss in a power cut nobody was promised against: launch counts, audit of sign-ins.
    pub fn relaxed(&self) -> &DatabaseConnection {
        &self.relaxed
    }

    /// Begins a transaction that is on disk when `commit` returns.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        begin(&self.durable).await
    }

    /// Begins a transaction that survives the process's death when `commit` returns, and a power cut soon after.
    pub async fn begin_relaxed(&self) -> Result<Tx, StoreError> {
        let transaction = begin(&self.relaxed).await?;
        if self.is_postgres() {
            let sql = "SET LOCAL synchronous_commit = off";
            transaction
                .execute_raw(Statement::from_string(DatabaseBackend::Postgres, sql))
                .await?;
        }
        Ok(transaction)
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.read.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Whether the database answers; for readiness.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// Closes the pools after a clean stop.
    pub async fn close(self) {
        for pool in [self.read, self.relaxed, self.durable] {
            if let Err(error) = pool.close().await {
                tracing::warn!(%error, "closing the database");
            }
        }
    }
}

/// A writer on SQLite begins `IMMEDIATE`: one that reads first and writes later in a deferred transaction fails at once
/// with "database is locked" when another has written in between.
async fn begin(pool: &DatabaseConnection) -> Result<Tx, StoreError> {
    Ok(pool
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        })
        .await?)
}

async fn connect_sqlite(
    url: &str,
    connections: u32,
    synchronous: SqliteSynchronous,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("cache_size", "-4096")
                .pragma("temp_store", "memory")
        });
    Ok(Database::connect(options).await?)
}

async fn connect_postgres(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(3))
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("homeroom").options([
                ("statement_timeout", "15s"),
                ("lock_timeout", "5s"),
                ("idle_in_transaction_session_timeout", "30s"),
            ])
        });
    Ok(Database::connect(options).await?)
}
