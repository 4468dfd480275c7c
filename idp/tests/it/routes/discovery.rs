//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::TestApp;

#[tokio::test]
async fn the_document() {
    let app = TestApp::new().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ] {
        let answer = app
            .answer(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.text("issuer"), app.app.settings.issuer());
        assert_eq!(
            answer.text("token_endpoint"),
            format!("{}/token", app.app.settings.issuer())
        );
        insta::assert_snapshot!(
            "discovery",
            serde_json::to_string_pretty(&answer.json).unwrap()
        );
    }
}

/// Each endpoint that the document names answers something other than 404.
#[tokio::test]
async fn endpoints_exist() {
    let app = TestApp::new().await;
    let path = "/.well-known/openid-configuration";
    let document = app
        .answer(Request::get(path).body(Body::empty()).unwrap())
        .await
        .json;
    for (name, value) in document.as_object().unwrap() {
        if !(name.ends_with("_endpoint") || name == "jwks_uri") {
            continue;
        }
        let path = value
            .as_str()
            .unwrap()
            .strip_prefix(app.app.settings.issuer())
            .unwrap();
        let response = app
            .send(Request::get(path).body(Body::empty()).unwrap())
            .await;
        assert_ne!(response.status(), StatusCode::NOT_FOUND, "{name}");
    }
}
