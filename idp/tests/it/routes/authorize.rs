//! `/authorize`: what is answered, what is shown, what is redirected.

use axum::body::Body;
use http::{Request, StatusCode};
use idp::protocol::client::{AuthMethod, Client, GrantType, ResponseType};

use crate::support::{Browser, Page, TestApp, Vendor, answer_of, text};

async fn app_and_vendor() -> (TestApp, Vendor) {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app.vendor("library", |_| {}).await;
    (app, vendor)
}

fn error_of(page: &Page) -> String {
    answer_of(page).get("error").cloned().unwrap_or_default()
}

/// Follows the answer to a page of ours and takes the handle from its address.
fn flow_of(page: &Page) -> String {
    let location = page.location().unwrap();
    let (_, flow) = location.split_once("flow=").unwrap();
    flow.to_owned()
}

async fn go_on(browser: &mut Browser, flow: &str) -> Page {
    browser.get(&format!("/authorize/{flow}/continue")).await
}

#[tokio::test]
async fn a_live_session_gets_a_code_at_once() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let page = browser.get(&vendor.authorize(&[])).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let location = page.location().unwrap();
    assert!(
        location.starts_with("https://library.example/cb?code="),
        "{location}"
    );
    assert!(location.ends_with('#'), "{location}");
    let answer = answer_of(&page);
    assert_eq!(answer["state"], "st&te=1");
    assert_eq!(answer["iss"], "http://localhost:8080");
    assert_eq!(answer["code"].len(), 43);
    assert_eq!(answer.len(), 3);
}

/// RFC 6749 §4.1.2.1: what is wrong with the client or the address is shown, and never redirected.
#[tokio::test]
async fn errors_that_are_shown() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    app.change_client("library", |found| {
        found
            .client
            .redirect_uris
            .push("https://library.example/other".into());
    })
    .await;
    for changes in [
        &[("client_id", "")][..],
        &[("client_id", "nobody")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "https://evil.example/cb")],
        &[("redirect_uri", "https://library.example/cb/")],
        &[("redirect_uri", "https://library.example/cb?x=1")],
        &[("redirect_uri", "https://library.example.evil.example/cb")],
        &[("redirect_uri", "javascript:alert(1)")],
    ] {
        let page = browser.get(&vendor.authorize(changes)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert_eq!(page.location(), None, "{changes:?}");
        assert!(page.body.contains("<html"), "{changes:?}");
        assert!(!page.body.contains("evil.example"), "{changes:?}");
    }
    for doubled in [
        "client_id=library",
        "redirect_uri=https://library.example/cb",
    ] {
        let path = format!("{}&{doubled}", vendor.authorize(&[]));
        let page = browser.get(&path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{doubled}");
    }
    app.change_client("library", |found| {
        found.status = idp::protocol::client_secret::ClientStatus::Paused;
    })
    .await;
    let page = browser.get(&vendor.authorize(&[])).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn errors_that_are_redirected() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    for (changes, expected) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("response_type", "id_token")], "unauthorized_client"),
        (&[("response_mode", "pigeon")], "invalid_request"),
        (&[("scope", "")], "invalid_scope"),
        (&[("scope", "profile")], "invalid_scope"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge_method", "plain")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("prompt", "create")], "invalid_request"),
        (&[("max_age", "x")], "invalid_request"),
        (&[("request", "e30.e30.")], "request_not_supported"),
        (
            &[("request_uri", "https://library.example/r")],
            "request_uri_not_supported",
        ),
        (&[("claims", "{")], "invalid_request"),
        (&[("id_token_hint", "no.token.atall")], "invalid_request"),
    ] {
        let page = browser.get(&vendor.authorize(changes)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{changes:?}");
        let answer = answer_of(&page);
        assert_eq!(answer["error"], expected, "{changes:?}");
        assert_eq!(answer["state"], "st&te=1", "{changes:?}");
        assert_eq!(answer["iss"], "http://localhost:8080", "{changes:?}");
        assert!(!answer.contains_key("code"), "{changes:?}");
    }
    for fault in ["&scope=openid", "&x=%zz", "&x=%00", "&x=%ff"] {
        let page = browser
            .get(&format!("{}{fault}", vendor.authorize(&[])))
            .await;
        assert_eq!(error_of(&page), "invalid_request", "{fault}");
    }
    app.change_client("library", |found| {
        found.client.grant_types = vec![GrantType::ClientCredentials];
    })
    .await;
    let page = browser.get(&vendor.authorize(&[])).await;
    assert_eq!(error_of(&page), "unauthorized_client");
}

#[tokio::test]
async fn harmless_parameters_do_no_harm() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    for changes in [
        &[("nonce", "")][..],
        &[("state", "")],
        &[("display", "popup")],
        &[("display", "page")],
        &[("ui_locales", "se vi")],
        &[("claims_locales", "se")],
        &[("acr_values", "1 2")],
        &[("login_hint", "ana@example.org")],
        &[("login_hint", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")],
        &[("extra", "foobar")],
        &[("prompt", "consent")],
        &[("prompt", "none")],
        &[("max_age", "10000")],
        &[("resource", "https://api.example")],
        &[("scope", "phone address nonsense email openid")],
        &[("claims", r#"{"userinfo":{"name":{"essential":true}}}"#)],
    ] {
        let page = browser.get(&vendor.authorize(changes)).await;
        let answer = answer_of(&page);
        assert!(answer.contains_key("code"), "{changes:?}: {answer:?}");
        if changes[0].0 == "state" {
            assert!(!answer.contains_key("state"));
        }
    }
}

#[tokio::test]
async fn response_modes() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let page = browser
        .get(&vendor.authorize(&[("response_mode", "fragment")]))
        .await;
    assert!(
        page.location()
            .unwrap()
            .starts_with("https://library.example/cb#code=")
    );
    let page = browser
        .get(&vendor.authorize(&[("response_mode", "form_post")]))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let forms = page.forms();
    let form = forms.iter().find(|form| !form.action.starts_with('/'));
    let form = form.unwrap();
    assert_eq!(form.action, "https://library.example/cb");
    assert_eq!(form.method, "post");
    let answer = answer_of(&page);
    assert_eq!(answer["state"], "st&te=1");
    assert_eq!(answer["code"].len(), 43);
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("form-action 'self' https://library.example;"),
        "{policy}"
    );
    let page = browser
        .get(&vendor.authorize(&[("response_mode", "form_post"), ("scope", "x")]))
        .await;
    assert_eq!(answer_of(&page)["error"], "invalid_scope");
}

#[tokio::test]
async fn nobody_signed_in_is_sent_to_sign_in_and_back() {
    let (app, vendor) = app_and_vendor().await;
    app.execute("UPDATE accounts SET state = 'active'", [])
        .await;
    let mut browser = app.browser();
    let page = browser.get(&vendor.authorize(&[])).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(page.location().unwrap().starts_with("/?flow="));
    let flow = flow_of(&page);
    // Not signed in yet: the same page, under the same handle.
    let page = go_on(&mut browser, &flow).await;
    assert_eq!(page.location().unwrap(), format!("/?flow={flow}"));
    app.sign_in(&mut browser, "p-ana").await;
    let page = go_on(&mut browser, &flow).await;
    assert!(answer_of(&page).contains_key("code"));
    // Answered once: the handle is gone, and going back harms nothing.
    let page = go_on(&mut browser, &flow).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert_eq!(page.location(), None);
}

/// KC CVE-2026-7507: a handle is good in its own browser only.
#[tokio::test]
async fn another_browser_cannot_go_on() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.browser();
    let page = browser.get(&vendor.authorize(&[])).await;
    let flow = flow_of(&page);
    let mut other = app.signed_in("p-bo").await;
    other.get("/authorize").await;
    let page = go_on(&mut other, &flow).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let page = other.get(&format!("/authorize/{flow}/decline")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for junk in ["x", "%2e%2e", &"A".repeat(5000)] {
        let page = go_on(&mut other, junk).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{junk:.20}");
    }
}

#[tokio::test]
async fn pending_requests_end() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.browser();
    let flow = flow_of(&browser.get(&vendor.authorize(&[])).await);
    app.advance(15 * 60);
    let page = go_on(&mut browser, &flow).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn declining_tells_the_app() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.browser();
    let flow = flow_of(&browser.get(&vendor.authorize(&[])).await);
    let page = browser.get(&format!("/authorize/{flow}/decline")).await;
    assert_eq!(error_of(&page), "access_denied");
    assert_eq!(answer_of(&page)["state"], "st&te=1");
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() {
    let (app, vendor) = app_and_vendor().await;
    let none = [("prompt", "none")];
    let mut nobody = app.browser();
    let page = nobody.get(&vendor.authorize(&none)).await;
    assert_eq!(error_of(&page), "login_required");
    let mut ana = app.signed_in("p-ana").await;
    let page = ana.get(&vendor.authorize(&none)).await;
    assert!(answer_of(&page).contains_key("code"));
    app.execute("UPDATE accounts SET recovery_pending = $1", [true.into()])
        .await;
    let page = ana.get(&vendor.authorize(&none)).await;
    assert_eq!(error_of(&page), "interaction_required");
    let other = app.unassigned_vendor("grades", |_| {}).await;
    app.execute("UPDATE accounts SET recovery_pending = $1", [false.into()])
        .await;
    let page = ana.get(&other.authorize(&none)).await;
    assert_eq!(error_of(&page), "access_denied");
}

#[tokio::test]
async fn prompt_login_and_max_age_ask_again_and_once() {
    let (app, vendor) = app_and_vendor().await;
    for changes in [
        [("prompt", "login")],
        [("prompt", "select_account")],
        [("max_age", "0")],
        [("max_age", "1")],
    ] {
        let mut browser = app.signed_in("p-ana").await;
        app.advance(1);
        let page = browser.get(&vendor.authorize(&changes)).await;
        assert!(
            page.location().unwrap().starts_with("/?flow="),
            "{changes:?}"
        );
        let flow = flow_of(&page);
        // The old session, even this very second, is not what was asked for.
        let page = go_on(&mut browser, &flow).await;
        assert!(
            page.location().unwrap().starts_with("/?flow="),
            "{changes:?}"
        );
        app.sign_in(&mut browser, "p-ana").await;
        // The page took its time: that is no reason to ask a third time.
        app.advance(5);
        let page = go_on(&mut browser, &flow).await;
        let code = answer_of(&page)["code"].clone();
        let tokens = vendor.redeem(&app, &code).await;
        let claims = app.claims(&tokens.text("id_token"));
        let now = app.app.clock.now().unix();
        assert_eq!(claims["auth_time"], now - 5, "{changes:?}");
    }
    let mut browser = app.signed_in("p-ana").await;
    app.advance(100);
    let page = browser
        .get(&vendor.authorize(&[("max_age", "10000")]))
        .await;
    assert!(answer_of(&page).contains_key("code"));
}

#[tokio::test]
async fn id_token_hint() {
    let (app, vendor) = app_and_vendor().await;
    let other_app = app.vendor("grades", |_| {}).await;
    let mut ana = app.signed_in("p-ana").await;
    let hint = vendor
        .tokens(&app, &mut ana, "openid")
        .await
        .text("id_token");
    // An hour later it has expired, and still is a hint.
    app.advance(1500);
    let request = [("prompt", "none"), ("id_token_hint", &*hint)];
    let page = ana.get(&vendor.authorize(&request)).await;
    assert!(answer_of(&page).contains_key("code"));
    let mut bo = app.signed_in("p-bo").await;
    let page = bo.get(&vendor.authorize(&request)).await;
    assert_eq!(error_of(&page), "login_required");
    // Without prompt=none somebody else may sign in, but only Ana is answered about.
    let page = bo
        .get(&vendor.authorize(&[("id_token_hint", &*hint)]))
        .await;
    let flow = flow_of(&page);
    app.sign_in(&mut bo, "p-bo").await;
    let page = go_on(&mut bo, &flow).await;
    assert_eq!(error_of(&page), "login_required");
    // Another client's token, and a changed one, are no hints.
    let page = ana.get(&other_app.authorize(&request)).await;
    assert_eq!(error_of(&page), "invalid_request");
    let unsigned = format!("{}.", &hint[..=hint.rfind('.').unwrap()]);
    let page = ana
        .get(&vendor.authorize(&[("id_token_hint", &unsigned)]))
        .await;
    assert_eq!(error_of(&page), "invalid_request");
}

#[tokio::test]
async fn a_post_is_kept_and_goes_on_by_get() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    browser.get("/authorize").await;
    let before = browser.cookies.clone();
    // From another site: no Lax cookies come, and none may be set, or other tabs lose theirs.
    let request = Request::post("/authorize")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://library.example")
        .body(Body::from(vendor.request(&[])))
        .unwrap();
    let response = app.send(request).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert!(response.headers().get("set-cookie").is_none());
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.ends_with("/continue"), "{location}");
    let page = browser.get(&location).await;
    assert!(answer_of(&page).contains_key("code"));
    assert_eq!(browser.cookies, before);
    let request = |body: String, kind: &str| {
        Request::post("/authorize")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap()
    };
    let form = "application/x-www-form-urlencoded";
    let response = app
        .send(request(vendor.request(&[("scope", "")]), form))
        .await;
    assert!(
        response.headers()["location"]
            .to_str()
            .unwrap()
            .contains("error=invalid_scope")
    );
    let response = app
        .send(request(vendor.request(&[("client_id", "x")]), form))
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let response = app
        .send(request(vendor.request(&[]), "application/json"))
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(text(response).await.contains("<html"));
}

#[tokio::test]
async fn whoever_was_not_given_the_app_gets_the_page_that_says_so() {
    let (app, _) = app_and_vendor().await;
    let vendor = app.unassigned_vendor("grades", |_| {}).await;
    let mut browser = app.signed_in("p-ana").await;
    let page = browser.get(&vendor.authorize(&[])).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("The grades app"));
    let start = page.body.find("/authorize/").unwrap();
    let path: String = page.body[start..]
        .chars()
        .take_while(|c| *c != '"')
        .collect();
    let page = browser.get(&path).await;
    assert_eq!(error_of(&page), "access_denied");
}

/// U-43: what changes while the person signs in counts at the next step.
#[tokio::test]
async fn sessions_that_no_longer_count() {
    let (app, vendor) = app_and_vendor().await;
    for change in [
        "UPDATE accounts SET auth_epoch = auth_epoch + 1 WHERE person_id = 'p-ana'",
        "UPDATE people SET roster_status = 'disabled' WHERE id = 'p-ana'",
        "UPDATE people SET roster_status = 'active', ends_on = '2026-08-05' WHERE id = 'p-ana'",
        "UPDATE people SET ends_on = NULL, starts_on = '2026-08-06' WHERE id = 'p-ana'",
    ] {
        let mut browser = app.signed_in("p-ana").await;
        app.execute(change, []).await;
        let page = browser.get(&vendor.authorize(&[])).await;
        assert!(page.location().unwrap().starts_with("/?flow="), "{change}");
    }
    app.execute("UPDATE people SET starts_on = NULL", []).await;
    let mut browser = app.signed_in("p-ana").await;
    app.execute("UPDATE accounts SET state = 'unclaimed'", [])
        .await;
    let page = browser.get(&vendor.authorize(&[])).await;
    assert!(page.location().unwrap().starts_with("/?flow="));
}

#[tokio::test]
async fn id_tokens_from_here_are_for_clients_that_registered_them() {
    let (app, _) = app_and_vendor().await;
    let vendor = app
        .vendor("lti", |client: &mut Client| {
            client.response_types = vec![ResponseType::IdToken, ResponseType::CodeIdToken];
            client.grant_types = vec![GrantType::AuthorizationCode, GrantType::Implicit];
        })
        .await;
    let mut browser = app.signed_in("p-ana").await;
    let request = [
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
    ];
    let page = browser.get(&vendor.authorize(&request)).await;
    let answer = answer_of(&page);
    let claims = app.claims(&answer["id_token"]);
    assert_eq!(claims["nonce"], "n-0S6");
    // OIDC Core §5.4: there is no access token, so the scope's claims are here.
    assert_eq!(claims["given_name"], "Ana");
    assert!(!answer.contains_key("code") && !answer.contains_key("access_token"));
    let page = browser
        .get(&vendor.authorize(&[("response_type", "id_token code")]))
        .await;
    assert!(page.location().unwrap().contains("/cb#"));
    let answer = answer_of(&page);
    let claims = app.claims(&answer["id_token"]);
    let hash = idp::protocol::id_token::half_hash(
        idp::protocol::client::SigningAlgorithm::RS256,
        &answer["code"],
    );
    assert_eq!(claims["c_hash"], hash);
    assert!(claims.get("given_name").is_none());
    assert_eq!(
        vendor.redeem(&app, &answer["code"]).await.status,
        StatusCode::OK
    );
    let page = browser
        .get(&vendor.authorize(&[("response_type", "id_token"), ("nonce", "")]))
        .await;
    assert_eq!(error_of(&page), "invalid_request");
}

#[tokio::test]
async fn exemption_from_pkce_and_native_apps() {
    let (app, _) = app_and_vendor().await;
    let exempt = app
        .vendor("old", |client| client.require_pkce = false)
        .await;
    let mut browser = app.signed_in("p-ana").await;
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    assert!(!exempt.code(&mut browser, &bare).await.is_empty());
    let native = app
        .vendor("planner", |client| {
            client.token_endpoint_auth_method = AuthMethod::None;
            client.application_type = idp::protocol::client::ApplicationType::Native;
            client.redirect_uris = vec!["http://127.0.0.1/cb".into()];
            client.require_pkce = false;
        })
        .await;
    let port = ("redirect_uri", "http://127.0.0.1:51004/cb");
    let page = browser.get(&native.authorize(&[port])).await;
    assert!(
        page.location()
            .unwrap()
            .starts_with("http://127.0.0.1:51004/cb?code=")
    );
    let page = browser
        .get(&native.authorize(&[port, bare[0], bare[1]]))
        .await;
    assert_eq!(error_of(&page), "invalid_request");
}
