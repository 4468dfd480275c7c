//! The conditional changes of accounts, raced by a hundred on both databases.

use idp::clock::{Lifetime, Timestamp};
use idp::ids::PersonId;
use idp::secret::{Digest, Secret};
use idp::store::{Store, accounts, challenge_answers, claim_codes, failure_counts, support_codes};
use sea_orm::{ConnectionTrait as _, Statement};

use super::durable::on_both;

const AT: Timestamp = Timestamp::from_unix(1_785_931_200);

async fn person(store: &Store, id: &str, status: &str) -> PersonId {
    for sql in [
        format!(
            "INSERT INTO people (id, population, role, given_name, family_name, name_folded, number, grades, \
             roster_status, row_hash, version, status_changed_at, created_at, updated_at) \
             VALUES ('{id}', 'student', 'student', 'Ana', 'Vo', 'vo ana', '0012345', '07', '{status}', 0, 1, 0, 0, 0)"
        ),
        format!(
            "INSERT INTO accounts (person_id, username, state, auth_epoch, recovery_pending, \
             must_change_password, created_at) VALUES ('{id}', 's-{id}', 'unclaimed', 4, false, false, 0)"
        ),
    ] {
        let db = store.durable();
        db.execute_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .unwrap();
    }
    PersonId::new(id)
}

/// Runs `act` a hundred times at once and counts who answered `true`.
async fn race<F>(act: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let racers: Vec<_> = (0..100).map(|n| tokio::spawn(act(n))).collect();
    let mut winners = 0;
    for racer in racers {
        winners += usize::from(racer.await.unwrap());
    }
    winners
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_a_hundred_claims_takes_the_account() {
    on_both(|store| async move {
        let id = person(&store, "p-1", "active").await;
        let winners = race(|n| {
            let (store, id) = (store.clone(), id.clone());
            async move {
                let tx = store.begin().await.unwrap();
                let claim = accounts::Claim {
                    person_id: &id,
                    password_hash: &format!("hash {n}"),
                    recovery_pending: true,
                    from: "school",
                    ticket: &Digest::of("test", format!("{n}").as_bytes()),
                    at: AT,
                };
                let won = accounts::claim(&tx, &claim).await.unwrap();
                tx.commit().await.unwrap();
                won
            }
        })
        .await;
        assert_eq!(winners, 1);
        let found = accounts::list_candidates(store.read(), &["0012345".into(), "x".into()])
            .await
            .unwrap();
        let account = &found[0].account;
        let hash = account.password_hash.clone().unwrap();
        let winner = hash.expose().strip_prefix("hash ").unwrap().to_owned();
        let ticket = Digest::of("test", winner.as_bytes());
        let db = store.read();
        assert!(accounts::was_claimed_with(db, &id, &ticket).await.unwrap());
        assert!(
            !accounts::was_claimed_with(db, &id, &Digest::of("test", b"x"))
                .await
                .unwrap()
        );
        assert_eq!((account.auth_epoch, account.claimed_at), (5, Some(AT)));
        assert!(account.recovery_pending && !account.must_change_password);
        // What follows the claim.
        let db = store.durable();
        assert!(accounts::close_recovery(db, &id).await.unwrap());
        assert!(!accounts::close_recovery(db, &id).await.unwrap());
        assert!(
            accounts::replace_hash(db, &id, &hash, "newer")
                .await
                .unwrap()
        );
        assert!(
            !accounts::replace_hash(db, &id, &hash, "newest")
                .await
                .unwrap()
        );
        assert!(
            accounts::set_password(db, &id, 5, "other", AT)
                .await
                .unwrap()
        );
        assert!(
            !accounts::set_password(db, &id, 5, "late", AT)
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_outside_the_roster_can_be_claimed() {
    on_both(|store| async move {
        for status in ["disabled", "tobedeleted"] {
            let id = person(&store, status, status).await;
            let claim = accounts::Claim {
                person_id: &id,
                password_hash: "hash",
                recovery_pending: false,
                from: "school",
                ticket: &Digest::of("test", b"1"),
                at: AT,
            };
            assert!(!accounts::claim(store.durable(), &claim).await.unwrap());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_counted_up_to_the_limit_and_never_beyond() {
    on_both(|store| async move {
        let counted = race(|_| {
            let store = store.clone();
            async move {
                failure_counts::add(store.relaxed(), "p-1", "school", 30, AT)
                    .await
                    .unwrap()
            }
        })
        .await;
        assert_eq!(counted, 30);
        let db = store.durable();
        let count = async |lane| failure_counts::find(db, "p-1", lane).await.unwrap();
        assert_eq!((count("school").await, count("anywhere").await), (30, 0));
        assert!(!failure_counts::add(db, "p-1", "none", 0, AT).await.unwrap());
        failure_counts::add(db, "p-1", "anywhere", 30, AT)
            .await
            .unwrap();
        failure_counts::clear(db, "p-1", "school").await.unwrap();
        assert_eq!((count("school").await, count("anywhere").await), (0, 1));
        failure_counts::clear_all(db, "p-1").await.unwrap();
        assert_eq!(count("anywhere").await, 0);
        // Names that nobody has are forgotten by age, people never.
        for (account, at) in [
            ("?old", AT),
            ("?new", AT.plus(Lifetime::days(2))),
            ("p-2", AT),
        ] {
            failure_counts::add(db, account, "school", 30, at)
                .await
                .unwrap();
        }
        let before = AT.plus(Lifetime::days(1));
        assert_eq!(
            failure_counts::delete_stale(db, "?", before).await.unwrap(),
            1
        );
        assert_eq!(failure_counts::find(db, "p-2", "school").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_code_is_used_once() {
    on_both(|store| async move {
        let id = PersonId::new("p-1");
        let (db, end) = (store.durable(), AT.plus(Lifetime::days(30)));
        claim_codes::set(db, &id, "old", AT, end).await.unwrap();
        claim_codes::set(db, &id, "code", AT, end).await.unwrap();
        assert!(!claim_codes::is_open(db, &id, "old", AT).await.unwrap());
        assert!(claim_codes::is_open(db, &id, "code", AT).await.unwrap());
        assert!(!claim_codes::is_open(db, &id, "code", end).await.unwrap());
        let winners = race(|_| {
            let (store, id) = (store.clone(), id.clone());
            async move {
                claim_codes::use_up(store.durable(), &id, "code", AT)
                    .await
                    .unwrap()
            }
        })
        .await;
        assert_eq!(winners, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_support_codes_come_back_as_they_went() {
    on_both(|store| async move {
        let (db, id) = (store.durable(), PersonId::new("p-1"));
        assert!(challenge_answers::find(db, &id).await.unwrap().is_none());
        challenge_answers::set(db, &id, &["a", "b"], "first", AT)
            .await
            .unwrap();
        challenge_answers::set(db, &id, &["b", "c", "d"], "second", AT)
            .await
            .unwrap();
        let found = challenge_answers::find(db, &id).await.unwrap().unwrap();
        assert_eq!(found.question_ids, ["b", "c", "d"]);
        assert_eq!((found.hash, found.set_at), (Secret::new("second"), AT));
        challenge_answers::delete(db, &id).await.unwrap();
        assert!(challenge_answers::find(db, &id).await.unwrap().is_none());

        let code = support_codes::SupportCode {
            code: "K7F2QX".into(),
            flow: "claim".into(),
            reason: "unknown_number".into(),
            person_id: None,
            school_id: None,
            detail: "{\"typed_number\":\"7\"}".into(),
            created_at: AT,
            expires_at: AT.plus(Lifetime::days(30)),
        };
        support_codes::insert(db, &code).await.unwrap();
        let twice = support_codes::insert(db, &code).await.unwrap_err();
        assert!(matches!(twice, idp::store::StoreError::Conflict));
        assert_eq!(
            support_codes::find(db, "K7F2QX", AT).await.unwrap(),
            Some(code.clone())
        );
        assert_eq!(
            support_codes::find(db, "K7F2QX", code.expires_at)
                .await
                .unwrap(),
            None
        );
        assert_eq!(support_codes::delete_expired(db, AT).await.unwrap(), 0);
        assert_eq!(
            support_codes::delete_expired(db, code.expires_at)
                .await
                .unwrap(),
            1
        );
    })
    .await;
}
