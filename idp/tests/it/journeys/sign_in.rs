//! Signing in and out, S41 to S45, and the guard before the password.

use http::StatusCode;

use crate::journeys::claim::{PASSWORD, claim_ana, sign_in, signs_in};
use crate::support::{Page, TestApp};

fn words(page: &Page, username: &str) -> String {
    let start = page.body.find("role=\"alert\"").expect("a message");
    let text = &page.body[start..];
    text[..text.find("<form").unwrap()].replace(username, "NAME")
}

#[tokio::test]
async fn every_failure_reads_the_same() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    app.execute("UPDATE accounts SET state = 'active', password_hash = (SELECT password_hash FROM accounts WHERE person_id = 'p-ana') WHERE person_id = 'p-teacher'", []).await;
    app.execute(
        "UPDATE people SET roster_status = 'disabled' WHERE id = 'p-teacher'",
        [],
    )
    .await;
    let mut texts = Vec::new();
    let long = "x".repeat(600);
    for (username, password, reason) in [
        ("s0012345", "green river", "wrong_password"),
        ("s7777777", "green river", "unknown_username"),
        ("s1234567", "green river", "unclaimed"),
        ("e40017", PASSWORD, "not_active"),
        ("s0012345", "", "wrong_password"),
        ("s0012345", long.as_str(), "wrong_password"),
    ] {
        let before = app.app.passwords.evaluations();
        let page = sign_in(&mut app.browser(), username, password).await;
        assert_eq!(
            (page.path.as_str(), page.status),
            ("/sign-in/password", StatusCode::OK)
        );
        assert_eq!(
            app.app.passwords.evaluations(),
            before + 1,
            "{username} costs one hash"
        );
        texts.push(words(&page, username));
        app.app.batch.flush().await;
        let said = app.lookup("SELECT reason FROM audit_events WHERE action = 'sign_in' ORDER BY rowid DESC LIMIT 1").await;
        assert_eq!(said.as_deref(), Some(reason), "{username}");
    }
    assert!(texts.iter().all(|text| text == &texts[0]), "{texts:#?}");
}

#[tokio::test]
async fn a_name_may_be_typed_in_many_ways() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    for username in [
        "s0012345",
        "S0012345",
        " s001 2345 ",
        "0012345",
        "12345",
        "ｓ0012345",
    ] {
        assert!(signs_in(&app, username, PASSWORD).await, "{username}");
    }
    for username in ["e0012345", "s12345", "0012345s", "s0012346"] {
        assert!(!signs_in(&app, username, PASSWORD).await, "{username}");
    }
}

#[tokio::test]
async fn a_bare_number_is_no_username_where_the_district_says_so() {
    let app = TestApp::with(|settings| settings.policy.bare_number_signs_in = Some(false)).await;
    app.seed().await;
    claim_ana(&app).await;
    assert!(!signs_in(&app, "0012345", PASSWORD).await);
}

#[tokio::test]
async fn the_second_page_needs_the_first() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    assert_eq!(
        browser.get("/sign-in/password").await.location().as_deref(),
        Some("/")
    );
    let landing = browser.get("/").await;
    let empty = browser
        .submit(&landing, "/sign-in", &[("username", "  ")])
        .await;
    assert_eq!(empty.path, "/");
    assert!(empty.body.contains("Type your username."));
    let page = browser
        .submit(&landing, "/sign-in", &[("username", "s1")])
        .await;
    assert_eq!(page.path, "/sign-in/password");
    app.advance(15 * 60);
    let late = browser
        .submit(&page, "/sign-in/password", &[("password", PASSWORD)])
        .await;
    assert_eq!(late.path, "/");
}

#[tokio::test]
async fn a_pending_authorization_goes_along() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    let mut browser = app.browser();
    let landing = browser.get("/?flow=aB-_3").await;
    assert!(landing.body.contains("/claim?flow=aB-_3"));
    let page = browser
        .submit(&landing, "/sign-in", &[("username", "s0012345")])
        .await;
    assert_eq!(page.path, "/sign-in/password?flow=aB-_3");
    let wrong = browser
        .submit(&page, "/sign-in/password", &[("password", "green river")])
        .await;
    assert_eq!(wrong.path, "/sign-in/password?flow=aB-_3");
    let answer = browser
        .submit_only(&wrong, "/sign-in/password", &[("password", PASSWORD)])
        .await;
    assert_eq!(
        answer.location().as_deref(),
        Some("/authorize/aB-_3/continue")
    );
    // What is no handle is dropped.
    let landing = app.browser().get("/?flow=%22%3E%3Cscript%3E").await;
    assert!(!landing.body.contains("flow=\"") && !landing.body.contains("<script>\""));
}

#[tokio::test]
async fn a_sign_in_ends_the_session_before_it_and_signing_out_ends_it_for_good() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    let mut browser = app.browser();
    sign_in(&mut browser, "s0012345", PASSWORD).await;
    let first = browser.clone();
    // An app asks for a fresh sign-in.
    let landing = browser.get("/?flow=aB-_3").await;
    let typed = [("username", "s0012345")];
    let page = browser.submit(&landing, "/sign-in", &typed).await;
    let typed = [("password", PASSWORD)];
    browser
        .submit_only(&page, "/sign-in/password", &typed)
        .await;
    assert_ne!(first.cookies["__Host-s"], browser.cookies["__Host-s"]);
    let old = first.clone().get("/questions").await;
    assert!(
        old.header("set-cookie").unwrap().contains("__Host-s=;"),
        "the old cookie is dropped"
    );

    let page = browser.get("/").await;
    let before = browser.clone();
    let answer = browser.submit_only(&page, "/sign-out", &[]).await;
    assert_eq!(answer.location().as_deref(), Some("/signed-out"));
    assert_eq!(
        answer.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    assert!(!browser.cookies.contains_key("__Host-s"));
    assert!(browser.cookies.contains_key("__Host-d"), "the device stays");
    let page = browser.follow(answer).await;
    assert!(page.body.contains("You are signed out"));
    let stolen = before.clone().get("/questions").await;
    assert!(stolen.header("set-cookie").unwrap().contains("__Host-s=;"));
}

#[tokio::test]
async fn waits_grow_and_nothing_is_evaluated_in_them() {
    let app = TestApp::new().await;
    app.seed().await;
    let known = claim_ana(&app).await;
    let mut known = known.clone();
    assert_eq!(sign_in(&mut known, "s0012345", PASSWORD).await.path, "/");
    for username in ["s0012345", "s9999999"] {
        let mut stranger = app.browser();
        for _ in 0..5 {
            let page = sign_in(&mut stranger, username, "green river").await;
            assert_eq!(page.status, StatusCode::OK);
        }
        // Right and wrong look the same now, in this browser and in every other that is not known.
        let before = app.app.passwords.evaluations();
        for password in [PASSWORD, "green river"] {
            let page = sign_in(&mut app.browser(), username, password).await;
            assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(page.header("retry-after"), Some("60"));
            assert!(page.body.contains("in 1 minute"));
        }
        assert_eq!(app.app.passwords.evaluations(), before);
    }
    // The pupil's own device is not stopped by what strangers do.
    known.cookies.remove("__Host-s");
    assert_eq!(sign_in(&mut known, "s0012345", PASSWORD).await.path, "/");
    // One try after the wait; then the next wait is longer.
    app.advance(60);
    assert!(!signs_in(&app, "s0012345", "green river").await);
    let page = sign_in(&mut app.browser(), "s0012345", PASSWORD).await;
    assert_eq!(page.header("retry-after"), Some("300"));
    app.advance(300);
    assert!(signs_in(&app, "s0012345", PASSWORD).await);
    // And a success starts afresh.
    for _ in 0..5 {
        let page = sign_in(&mut app.browser(), "s0012345", "green river").await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_guesses_at_one_moment_are_no_more_than_five() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    let mut pages = Vec::new();
    for _ in 0..100 {
        let mut browser = app.browser();
        let landing = browser.get("/").await;
        let page = browser
            .submit(&landing, "/sign-in", &[("username", "s0012345")])
            .await;
        pages.push((browser, page));
    }
    let before = app.app.passwords.evaluations();
    let guesses: Vec<_> = pages
        .into_iter()
        .map(|(mut browser, page)| {
            tokio::spawn(async move {
                let typed = [("password", "green river")];
                browser
                    .submit(&page, "/sign-in/password", &typed)
                    .await
                    .status
            })
        })
        .collect();
    for guess in guesses {
        assert!(!guess.await.unwrap().is_server_error());
    }
    assert_eq!(app.app.passwords.evaluations() - before, 5);
    let counted = "SELECT failures FROM failure_counts WHERE account_key = 'p-ana'";
    assert_eq!(app.lookup(counted).await.as_deref(), Some("5"));
}

#[tokio::test]
async fn a_lane_ends_hard_and_its_end_lies_in_the_database() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut known = claim_ana(&app).await;
    sign_in(&mut known, "s0012345", PASSWORD).await;
    known.cookies.remove("__Host-s");
    let at = app.clock.now().unix();
    app.insert(
        "failure_counts",
        &[
            ("account_key", "p-ana".into()),
            ("lane", "anywhere".into()),
            ("failures", 29i64.into()),
            ("window_started_at", at.into()),
            ("last_failed_at", at.into()),
        ],
    )
    .await;
    assert!(!signs_in(&app, "s0012345", "green river").await);
    let closed = sign_in(&mut app.browser(), "s0012345", PASSWORD).await;
    assert!(closed.body.contains("This sign-in is locked for now"));
    app.advance(30 * 86_400);
    assert!(!signs_in(&app, "s0012345", PASSWORD).await);
    // Known devices have a count of their own.
    assert_eq!(sign_in(&mut known, "s0012345", PASSWORD).await.path, "/");
    // A reset opens it again.
    let id = idp::ids::PersonId::new("p-ana");
    idp::flows::limits::lift(&app.context(), &id).await.unwrap();
    assert!(signs_in(&app, "s0012345", PASSWORD).await);
}

#[tokio::test]
async fn a_full_queue_says_come_back_and_counts_nothing() {
    let app = TestApp::with(|settings| {
        settings.throttling.hash_permits = Some(1);
        settings.throttling.hash_queue = 0;
    })
    .await;
    app.seed().await;
    claim_ana(&app).await;
    let held = app
        .app
        .passwords
        .admit(idp::credentials::Urgency::Ordinary)
        .await
        .unwrap();
    let mut browser = app.browser();
    for _ in 0..8 {
        let page = sign_in(&mut browser, "s0012345", PASSWORD).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(page.header("retry-after"), Some("5"));
    }
    drop(held);
    assert_eq!(sign_in(&mut browser, "s0012345", PASSWORD).await.path, "/");
}

#[tokio::test]
async fn limits_can_be_switched_off_for_tests() {
    let app = TestApp::with(|settings| settings.testing.throttling = Some("off".into())).await;
    app.seed().await;
    for _ in 0..12 {
        let page = sign_in(&mut app.browser(), "s0012345", "green river").await;
        assert_eq!(page.status, StatusCode::OK);
    }
}

/// Prints medians; what counts is that they lie close together (S45). Not asserted: other work shares the machine.
#[tokio::test]
async fn known_and_unknown_names_take_the_same_time() {
    let app = TestApp::with(|settings| settings.testing.throttling = Some("off".into())).await;
    app.seed().await;
    claim_ana(&app).await;
    let mut browser = app.browser();
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..15 {
        for (at, username) in ["s0012345", "s7777777", "s1234567"].into_iter().enumerate() {
            let landing = browser.get("/").await;
            let page = browser
                .submit(&landing, "/sign-in", &[("username", username)])
                .await;
            let watch = idp::clock::Stopwatch::start();
            browser
                .submit_only(&page, "/sign-in/password", &[("password", "green river")])
                .await;
            times[at].push(watch.elapsed().as_micros());
        }
    }
    for (who, times) in ["known", "unknown", "unclaimed"].iter().zip(&mut times) {
        times.sort_unstable();
        println!("sign-in, {who}: median {} µs", times[times.len() / 2]);
    }
}
