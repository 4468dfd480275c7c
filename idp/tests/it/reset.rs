//! The August reset, on both databases.

use idp::clock::Timestamp;
use idp::district::reset::{Scope, State};
use idp::flows::reset_accounts::{self, Decision};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::stores::durable::fresh_postgres;
use crate::support::{MORNING, TestApp};

const PUPILS: usize = 2500;

async fn apps() -> Vec<TestApp> {
    let mut apps = vec![TestApp::new().await];
    match fresh_postgres().await {
        Some(url) => apps.push(TestApp::with(|settings| settings.database.url = Some(url)).await),
        None => println!("skipped: no HOMEROOM_TEST_POSTGRES_URL"),
    }
    for app in &apps {
        fill(app).await;
    }
    apps
}

/// Pupils of two schools and some staff, all claimed, each with answers and a grant.
async fn fill(app: &TestApp) {
    app.seed().await;
    let at = MORNING.unix();
    let mut rows = Vec::new();
    for n in 0..PUPILS {
        let school = if n % 5 == 0 { "o-south" } else { "o-north" };
        rows.push((format!("x{n:05}"), "student", school));
    }
    for n in 0..20 {
        rows.push((format!("y{n:05}"), "staff", "o-north"));
    }
    for chunk in rows.chunks(500) {
        let people: Vec<_> = chunk
            .iter()
            .map(|(id, population, school)| {
                format!("('{id}','{id}','{population}','{population}','A','B','ab','{id}','07','{school}','active',0,1,{at},{at},{at})")
            })
            .collect();
        let accounts: Vec<_> = chunk
            .iter()
            .map(|(id, ..)| {
                format!("('{id}','u{id}','active',1,'phc-{id}',{at},false,false,{at},{at})")
            })
            .collect();
        let answers: Vec<_> = chunk
            .iter()
            .map(|(id, ..)| format!("('{id}','[]','h-{id}',{at})"))
            .collect();
        let grants: Vec<_> = chunk
            .iter()
            .map(|(id, ..)| format!("('g-{id}','{id}','c','openid','{{}}',{at},1,{at},{at})"))
            .collect();
        for (head, values) in [
            (
                "people (id, sourced_id, population, role, given_name, family_name, name_folded, number, grades, primary_school_id, roster_status, row_hash, version, status_changed_at, created_at, updated_at)",
                people,
            ),
            (
                "accounts (person_id, username, state, auth_epoch, password_hash, password_set_at, recovery_pending, must_change_password, claimed_at, created_at)",
                accounts,
            ),
            (
                "challenge_answers (person_id, question_ids, hash, set_at)",
                answers,
            ),
            (
                "grants (id, person_id, client_id, scope, request, auth_time, auth_epoch, created_at, expires_at)",
                grants,
            ),
        ] {
            app.execute(
                &format!("INSERT INTO {head} VALUES {}", values.join(",")),
                [],
            )
            .await;
        }
    }
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.lookup(&format!("SELECT COUNT(*) FROM {sql}"))
        .await
        .unwrap()
        .parse()
        .unwrap()
}

async fn asked_and_approved(app: &TestApp, scope: Scope, total: usize) -> String {
    let cx = app.context();
    let typed = format!("RESET {total}");
    let wrong = reset_accounts::request(&cx, scope.clone(), cx.now, "ada", "yes")
        .await
        .unwrap();
    assert_eq!(
        wrong,
        Decision::NotConfirmed {
            expected: typed.clone()
        }
    );
    let Decision::Done(job) = reset_accounts::request(&cx, scope, cx.now, "ada", &typed)
        .await
        .unwrap()
    else {
        panic!("refused")
    };
    assert_eq!(
        reset_accounts::approve(&cx, &job.id, "ada").await.unwrap(),
        Decision::SamePerson
    );
    assert!(matches!(
        reset_accounts::approve(&cx, &job.id, "bob").await.unwrap(),
        Decision::Done(_)
    ));
    assert_eq!(
        reset_accounts::approve(&cx, &job.id, "eve").await.unwrap(),
        Decision::TooLate
    );
    job.id
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_every_pupil_once_and_no_staff() {
    for app in apps().await {
        let cx = app.context();
        let id = asked_and_approved(&app, Scope::default(), PUPILS).await;
        // Two nodes find the same job due.
        let (one, two) = tokio::join!(reset_accounts::run_due(&cx), reset_accounts::run_due(&cx));
        one.and(two).unwrap();

        let reset = "accounts a JOIN people p ON p.id = a.person_id WHERE p.population = 'student' AND p.id LIKE 'x%'";
        assert_eq!(count(&app, &format!("{reset} AND a.state = 'unclaimed' AND a.password_hash IS NULL AND a.auth_epoch = 2")).await, 2500);
        let staff = "accounts WHERE person_id LIKE 'y%' AND state = 'active' AND auth_epoch = 1 AND password_hash IS NOT NULL";
        assert_eq!(count(&app, staff).await, 20);
        assert_eq!(count(&app, "challenge_answers").await, 20);
        assert_eq!(count(&app, "grants WHERE revoked_at IS NULL").await, 20);
        assert_eq!(
            app.lookup("SELECT username FROM accounts WHERE person_id = 'x00007'")
                .await
                .unwrap(),
            "ux00007"
        );
        let job = idp::store::reset_jobs::find(app.app.store.read(), &id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(job.state, State::Done);

        // One claims anew; the rest get their old credentials back.
        app.execute("UPDATE accounts SET state = 'active', password_hash = 'new' WHERE person_id = 'x00001'", []).await;
        assert!(matches!(
            reset_accounts::undo(&cx, &id, "ada").await.unwrap(),
            Decision::Done(_)
        ));
        assert_eq!(
            app.lookup("SELECT password_hash FROM accounts WHERE person_id = 'x00001'")
                .await
                .unwrap(),
            "new"
        );
        assert_eq!(
            count(
                &app,
                &format!(
                    "{reset} AND a.state = 'active' AND a.password_hash = 'phc-' || a.person_id"
                )
            )
            .await,
            2499
        );
        assert_eq!(count(&app, "challenge_answers").await, 2519);
        assert_eq!(
            reset_accounts::undo(&cx, &id, "ada").await.unwrap(),
            Decision::TooLate
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_to_its_scope_and_its_time() {
    for app in apps().await {
        let cx = app.context();
        let scope = Scope {
            schools: vec!["o-south".into()],
            grades: vec!["07".into()],
        };
        let later = Timestamp::from_unix(cx.now.unix() + 3600);
        let preview = reset_accounts::preview(&cx, &scope).await.unwrap();
        assert_eq!(preview, [("South Middle".to_owned(), 500)]);
        let Decision::Done(job) = reset_accounts::request(&cx, scope, later, "ada", "RESET 500")
            .await
            .unwrap()
        else {
            panic!("refused")
        };
        reset_accounts::approve(&cx, &job.id, "bob").await.unwrap();
        reset_accounts::run_due(&cx).await.unwrap();
        assert_eq!(
            count(&app, "accounts WHERE auth_epoch = 2").await,
            0,
            "not before its time"
        );
        app.advance(3600);
        reset_accounts::run_due(&app.context()).await.unwrap();
        assert_eq!(count(&app, "accounts WHERE auth_epoch = 2").await, 500);

        // After a day the old credentials are forgotten and there is no way back.
        app.advance(24 * 3600 + 1);
        let cx = app.context();
        reset_accounts::run_due(&cx).await.unwrap();
        assert_eq!(
            reset_accounts::undo(&cx, &job.id, "ada").await.unwrap(),
            Decision::TooLate
        );
        assert_eq!(
            count(&app, "reset_items WHERE old_password_hash IS NOT NULL").await,
            0
        );
    }
}

/// A node dies between two batches: the next run takes up what is pending and nothing twice.
#[tokio::test(flavor = "multi_thread")]
async fn goes_on_where_it_was_cut_off() {
    for app in apps().await {
        let cx = app.context();
        let id = asked_and_approved(&app, Scope::default(), PUPILS).await;
        let store = &app.app.store;
        let tx = store.begin().await.unwrap();
        idp::store::reset_jobs::advance(&tx, &id, State::Approved, State::Running, cx.now)
            .await
            .unwrap();
        idp::store::reset_jobs::make_items(&tx, &id, &Scope::default())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        idp::store::reset_jobs::reset_batch(&tx, &id, "one", 700, cx.now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin().await.unwrap();
        idp::store::reset_jobs::reset_batch(&tx, &id, "two", 700, cx.now)
            .await
            .unwrap();
        drop(tx);
        // Dropped transactions roll back in the background.
        let backend = store.durable().get_database_backend();
        store
            .durable()
            .execute_raw(Statement::from_string(backend, "SELECT 1"))
            .await
            .unwrap();

        assert_eq!(
            idp::store::reset_jobs::progress(store.read(), &id)
                .await
                .unwrap(),
            [1800, 700, 0]
        );
        reset_accounts::run_due(&cx).await.unwrap();
        assert_eq!(count(&app, "accounts WHERE auth_epoch = 2").await, 2500);
        assert_eq!(count(&app, "accounts WHERE auth_epoch > 2").await, 0);
    }
}
