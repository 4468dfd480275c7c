//! `/jwks`.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::TestApp;

#[tokio::test]
async fn public_keys_and_nothing_else() {
    let app = TestApp::new().await;
    let answer = app
        .answer(Request::get("/jwks").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let keys = answer.json["keys"].as_array().unwrap();
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        assert!(
            keys.iter().any(|key| key["alg"] == algorithm),
            "{algorithm}"
        );
    }
    for key in keys {
        assert_eq!(key["use"], "sig");
        assert_eq!(key["kid"].as_str().unwrap().len(), 43);
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}
