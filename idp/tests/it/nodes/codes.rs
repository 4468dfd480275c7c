//! One code redeemed by many at once over two nodes: exactly one gets tokens (RFC 6749 §4.1.2).

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode, header};

use super::Stage;
use super::people::{claim_and_sign_in, enroll};
use crate::support::{Browser, Nodes, encode, text};

const CODES: usize = 200;
const RACERS: usize = 20;

const CLIENT: &str = r#"
[[clients]]
client_id = "racer"
client_name = "Racer"
client_secret = "the-secret-of-the-racing-client-0"
redirect_uris = ["http://localhost:9009/callback"]
token_endpoint_auth_method = "client_secret_post"
grant_types = ["authorization_code"]
assign = "district"
scope = "openid"
"#;

const VERIFIER: &str = "a-verifier-that-is-long-enough-for-rfc-7636-0001";

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_redemptions_one_succeeds() {
    let Some(mut stage) = Stage::shared(2, 9).await else {
        return;
    };
    let backstage = stage.backstage().await;
    let pupils = enroll(&backstage, 1).await;
    backstage.app.close().await;
    let file = stage.path("clients.toml");
    std::fs::write(&file, CLIENT).unwrap();
    stage.command(&["clients", "apply", file.to_str().unwrap()]);
    stage.start().await;
    let mut browser = stage.browser();
    claim_and_sign_in(&mut browser, &pupils[0]).await;

    for round in 0..CODES {
        let code = authorize(&mut browser).await;
        let racers: Vec<_> = (0..RACERS)
            .map(|_| tokio::spawn(redeem(stage.portal(), code.clone())))
            .collect();
        let mut won = 0;
        for racer in racers {
            let (status, body) = racer.await.unwrap();
            if status == StatusCode::OK {
                won += 1;
            } else {
                assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
                assert!(body.contains("invalid_grant"), "{body}");
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
    assert_eq!(stage.errors_logged(), Vec::<String>::new());
}

/// A fresh code for the person of this browser.
async fn authorize(browser: &mut Browser) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let query = encode(&[
        ("client_id", "racer"),
        ("response_type", "code"),
        ("redirect_uri", "http://localhost:9009/callback"),
        ("scope", "openid"),
        ("state", "s"),
        ("prompt", "none"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    let mut page = browser.get(&format!("/authorize?{query}")).await;
    if page.location().is_some_and(|on| on.starts_with('/')) {
        page = browser.follow(page).await;
    }
    let location = url::Url::parse(&page.location().unwrap_or_default())
        .unwrap_or_else(|_| panic!("no redirect to the client: {} {}", page.path, page.body));
    location
        .query_pairs()
        .find(|(name, _)| name == "code")
        .map_or_else(
            || panic!("no code: {location}"),
            |(_, code)| code.into_owned(),
        )
}

async fn redeem(portal: Nodes, code: String) -> (StatusCode, String) {
    let body = encode(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://localhost:9009/callback"),
        ("code_verifier", VERIFIER),
        ("client_id", "racer"),
        ("client_secret", "the-secret-of-the-racing-client-0"),
    ]);
    let request = Request::post("/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    let answer = portal.send(request).await;
    (answer.status(), text(answer).await)
}
