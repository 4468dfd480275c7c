//! `/claim`, `/claim/password`, `/claim/questions`, `/claim/done`, `/questions`.

use http::StatusCode;

use super::{assert_page, refuses_strange_forms, token};
use crate::journeys::claim::{ANSWERS, PASSWORD, claim_ana, name};
use crate::support::TestApp;

const FORMS: [&str; 4] = [
    "/claim",
    "/claim/password",
    "/claim/questions",
    "/questions",
];

#[tokio::test]
async fn forms_of_others_are_refused() {
    let app = TestApp::new().await;
    for path in FORMS {
        refuses_strange_forms(&app, path).await;
    }
}

#[tokio::test]
async fn pages_are_kept_by_nobody() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    assert_page(&browser.get("/claim").await);
    for path in [
        "/claim/password",
        "/claim/questions",
        "/claim/done",
        "/questions",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert_page(&page);
    }
    let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    assert_page(&page);
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    assert_page(&page);
    assert_page(&browser.submit(&page, "/claim/questions", &ANSWERS).await);
    assert_page(&browser.get("/claim/done").await);
}

#[tokio::test]
async fn what_people_type_is_never_markup() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    let evil = "\"><script>zq()</script>";
    let page = name(&mut browser, evil, evil, evil).await;
    assert!(page.body.contains("The Claim Account Operation Failed"));
    assert!(!page.body.contains("<script>zq"), "{}", page.body);
    let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    let answers = [("q-mascot", evil), ("q-homeroom", "X"), ("q-fruit", evil)];
    let page = browser.submit(&page, "/claim/questions", &answers).await;
    assert!(page.body.contains("Use at least 2 letters") && page.body.contains("Choose one from"));
    assert!(!page.body.contains("<script>zq"));
}

#[tokio::test]
async fn long_and_strange_names_are_refusals_and_no_faults() {
    let app = TestApp::with(|settings| settings.testing.throttling = Some("off".into())).await;
    app.seed().await;
    let long = "ﷺ".repeat(1000);
    let many = "a".repeat(4000);
    for text in [
        "'; DROP TABLE people; --",
        "%",
        "_",
        "\u{202e}",
        "🦊",
        &long,
        &many,
        "0012345",
    ] {
        for (last, first, number) in [
            (text, "Ana", "0012345"),
            ("Peña", text, "0012345"),
            ("Peña", "Ana", text),
        ] {
            let page = name(&mut app.browser(), last, first, number).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("Operation Failed") || page.body.contains("Type your"));
        }
    }
}

#[tokio::test]
async fn without_pages_nothing_is_reached() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    let mut browser = app.browser();
    let csrf = token(&mut browser).await;
    for path in ["/claim/password", "/claim/questions"] {
        for ticket in ["", "AAAA"] {
            let fields = [
                ("csrf", csrf.as_str()),
                ("ticket", ticket),
                ("password", PASSWORD),
            ];
            let answer = browser.post(path, &fields).await;
            assert_eq!(answer.location().as_deref(), Some("/claim"), "{path}");
        }
    }
    let answer = browser.post("/questions", &[("csrf", csrf.as_str())]).await;
    assert_eq!(answer.location().as_deref(), Some("/"));
}

/// Prints medians; what counts is that they lie close together. Not asserted: other work shares the machine.
#[tokio::test]
async fn refusals_of_every_kind_take_the_same_time() {
    let app = TestApp::with(|settings| settings.testing.throttling = Some("off".into())).await;
    app.seed().await;
    claim_ana(&app).await;
    let kinds = [
        ("unknown number", "Peña", "Ana", "7777777"),
        ("wrong name", "Peña", "Maria", "1234567"),
        ("claimed before", "Hernández Peña", "Ana", "0012345"),
    ];
    let mut times = [const { Vec::new() }; 3];
    let mut browser = app.browser();
    for _ in 0..40 {
        for (times, (_, last, first, number)) in times.iter_mut().zip(kinds) {
            let form = browser.get("/claim").await;
            let typed = [
                ("last_name", last),
                ("first_name", first),
                ("number", number),
            ];
            let watch = idp::clock::Stopwatch::start();
            browser.submit_only(&form, "/claim", &typed).await;
            times.push(watch.elapsed().as_micros());
        }
    }
    for ((kind, ..), times) in kinds.iter().zip(&mut times) {
        times.sort_unstable();
        println!("claim, {kind}: median {} µs", times[times.len() / 2]);
    }
}
