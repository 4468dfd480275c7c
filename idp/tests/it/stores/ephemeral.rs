//! The five verbs, the same on Redis and in memory.

use std::sync::Arc;

use idp::clock::{Lifetime, Timestamp};
use idp::ephemeral::{Ephemeral, Kind};
use idp::random::Random;

/// The machine's second: Redis keeps time by its own clock.
fn now() -> Timestamp {
    idp::clock::Clock::System.now()
}

fn name() -> String {
    Random::Os.token().expose().to_owned()
}

async fn suite(store: Ephemeral) {
    let (now, id) = (now(), name());
    let later = now.plus(Lifetime::minutes(1));

    assert_eq!(
        store.get::<String>(Kind::Code, &id, now).await.unwrap(),
        None
    );
    store.put(Kind::Code, &id, &"first", later).await.unwrap();
    store.put(Kind::Code, &id, &"second", later).await.unwrap();
    assert_eq!(
        store
            .get::<String>(Kind::Code, &id, now)
            .await
            .unwrap()
            .as_deref(),
        Some("second")
    );
    assert_eq!(
        store.get::<String>(Kind::Session, &id, now).await.unwrap(),
        None,
        "kinds share nothing"
    );
    assert_eq!(
        store.get::<u64>(Kind::Code, &id, now).await.unwrap(),
        None,
        "unreadable is absent"
    );
    store.delete(Kind::Code, &id).await.unwrap();
    assert_eq!(
        store.get::<String>(Kind::Code, &id, now).await.unwrap(),
        None
    );

    store
        .put(Kind::Code, &id, &"gone", now.minus(Lifetime::seconds(5)))
        .await
        .unwrap();
    assert_eq!(
        store.get::<String>(Kind::Code, &id, now).await.unwrap(),
        None,
        "expired"
    );

    let window = Lifetime::minutes(5);
    for expected in 1..=3 {
        assert_eq!(
            store
                .count(Kind::RateLimit, &id, window, now)
                .await
                .unwrap(),
            expected
        );
    }
    store.delete(Kind::RateLimit, &id).await.unwrap();
    assert_eq!(
        store
            .count(Kind::RateLimit, &id, window, now)
            .await
            .unwrap(),
        1
    );

    race(store, now, later).await;
}

/// A hundred at once: one is first, every count is somebody's.
async fn race(store: Ephemeral, now: Timestamp, later: Timestamp) {
    let store = Arc::new(store);
    let id = Arc::new(name());
    let racers: Vec<_> = (0..100)
        .map(|_| {
            let (store, id) = (store.clone(), id.clone());
            tokio::spawn(async move {
                let first = store
                    .first_use(Kind::CodeSpent, &id, later, now)
                    .await
                    .unwrap();
                let count = store
                    .count(Kind::RateLimit, &id, Lifetime::minutes(1), now)
                    .await
                    .unwrap();
                (first, count)
            })
        })
        .collect();
    let mut firsts = 0;
    let mut counts = Vec::new();
    for racer in racers {
        let (first, count) = racer.await.unwrap();
        firsts += u32::from(first);
        counts.push(count);
    }
    counts.sort_unstable();
    assert_eq!(firsts, 1);
    assert_eq!(counts, (1..=100).collect::<Vec<u64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn embedded() {
    suite(Ephemeral::embedded(None)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis() {
    let Some(url) = super::redis_url() else {
        println!("skipped: no HOMEROOM_TEST_REDIS_URL");
        return;
    };
    suite(Ephemeral::redis(&url).await.unwrap()).await;
}

#[tokio::test]
async fn a_clean_stop_keeps_sessions_and_a_second_start_does_not_read_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.snapshot");
    let now = Timestamp::from_unix(1_800_000_000);
    let store = Ephemeral::embedded(Some(path.clone()));
    store
        .put(Kind::Session, "a", &"Ana", now.plus(Lifetime::minutes(5)))
        .await
        .unwrap();
    store.put(Kind::Session, "b", &"old", now).await.unwrap();
    store.close(now).unwrap();

    let store = Ephemeral::embedded(Some(path.clone()));
    assert_eq!(
        store
            .get::<String>(Kind::Session, "a", now)
            .await
            .unwrap()
            .as_deref(),
        Some("Ana")
    );
    assert_eq!(
        store
            .get::<String>(Kind::Session, "b", now.minus(Lifetime::seconds(9)))
            .await
            .unwrap(),
        None
    );
    assert!(!path.exists(), "a snapshot is good for one start");
    assert_eq!(store.sweep(now.plus(Lifetime::minutes(6))), 1);
}

#[tokio::test]
async fn a_window_ends() {
    let store = Ephemeral::embedded(None);
    let now = Timestamp::from_unix(1_800_000_000);
    let window = Lifetime::seconds(10);
    assert_eq!(
        store
            .count(Kind::RateLimit, "x", window, now)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        store
            .count(Kind::RateLimit, "x", window, now.plus(Lifetime::seconds(9)))
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        store
            .count(Kind::RateLimit, "x", window, now.plus(window))
            .await
            .unwrap(),
        1
    );
}
