//! The durable store, the same on SQLite and PostgreSQL.

use std::future::Future;

use idp::random::Random;
use idp::store::Store;

/// Runs `suite` on a SQLite file and, where this run has one, on a fresh PostgreSQL database.
pub async fn on_both<F: Future<Output = ()>>(suite: impl Fn(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("test.sqlite").display()
    );
    let store = Store::connect(&url, 4).await.unwrap();
    store.migrate().await.unwrap();
    suite(store).await;
    match fresh_postgres().await {
        Some(url) => {
            let store = Store::connect(&url, 8).await.unwrap();
            store.migrate().await.unwrap();
            suite(store).await;
        }
        None => println!("skipped: no HOMEROOM_TEST_POSTGRES_URL"),
    }
}

/// Makes an empty database on the PostgreSQL server of this run.
pub async fn fresh_postgres() -> Option<String> {
    use sea_orm::{ConnectionTrait as _, Database, DatabaseBackend, Statement};
    let server = super::postgres_url()?;
    let admin = Database::connect(&server).await.unwrap();
    let name = format!("t_{}", Random::Os.spoken_code(12).to_lowercase());
    let create =
        Statement::from_string(DatabaseBackend::Postgres, format!("CREATE DATABASE {name}"));
    admin.execute_raw(create).await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    Some(url.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn migrates_twice_without_a_change() {
    on_both(|store| async move {
        store.migrate().await.unwrap();
        store.ping().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_nodes_may_start_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("race.sqlite").display()
    );
    let mut urls = vec![file];
    urls.extend(fresh_postgres().await);
    for url in urls {
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                tokio::spawn(async move {
                    let store = Store::connect(&url, 2).await.unwrap();
                    store.migrate().await.unwrap();
                })
            })
            .collect();
        for node in nodes {
            node.await.unwrap();
        }
    }
}
