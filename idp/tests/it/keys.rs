//! The issuer's keys: made once however many nodes start, rotated without a gap, gone when revoked, sealed at rest.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use idp::app::{App, Sources};
use idp::clock::{Clock, Timestamp};
use idp::config::Settings;
use idp::flows::Context;
use idp::flows::rotate_keys::{ALGORITHMS, keep_schedule, list, reseal, revoke, rotate};
use idp::random::Random;
use keys::{Algorithm, State, Typ, VerifyError};
use serde_json::{Value, json};

use crate::stores::durable::fresh_postgres;
use crate::support::{MORNING, TestApp};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn published(app: &App) -> Vec<String> {
    let set: Value = serde_json::from_slice(&app.keys.jwks()).unwrap();
    let keys = set["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

fn sign(app: &App, algorithm: Algorithm) -> String {
    let now = app.clock.now();
    app.keys
        .sign(algorithm, Typ::Jwt, &json!({ "sub": "ana" }), now)
        .unwrap()
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

fn settings(data_dir: &Path, kek: &Path, database: &str) -> Settings {
    let mut settings = Settings {
        data_dir: data_dir.to_owned(),
        ..Settings::default()
    };
    settings.database.url = Some(database.to_owned());
    settings.database.connections = 2;
    settings.keys.kek_file = Some(kek.to_owned());
    settings
}

async fn start(settings: Settings) -> anyhow::Result<Arc<App>> {
    let sources = Sources {
        clock: Clock::fixed(MORNING),
        random: Random::Os,
    };
    App::start(settings, sources).await
}

#[tokio::test]
async fn the_first_start_makes_a_key_of_each_algorithm_that_signs_at_once() {
    let app = TestApp::new().await.app;
    let published = published(&app);
    assert_eq!(published.len(), ALGORITHMS.len());
    for algorithm in ALGORITHMS {
        let token = sign(&app, algorithm);
        assert!(published.contains(&kid_of(&token)));
        let claims: Value = app.keys.verify(Typ::Jwt, &token).unwrap();
        assert_eq!(claims, json!({ "sub": "ana" }));
    }
    let now = app.clock.now();
    assert!(
        app.keys
            .sign(Algorithm::Ps256, Typ::Jwt, &json!({}), now)
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_share_one_key_of_each_algorithm_and_one_set_of_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("shared.sqlite").display()
    );
    let mut urls = vec![file];
    urls.extend(fresh_postgres().await);
    for (number, url) in urls.into_iter().enumerate() {
        let nodes: Vec<_> = (0..4)
            .map(|node| {
                let home = folder.path().join(format!("{number}-{node}"));
                let kek = folder.path().join(format!("kek-{number}"));
                tokio::spawn(start(settings(&home, &kek, &url)))
            })
            .collect();
        let mut apps = Vec::new();
        for node in nodes {
            apps.push(node.await.unwrap().unwrap());
        }
        for app in &apps {
            app.keys.reload(&app.store).await.unwrap();
        }
        let sets: HashSet<_> = apps.iter().map(|app| published(app)).collect();
        assert_eq!(sets.len(), 1);
        assert_eq!(published(&apps[0]).len(), ALGORITHMS.len());
        for algorithm in ALGORITHMS {
            let kids: HashSet<_> = apps
                .iter()
                .map(|app| kid_of(&sign(app, algorithm)))
                .collect();
            assert_eq!(kids.len(), 1);
        }
        let peppers: HashSet<_> = apps.iter().map(|app| app.secrets.pepper).collect();
        assert_eq!(peppers.len(), 1);
        let secrets = &apps[0].secrets;
        let all = [
            secrets.csrf,
            secrets.device,
            secrets.pepper,
            secrets.pairwise,
            secrets.names,
            secrets.decoys,
            secrets.audit,
        ];
        assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), all.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_rotate_at_once_make_one_next_key() {
    let app = TestApp::new().await;
    app.advance(29 * DAY);
    let contexts: Vec<_> = (0..4).map(|_| app.context()).collect();
    let racers: Vec<_> = contexts
        .into_iter()
        .map(|cx| tokio::spawn(async move { keep_schedule(&cx).await }))
        .collect();
    for racer in racers {
        racer.await.unwrap().unwrap();
    }
    assert_eq!(published(&app.app).len(), 2 * ALGORITHMS.len());
}

#[tokio::test]
async fn a_month_passes_without_a_gap() {
    let app = TestApp::new().await;
    let first = sign(&app.app, Algorithm::Es256);
    app.advance(29 * DAY);
    keep_schedule(&app.context()).await.unwrap();
    assert_eq!(
        published(&app.app).len(),
        2 * ALGORITHMS.len(),
        "the next keys are published"
    );
    app.advance(DAY - 1);
    assert_eq!(kid_of(&sign(&app.app, Algorithm::Es256)), kid_of(&first));
    app.advance(1);
    let second = sign(&app.app, Algorithm::Es256);
    assert_ne!(
        kid_of(&second),
        kid_of(&first),
        "without a word or a restart"
    );
    for token in [&first, &second] {
        app.app.keys.verify::<Value>(Typ::Jwt, token).unwrap();
    }
    app.advance(DAY - 1);
    keep_schedule(&app.context()).await.unwrap();
    app.app.keys.verify::<Value>(Typ::Jwt, &first).unwrap();
    app.advance(1);
    keep_schedule(&app.context()).await.unwrap();
    assert_eq!(
        app.app.keys.verify::<Value>(Typ::Jwt, &first),
        Err(VerifyError::UnknownKey)
    );
    assert_eq!(published(&app.app).len(), ALGORITHMS.len());
    let destroyed = list(&app.context()).await.unwrap();
    let destroyed = destroyed.iter().filter(|key| key.state == State::Destroyed);
    assert_eq!(destroyed.count(), ALGORITHMS.len());
}

#[tokio::test]
async fn an_operator_rotates_and_then_is_in_a_hurry() {
    let app = TestApp::new().await;
    let cx = app.context();
    let old = kid_of(&sign(&app.app, Algorithm::Rs256));
    let planned = rotate(&cx, Algorithm::Rs256, false).await.unwrap();
    assert_eq!(planned.at, Timestamp::from_unix(MORNING.unix() + DAY));
    assert_ne!(planned.kid, old);
    assert_eq!(
        rotate(&cx, Algorithm::Rs256, false).await.unwrap(),
        planned,
        "once is enough"
    );
    let hurried = rotate(&cx, Algorithm::Rs256, true).await.unwrap();
    assert_eq!(hurried.kid, planned.kid);
    assert_eq!(
        hurried.at,
        Timestamp::from_unix(MORNING.unix() + keys::SETTLING)
    );
    app.advance(keys::SETTLING - 1);
    assert_eq!(kid_of(&sign(&app.app, Algorithm::Rs256)), old);
    app.advance(1);
    assert_eq!(kid_of(&sign(&app.app, Algorithm::Rs256)), planned.kid);
    assert_eq!(
        published(&app.app).len(),
        ALGORITHMS.len() + 1,
        "others are left alone"
    );
}

#[tokio::test]
async fn a_revoked_key_is_gone_at_once_and_another_signs() {
    let app = TestApp::new().await;
    let first = sign(&app.app, Algorithm::Es256);
    let rotation = revoke(&app.context(), &kid_of(&first))
        .await
        .unwrap()
        .unwrap();
    let second = sign(&app.app, Algorithm::Es256);
    assert_eq!(kid_of(&second), rotation.kid);
    assert!(!published(&app.app).contains(&kid_of(&first)));
    assert!(app.app.keys.verify::<Value>(Typ::Jwt, &first).is_err());
    assert_eq!(revoke(&app.context(), &kid_of(&first)).await.unwrap(), None);
    assert_eq!(revoke(&app.context(), "unknown").await.unwrap(), None);

    // With a next key at hand, that one takes over.
    let next = rotate(&app.context(), Algorithm::Es256, false)
        .await
        .unwrap();
    app.advance(HOUR);
    let rotation = revoke(&app.context(), &kid_of(&second))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rotation.kid, next.kid);
    assert_eq!(kid_of(&sign(&app.app, Algorithm::Es256)), next.kid);
}

#[tokio::test]
async fn a_restart_finds_the_same_keys_and_another_key_encryption_key_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("one.sqlite").display()
    );
    let kek = folder.path().join("kek");
    let home = folder.path().join("home");
    let app = start(settings(&home, &kek, &url)).await.unwrap();
    let (before, pepper) = (published(&app), app.secrets.pepper);
    app.close().await;
    let app = start(settings(&home, &kek, &url)).await.unwrap();
    assert_eq!((published(&app), app.secrets.pepper), (before, pepper));
    app.close().await;

    let missing = start(settings(&home, &folder.path().join("none"), &url)).await;
    let error = format!("{:#}", missing.err().unwrap());
    assert!(
        error.contains("`keys.kek_file`") && error.contains("none"),
        "{error}"
    );
    assert!(
        !folder.path().join("none").exists(),
        "no new key for sealed data"
    );

    let other = folder.path().join("other");
    keys::Kek::load_or_create(&other).unwrap();
    let error = format!(
        "{:#}",
        start(settings(&home, &other, &url)).await.err().unwrap()
    );
    assert!(error.contains("does not hold"), "{error}");
    assert!(!error.contains('\n'), "{error}");
}

#[tokio::test]
async fn the_key_encryption_key_can_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("one.sqlite").display()
    );
    let home = folder.path().join("home");
    let path = |name: &str| folder.path().join(name);
    let app = start(settings(&home, &path("old"), &url)).await.unwrap();
    let before = published(&app);
    app.close().await;

    keys::Kek::load_or_create(&path("new")).unwrap();
    let old = std::fs::read_to_string(path("old")).unwrap();
    let new = std::fs::read_to_string(path("new")).unwrap();
    std::fs::write(path("both"), new + &old).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o400);
    std::fs::set_permissions(path("both"), private).unwrap();

    let app = start(settings(&home, &path("both"), &url)).await.unwrap();
    let cx = Context::of_command(&app, "test");
    assert_eq!(reseal(&cx).await.unwrap(), ALGORITHMS.len() + 7);
    assert_eq!(reseal(&cx).await.unwrap(), 0);
    app.close().await;
    let app = start(settings(&home, &path("new"), &url)).await.unwrap();
    assert_eq!(published(&app), before);
}
