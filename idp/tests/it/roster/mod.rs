//! Roster imports over the real importer and a real database: SQLite always, PostgreSQL where this run has one.

mod days;
mod generator;
mod import;
mod malformed;
mod pack;
mod people;
mod quarantine;

use std::path::Path;
use std::sync::Arc;

use idp::config::Settings;
use idp::district::oneroster::Strictness;
use idp::flows::import_roster::{self, Ending, Progress, Report, Request};
use sea_orm::{FromQueryResult as _, JsonValue, Statement};

use self::pack::Pack;
use super::stores::durable::fresh_postgres;
use super::support::TestApp;

/// The tables that an import may change.
const TABLES: [&str; 8] = [
    "schools",
    "academic_sessions",
    "courses",
    "classes",
    "people",
    "accounts",
    "affiliations",
    "enrollments",
];

/// An application with an empty roster, and a folder for packages.
pub struct Importer {
    pub app: TestApp,
    folder: tempfile::TempDir,
}

impl Importer {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self {
            app: TestApp::with(change).await,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One on SQLite, and one on PostgreSQL where this run has a server.
    pub async fn on_both() -> Vec<Self> {
        let mut all = vec![Self::new().await];
        if let Some(url) = fresh_postgres().await {
            all.push(Self::with(|settings| settings.database.url = Some(url)).await);
        }
        all
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub async fn import(&self, pack: &Pack) -> Report {
        self.run(pack, |_| {}).await
    }

    pub async fn approve(&self, pack: &Pack) -> Report {
        self.run(pack, |request| request.approved = true).await
    }

    pub async fn strict(&self, pack: &Pack) -> Report {
        self.run(pack, |request| request.strictness = Strictness::Strict)
            .await
    }

    pub async fn run(&self, pack: &Pack, change: impl FnOnce(&mut Request)) -> Report {
        let path = self.folder().join("package.zip");
        std::fs::write(&path, pack.zip()).unwrap();
        self.run_file(&path, change).await
    }

    pub async fn run_file(&self, path: &Path, change: impl FnOnce(&mut Request)) -> Report {
        let mut request = Request {
            path: path.to_owned(),
            strictness: Strictness::Tolerant,
            dry_run: false,
            approved: false,
            actor: "cli".to_owned(),
        };
        change(&mut request);
        import_roster::import(
            &self.app.context(),
            &request,
            &Arc::new(Progress::default()),
        )
        .await
        .unwrap()
    }

    /// Imports and expects it to be applied without a row set aside.
    pub async fn apply(&self, pack: &Pack) -> Report {
        let report = self.import(pack).await;
        assert_eq!(report.ending, Ending::Applied, "{:?}", report.summary);
        assert_eq!(report.quarantine.total(), 0, "{:?}", report.quarantine);
        report
    }

    /// Rows of a query.
    pub async fn rows(&self, sql: &str) -> Vec<JsonValue> {
        let db = self.app.app.store.read();
        let statement =
            Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(db), sql);
        JsonValue::find_by_statement(statement)
            .all(db)
            .await
            .unwrap()
    }

    /// The one number of a query.
    pub async fn number(&self, sql: &str) -> i64 {
        use sea_orm::ConnectionTrait as _;
        let db = self.app.app.store.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// The one value of a query of one row and column.
    pub async fn value(&self, sql: &str) -> JsonValue {
        let rows = self.rows(sql).await;
        assert_eq!(rows.len(), 1, "{sql}: {rows:?}");
        rows[0]
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .clone()
    }

    pub async fn execute(&self, sql: &str) {
        use sea_orm::ConnectionTrait as _;
        self.app
            .app
            .store
            .durable()
            .execute_unprepared(sql)
            .await
            .unwrap();
    }

    /// Everything that the roster's tables hold.
    pub async fn dump(&self) -> String {
        let mut out = String::new();
        for table in TABLES {
            let key = if table == "accounts" {
                "person_id"
            } else {
                "id"
            };
            for row in self
                .rows(&format!("SELECT * FROM {table} ORDER BY {key}"))
                .await
            {
                out.push_str(&format!("{table} {row}\n"));
            }
        }
        out
    }

    /// Claims an account, as far as an import cares.
    pub async fn claim(&self, username: &str) {
        self.execute(&format!(
            "UPDATE accounts SET state = 'active', password_hash = 'x' WHERE username = '{username}'"
        ))
        .await;
    }
}
