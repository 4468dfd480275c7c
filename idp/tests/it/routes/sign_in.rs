//! `/`, `/sign-in`, `/sign-in/password`, `/sign-out`, `/signed-out`.

use http::StatusCode;

use super::{assert_page, refuses_strange_forms};
use crate::journeys::claim::{PASSWORD, claim_ana, sign_in};
use crate::support::TestApp;

#[tokio::test]
async fn forms_of_others_are_refused() {
    let app = TestApp::new().await;
    for path in ["/sign-in", "/sign-in/password", "/sign-out"] {
        refuses_strange_forms(&app, path).await;
    }
}

#[tokio::test]
async fn pages_are_kept_by_nobody_and_cookies_are_what_they_should_be() {
    let app = TestApp::new().await;
    app.seed().await;
    claim_ana(&app).await;
    let mut browser = app.browser();
    let landing = browser.get("/").await;
    assert_page(&landing);
    let cookie = landing.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-p=") && cookie.contains("HttpOnly"),
        "{cookie}"
    );
    let page = browser
        .submit(&landing, "/sign-in", &[("username", "s0012345")])
        .await;
    assert_page(&page);
    let answer = browser
        .submit_only(&page, "/sign-in/password", &[("password", PASSWORD)])
        .await;
    assert_page(&answer);
    let cookies: Vec<_> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap())
        .collect();
    let of = |name: &str| {
        *cookies
            .iter()
            .find(|cookie| cookie.starts_with(name))
            .unwrap()
    };
    for name in ["__Host-s=", "__Host-d="] {
        assert!(
            of(name).contains("; Path=/; Secure; HttpOnly; SameSite=Lax"),
            "{}",
            of(name)
        );
    }
    assert!(
        !of("__Host-s=").contains("Max-Age"),
        "a session ends with the browser"
    );
    assert!(of("__Host-d=").contains("Max-Age=15552000"));
    assert_page(&browser.get("/signed-out").await);
}

#[tokio::test]
async fn methods_that_do_not_fit_are_said_so() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    for path in ["/sign-in", "/sign-out"] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{path}"
        );
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_may_sign_out_without_harm() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let csrf = super::token(&mut browser).await;
    let answer = browser.post("/sign-out", &[("csrf", csrf.as_str())]).await;
    assert_eq!(answer.location().as_deref(), Some("/signed-out"));
    assert_eq!(browser.visit("/signed-out").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_typed_username_is_never_markup() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let landing = browser.get("/").await;
    let evil = "\"><script>zq()</script>";
    let page = browser
        .submit(&landing, "/sign-in", &[("username", evil)])
        .await;
    assert_eq!(page.path, "/sign-in/password");
    assert!(!page.body.contains("<script>zq"));
    let long = "x".repeat(4000);
    let page = browser
        .submit(&landing, "/sign-in", &[("username", &long)])
        .await;
    assert_eq!(page.path, "/sign-in/password");
    assert!(!page.body.contains(&"x".repeat(65)));
}

#[tokio::test]
async fn a_forged_device_cookie_is_a_stranger() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut known = claim_ana(&app).await;
    assert_eq!(sign_in(&mut known, "s0012345", PASSWORD).await.path, "/");
    for _ in 0..5 {
        sign_in(&mut app.browser(), "s0012345", "green river").await;
    }
    let real = known.cookies["__Host-d"].clone();
    let mut bent = real.clone();
    bent.replace_range(20..21, if &real[20..21] == "A" { "B" } else { "A" });
    for (cookie, gets_in) in [
        ("AAAA", false),
        (bent.as_str(), false),
        (real.as_str(), true),
    ] {
        let mut browser = app.browser();
        browser.cookies.insert("__Host-d".into(), cookie.into());
        sign_in(&mut browser, "s0012345", PASSWORD).await;
        assert_eq!(
            browser.cookies.contains_key("__Host-s"),
            gets_in,
            "{cookie}"
        );
    }
    // After half a year it is one too.
    app.advance(181 * 86_400);
    for _ in 0..5 {
        sign_in(&mut app.browser(), "s0012345", "green river").await;
    }
    let mut browser = app.browser();
    browser.cookies.insert("__Host-d".into(), real);
    sign_in(&mut browser, "s0012345", PASSWORD).await;
    assert!(!browser.cookies.contains_key("__Host-s"));
}
