//! Signing in, and every answer that must not sign anybody in.

use clients::settings::ResponseMode;
use http::StatusCode;

use crate::portal::{Lie, Portal};
use crate::visitor::{APP, Visitor};

#[tokio::test]
async fn a_sign_in_by_the_book() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    assert_eq!(visitor.get("/").await.body, "front");
    let asked = visitor
        .start(
            &portal,
            "/login/start?login_hint=ticket&target_link_uri=http%3A%2F%2Flocalhost%3A9001%2Fabout-you",
        )
        .await;
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["redirect_uri"], format!("{APP}/callback"));
    assert_eq!(asked["scope"], "openid profile");
    assert_eq!(asked["login_hint"], "ticket");
    assert!(!asked.contains_key("response_mode") && !asked.contains_key("prompt"));

    let callback = Visitor::callback(&portal, &asked["state"]);
    let answer = visitor.get(&callback).await;
    assert_eq!(answer.location.as_deref(), Some("/about-you"));
    {
        let told = portal.told.lock().unwrap();
        assert_eq!(told.token_request["code"], "the-code");
        assert!((43..=128).contains(&told.token_request["code_verifier"].len()));
        assert!(told.authorization.as_ref().unwrap().starts_with("Basic "));
    }
    assert_eq!(visitor.get("/").await.body, "home of Ana Peña");
    let again = visitor.get(&callback).await;
    assert_eq!(
        again.status,
        StatusCode::BAD_REQUEST,
        "an answer counts once"
    );
}

#[tokio::test]
async fn no_lie_signs_anybody_in() {
    let lies = [
        Lie::Nonce,
        Lie::Audience,
        Lie::Issuer,
        Lie::Expired,
        Lie::Key,
        Lie::Unsigned,
        Lie::AccessTokenHash,
        Lie::Userinfo,
        Lie::NoIdToken,
        Lie::Grant,
    ];
    for lie in lies {
        let portal = Portal::start().await;
        let mut visitor = Visitor::new(&portal, ResponseMode::Query);
        let asked = visitor.start(&portal, "/login/start").await;
        portal.lie(lie);
        let answer = visitor
            .get(&Visitor::callback(&portal, &asked["state"]))
            .await;
        assert_eq!(answer.location, None, "{lie:?}: {answer:?}");
        assert_eq!(visitor.get("/").await.body, "front", "{lie:?}");
    }
}

#[tokio::test]
async fn an_answer_is_for_the_browser_that_asked() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    let asked = visitor.start(&portal, "/login/start").await;
    let callback = Visitor::callback(&portal, &asked["state"]);
    let mut stranger = visitor.elsewhere();
    stranger.start(&portal, "/login/start").await;
    let answer = stranger.get(&callback).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");

    let other = callback.replace("iss=http", "iss=https");
    let answer = visitor.get(&other).await;
    assert!(answer.body.contains("another portal"), "{answer:?}");
    let asked = visitor.start(&portal, "/login/start").await;
    let bare = format!("/callback?code=c&state={}", asked["state"]);
    let answer = visitor.get(&bare).await;
    assert!(answer.body.contains("no iss"), "{answer:?}");
}

#[tokio::test]
async fn form_post_needs_no_cookie_on_the_way_in() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::FormPost);
    let asked = visitor.start(&portal, "/login/start").await;
    assert_eq!(asked["response_mode"], "form_post");
    let fields = [
        ("code", "the-code"),
        ("state", &asked["state"]),
        ("iss", &portal.issuer),
    ];
    // What a browser does with a form of another site: no SameSite=Lax cookie comes along.
    let mut without_cookies = visitor.elsewhere();
    without_cookies.site = "cross-site";
    let answer = without_cookies.post("/callback", &fields).await;
    let finish = answer.location.unwrap();
    assert!(finish.starts_with("/callback/finish?state="), "{finish}");
    assert!(
        !finish.contains("the-code"),
        "a code does not belong in an address"
    );

    let mut stranger = visitor.elsewhere();
    assert_eq!(
        stranger.get(&finish).await.status,
        StatusCode::BAD_REQUEST,
        "the answer belongs to the browser that asked"
    );
    let answer = visitor.get(&finish).await;
    assert_eq!(answer.location.as_deref(), Some("/"), "{answer:?}");
    assert_eq!(visitor.get("/").await.body, "home of Ana Peña");
}

#[tokio::test]
async fn foreign_portals_and_foreign_targets_are_refused() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    for query in [
        "iss=https%3A%2F%2Felsewhere.example",
        "target_link_uri=https%3A%2F%2Felsewhere.example%2F",
        "target_link_uri=%2F%2Felsewhere.example%2F",
        "target_link_uri=javascript%3Aalert(1)",
        "target_link_uri=http%3A%2F%2Flocalhost%3A9002%2F",
        "target_link_uri=%2F%5Celsewhere.example",
    ] {
        let answer = visitor.get(&format!("/login/start?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.location, None, "{query}");
    }
    visitor.site = "cross-site";
    let answer = visitor
        .post("/login/start", &[("iss", &portal.issuer), ("other", "x")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the tile may post");
}

#[tokio::test]
async fn what_the_portal_says_is_shown() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    let asked = visitor.start(&portal, "/login/check").await;
    assert_eq!(asked["prompt"], "none");
    let answer = visitor
        .get(&format!(
            "/callback?error=login_required&error_description=nobody&state={}&iss={}",
            asked["state"], portal.issuer
        ))
        .await;
    assert!(answer.body.contains("login_required"), "{answer:?}");
    assert!(answer.body.contains("nobody"), "{answer:?}");
}

#[tokio::test]
async fn a_refresh_token_renews_what_is_known() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    visitor.sign_in(&portal).await;
    visitor.post("/renew", &[]).await;
    assert_eq!(
        visitor.get("/about-you").await.body,
        "about Ana Peña, renewed 1"
    );
    assert_eq!(
        portal.told.lock().unwrap().token_request["refresh_token"],
        "refresh-2"
    );
    visitor.site = "cross-site";
    let forged = visitor.post("/renew", &[]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    visitor.site = "same-origin";
    portal.lie(Lie::Grant);
    let answer = visitor.post("/renew", &[]).await;
    assert!(answer.body.contains("invalid_grant"), "{answer:?}");
    assert_eq!(visitor.get("/").await.body, "front", "the visit is over");
}
