//! Signing out, from here and from the portal.

use clients::settings::ResponseMode;
use http::StatusCode;
use jsonwebtoken::get_current_timestamp;
use serde_json::{Value, json};

use crate::portal::Portal;
use crate::visitor::{APP, Visitor};

#[tokio::test]
async fn signing_out_goes_to_the_portal_and_back() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    visitor.sign_in(&portal).await;
    visitor.site = "cross-site";
    let forged = visitor.post("/sign-out", &[]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    visitor.site = "same-origin";
    let answer = visitor.post("/sign-out", &[]).await;
    let address = url::Url::parse(&answer.location.unwrap()).unwrap();
    assert_eq!(address.path(), "/end_session");
    let sent: std::collections::BTreeMap<_, _> = address.query_pairs().into_owned().collect();
    assert_eq!(
        sent["post_logout_redirect_uri"],
        format!("{APP}/signed-out")
    );
    assert_eq!(sent["client_id"], "library");
    assert_eq!(sent["id_token_hint"].split('.').count(), 3);
    assert_eq!(visitor.get("/").await.body, "front");

    let mut other = visitor.clone();
    let path = format!("/signed-out?state={}", sent["state"]);
    let answer = visitor.get(&path).await;
    assert!(answer.body.contains("and at the portal"), "{answer:?}");
    let answer = other.get("/signed-out?state=made-up").await;
    assert!(!answer.body.contains("and at the portal"), "{answer:?}");
}

fn logout(portal: &Portal, change: &Value) -> String {
    let now = get_current_timestamp();
    let mut claims = json!({
        "iss": portal.issuer, "aud": "library", "iat": now, "exp": now + 120, "jti": "t1",
        "sub": "sub-1", "sid": "sid-1",
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    portal.sign("logout+jwt", &claims)
}

#[tokio::test]
async fn the_portal_ends_the_session_it_names() {
    let portal = Portal::start().await;
    let mut visitor = Visitor::new(&portal, ResponseMode::Query);
    visitor.sign_in(&portal).await;
    let mut server = visitor.elsewhere();
    server.site = "none";

    for bad in [
        "",
        "x.y.z",
        &logout(&portal, &json!({ "aud": "gradebook" })),
        &logout(&portal, &json!({ "nonce": "n" })),
    ] {
        let answer = server
            .post("/backchannel-logout", &[("logout_token", bad)])
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
        assert!(answer.body.contains("invalid_request"), "{answer:?}");
    }
    let elsewhere = logout(&portal, &json!({ "sid": "sid-2", "jti": "t0" }));
    let answer = server
        .post("/backchannel-logout", &[("logout_token", &elsewhere)])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(visitor.get("/").await.body, "home of Ana Peña");

    let token = logout(&portal, &json!({}));
    let fields = [("logout_token", token.as_str())];
    let answer = server.post("/backchannel-logout", &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(visitor.get("/").await.body, "front");
    let again = server.post("/backchannel-logout", &fields).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST, "a token counts once");
}
