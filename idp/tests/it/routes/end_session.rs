//! `/end_session`: named after the modules of the certification suite.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::{Browser, Page, TestApp, Vendor, answer_of, encode};

struct Signed {
    app: TestApp,
    vendor: Vendor,
    browser: Browser,
    hint: String,
}

async fn signed_in() -> Signed {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app.vendor("library", |_| {}).await;
    let mut browser = app.signed_in("p-ana").await;
    let hint = vendor
        .tokens(&app, &mut browser, "openid")
        .await
        .text("id_token");
    Signed {
        app,
        vendor,
        browser,
        hint,
    }
}

const BACK: &str = "https://library.example/out";

impl Signed {
    async fn end(&mut self, params: &[(&str, &str)]) -> Page {
        self.browser
            .get(&format!("/end_session?{}", encode(params)))
            .await
    }

    async fn is_signed_in(&mut self) -> bool {
        let request = self.vendor.authorize(&[("prompt", "none")]);
        let answer = answer_of(&self.browser.get(&request).await);
        match answer.get("error").map(String::as_str) {
            None => true,
            Some("login_required") => false,
            Some(other) => panic!("{other}"),
        }
    }

    /// Nothing has happened yet but a question; answering it signs out and stays on the portal.
    async fn asks(&mut self, page: Page, name: &str) {
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert_eq!(page.location(), None);
        assert!(self.is_signed_in().await);
        let page = self
            .browser
            .submit_only(&page, "/end_session/confirm", &[])
            .await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(page.location(), None);
        assert!(!self.is_signed_in().await);
    }
}

#[tokio::test]
async fn with_hint_address_and_state() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    let page = it
        .end(&[
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", BACK),
            ("state", "a b&c"),
        ])
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.location().unwrap(), format!("{BACK}?state=a+b%26c"));
    assert!(!it.browser.cookies.contains_key("__Host-s"));
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn without_state() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    it.app.advance(1500);
    let page = it
        .end(&[
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", BACK),
            ("client_id", "library"),
        ])
        .await;
    assert_eq!(page.location().unwrap(), BACK);
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn only_a_hint() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    let page = it.end(&[("id_token_hint", &hint)]).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, None));
    assert_eq!(
        page.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn cases_that_ask_and_never_redirect() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    let (signed, signature) = hint.rsplit_once('.').unwrap();
    let (_, claims) = signed.split_once('.').unwrap();
    // {"alg":"none","typ":"JWT"}
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}.");
    let mut wrong = signature.to_owned();
    wrong.replace_range(0..1, if signature.starts_with('A') { "B" } else { "A" });
    let forged = format!("{signed}.{wrong}");
    let added = format!("{BACK}?x=1");
    for (name, params) in [
        ("no-params", vec![]),
        ("only-state", vec![("state", "x")]),
        (
            "no-id-token-hint",
            vec![("post_logout_redirect_uri", BACK), ("state", "x")],
        ),
        (
            "bad-post-logout-redirect-uri",
            vec![
                ("id_token_hint", &*hint),
                ("post_logout_redirect_uri", "https://evil.example/"),
            ],
        ),
        (
            "query-added-to-post-logout-redirect-uri",
            vec![
                ("id_token_hint", &*hint),
                ("post_logout_redirect_uri", &*added),
            ],
        ),
        (
            "modified-id-token-hint",
            vec![
                ("id_token_hint", &*unsigned),
                ("post_logout_redirect_uri", BACK),
            ],
        ),
        (
            "bad-id-token-hint",
            vec![
                ("id_token_hint", &*forged),
                ("post_logout_redirect_uri", BACK),
            ],
        ),
        (
            "hint-of-another-client",
            vec![
                ("id_token_hint", &*hint),
                ("client_id", "grades"),
                ("post_logout_redirect_uri", BACK),
            ],
        ),
    ] {
        it.browser = it.app.signed_in("p-ana").await;
        let page = it.end(&params).await;
        it.asks(page, name).await;
    }
}

#[tokio::test]
async fn somebody_elses_hint_asks_first() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    it.browser = it.app.signed_in("p-bo").await;
    let page = it
        .end(&[
            ("id_token_hint", &hint),
            ("post_logout_redirect_uri", BACK),
            ("state", "s"),
        ])
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(it.is_signed_in().await);
    let policy = page.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("form-action 'self' https://library.example;"));
    let page = it
        .browser
        .submit_only(&page, "/end_session/confirm", &[])
        .await;
    assert_eq!(page.location().unwrap(), format!("{BACK}?state=s"));
    assert!(!it.is_signed_in().await);
}

#[tokio::test]
async fn confirming_needs_this_browsers_form_and_a_registered_address() {
    let mut it = signed_in().await;
    let page = it
        .browser
        .post("/end_session/confirm", &[("confirm", "yes")])
        .await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(it.is_signed_in().await);
    let page = it.end(&[]).await;
    let fields = [
        ("client_id", "library"),
        ("post_logout_redirect_uri", "https://evil.example/"),
    ];
    let page = it
        .browser
        .submit_only(&page, "/end_session/confirm", &fields)
        .await;
    assert_eq!(page.location(), None);
}

#[tokio::test]
async fn nobody_signed_in() {
    let mut it = signed_in().await;
    let hint = it.hint.clone();
    it.browser = it.app.browser();
    let page = it.end(&[]).await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, None));
    let page = it
        .end(&[("client_id", "library"), ("post_logout_redirect_uri", BACK)])
        .await;
    assert_eq!((page.status, page.location()), (StatusCode::OK, None));
    let page = it
        .end(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BACK)])
        .await;
    assert_eq!(page.location().unwrap(), BACK);
}

#[tokio::test]
async fn a_post_goes_on_by_get() {
    let it = signed_in().await;
    let body = encode(&[
        ("id_token_hint", &*it.hint),
        ("post_logout_redirect_uri", BACK),
        ("junk", "x"),
    ]);
    let request = Request::post("/end_session")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(body))
        .unwrap();
    let response = it.app.send(request).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert!(response.headers().get("set-cookie").is_none());
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("/end_session?id_token_hint="));
    assert!(!location.contains("junk"));
    let mut browser = it.browser;
    let page = browser.get(&location).await;
    assert_eq!(page.location().unwrap(), BACK);
}

/// What hangs from the session ends with it: codes on their way, access tokens, refresh tokens without `offline_access`.
#[tokio::test]
async fn tokens_end_with_the_session() {
    use idp::protocol::client::GrantType;
    let mut it = signed_in().await;
    it.app
        .change_client("library", |found| {
            found.client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        })
        .await;
    let bound = it.vendor.tokens(&it.app, &mut it.browser, "openid").await;
    let offline = it
        .vendor
        .tokens(&it.app, &mut it.browser, "openid offline_access")
        .await;
    let code = it.vendor.code(&mut it.browser, &[]).await;
    let hint = it.hint.clone();
    it.end(&[("id_token_hint", &hint)]).await;
    assert_eq!(
        it.vendor.redeem(&it.app, &code).await.error(),
        "invalid_grant"
    );
    assert_eq!(
        it.app.user_info(&bound.text("access_token")).await.status,
        StatusCode::UNAUTHORIZED
    );
    let refused = it
        .vendor
        .refresh(&it.app, &bound.text("refresh_token"))
        .await;
    assert_eq!(refused.error(), "invalid_grant");
    let kept = it
        .vendor
        .refresh(&it.app, &offline.text("refresh_token"))
        .await;
    assert_eq!(kept.status, StatusCode::OK);
}
