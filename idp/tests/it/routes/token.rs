//! `/token`: client authentication, codes, refresh tokens.

use axum::body::Body;
use http::{Request, StatusCode};
use idp::protocol::client::{AuthMethod, GrantType, SigningAlgorithm};

use crate::support::{Answer, Browser, TestApp, VERIFIER, Vendor, join_all};

async fn app_and_vendor() -> (TestApp, Vendor) {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app.vendor("library", |_| {}).await;
    (app, vendor)
}

async fn refreshing() -> (TestApp, Vendor, Browser) {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app
        .vendor("library", |client| {
            client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        })
        .await;
    let browser = app.signed_in("p-ana").await;
    (app, vendor, browser)
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let code = vendor.code(&mut browser, &[]).await;
    let answer = vendor.redeem(&app, &code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.text("token_type"), "Bearer");
    assert_eq!(answer.json["expires_in"], 300);
    assert_eq!(answer.text("scope"), "openid profile");
    assert!(answer.json.get("refresh_token").is_none());
    let claims = app.claims(&answer.text("id_token"));
    let now = app.app.clock.now().unix();
    assert_eq!(claims["iss"], "http://localhost:8080");
    assert_eq!(claims["aud"], "library");
    assert_eq!(claims["nonce"], "n-0S6");
    assert_eq!(claims["iat"], now);
    assert_eq!(claims["exp"], now + 300);
    assert_eq!(claims["auth_time"], now);
    assert_eq!(claims["acr"], "1");
    assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
    assert_eq!(claims["sub"].as_str().unwrap().len(), 43);
    let hash =
        idp::protocol::id_token::half_hash(SigningAlgorithm::RS256, &answer.text("access_token"));
    assert_eq!(claims["at_hash"], hash);
    assert!(claims.get("azp").is_none() && claims.get("c_hash").is_none());
    // Claims of scopes wait at userinfo.
    assert!(claims.get("given_name").is_none());
}

#[tokio::test]
async fn algorithms_by_registration() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.signed_in("p-ana").await;
    for (id, algorithm) in [
        ("es", SigningAlgorithm::ES256),
        ("ed", SigningAlgorithm::EdDSA),
    ] {
        let vendor = app
            .vendor(id, |client| {
                client.id_token_signed_response_alg = algorithm;
            })
            .await;
        let tokens = vendor.tokens(&app, &mut browser, "openid").await;
        let claims = app.claims(&tokens.text("id_token"));
        let hash = idp::protocol::id_token::half_hash(algorithm, &tokens.text("access_token"));
        assert_eq!(claims["at_hash"], hash);
    }
}

/// Two vendors cannot join their data on a child.
#[tokio::test]
async fn subjects_are_pairwise() {
    let (app, vendor) = app_and_vendor().await;
    let other = app.vendor("grades", |_| {}).await;
    let mut browser = app.signed_in("p-ana").await;
    let mut subjects = Vec::new();
    for vendor in [&vendor, &other, &vendor] {
        let tokens = vendor.tokens(&app, &mut browser, "openid").await;
        subjects.push(app.claims(&tokens.text("id_token"))["sub"].clone());
    }
    assert_ne!(subjects[0], subjects[1]);
    assert_eq!(subjects[0], subjects[2]);
}

#[tokio::test]
async fn a_code_is_good_once_and_its_reuse_revokes() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let code = vendor.code(&mut browser, &[]).await;
    let first = vendor.redeem(&app, &code).await;
    let token = first.text("access_token");
    assert_eq!(app.user_info(&token).await.status, StatusCode::OK);
    app.advance(30);
    let second = vendor.redeem(&app, &code).await;
    assert_eq!(
        (second.status, second.error()),
        (StatusCode::BAD_REQUEST, "invalid_grant")
    );
    assert_eq!(app.user_info(&token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn codes_that_do_not_redeem() {
    let (app, vendor) = app_and_vendor().await;
    let other = app.vendor("grades", |_| {}).await;
    let mut browser = app.signed_in("p-ana").await;
    let code = vendor.code(&mut browser, &[]).await;
    let uri = vendor.redirect_uri.clone();
    let base = |changes: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("grant_type".to_owned(), "authorization_code".to_owned()),
            ("code".into(), code.clone()),
            ("redirect_uri".into(), uri.clone()),
            ("code_verifier".into(), VERIFIER.into()),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            if !value.is_empty() {
                fields.push(((*name).into(), (*value).into()));
            }
        }
        fields
    };
    let ask = async |vendor: &Vendor, changes: &[(&'static str, &'static str)]| -> Answer {
        let fields = base(changes);
        let fields: Vec<_> = fields.iter().map(|(n, v)| (&**n, &**v)).collect();
        vendor.token(&app, &fields).await
    };
    for changes in [
        &[("code", "unknown")][..],
        &[("redirect_uri", "")],
        &[("redirect_uri", "https://library.example/cb/")],
        &[("code_verifier", "")],
        &[(
            "code_verifier",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        )],
        &[("code_verifier", "short")],
    ] {
        let answer = ask(&vendor, changes).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert_eq!(answer.error(), "invalid_grant", "{changes:?}");
    }
    let answer = ask(&other, &[]).await;
    assert_eq!(answer.error(), "invalid_grant");
    for (changes, expected) in [
        (&[("grant_type", "")][..], "invalid_request"),
        (&[("grant_type", "password")], "unsupported_grant_type"),
        (&[("grant_type", "refresh_token")], "invalid_request"),
        (&[("code", "")], "invalid_request"),
    ] {
        let answer = ask(&vendor, changes).await;
        assert_eq!(
            (answer.status, answer.error()),
            (StatusCode::BAD_REQUEST, expected),
            "{changes:?}"
        );
    }
    // None of these strangers burned it.
    assert_eq!(ask(&vendor, &[]).await.status, StatusCode::OK);
    let code = vendor.code(&mut browser, &[]).await;
    app.advance(60);
    assert_eq!(vendor.redeem(&app, &code).await.error(), "invalid_grant");
}

/// U-43: whatever is taken away between the code and the token counts.
#[tokio::test]
async fn codes_end_with_what_they_stand_for() {
    let (app, vendor) = app_and_vendor().await;
    for change in [
        "UPDATE accounts SET auth_epoch = auth_epoch + 1 WHERE person_id = 'p-ana'",
        "UPDATE people SET roster_status = 'disabled' WHERE id = 'p-ana'",
        "DELETE FROM assignments",
    ] {
        app.execute("UPDATE people SET roster_status = 'active'", [])
            .await;
        let mut browser = app.signed_in("p-ana").await;
        let code = vendor.code(&mut browser, &[]).await;
        app.execute(change, []).await;
        app.app.directory.forget();
        assert_eq!(
            vendor.redeem(&app, &code).await.error(),
            "invalid_grant",
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_scope_that_was_taken_away_is_gone() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let code = vendor.code(&mut browser, &[]).await;
    app.change_client("library", |found| {
        found.client.scope = ["openid"].into_iter().collect();
    })
    .await;
    assert_eq!(vendor.redeem(&app, &code).await.text("scope"), "openid");
}

#[tokio::test]
async fn a_code_without_challenge_takes_no_verifier() {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app
        .vendor("old", |client| client.require_pkce = false)
        .await;
    let mut browser = app.signed_in("p-ana").await;
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = vendor.code(&mut browser, &bare).await;
    assert_eq!(vendor.redeem(&app, &code).await.error(), "invalid_grant");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &vendor.redirect_uri),
    ];
    assert_eq!(vendor.token(&app, &fields).await.status, StatusCode::OK);
}

#[tokio::test]
async fn client_authentication() {
    let (app, basic) = app_and_vendor().await;
    let post = app
        .vendor("post", |client| {
            client.token_endpoint_auth_method = AuthMethod::ClientSecretPost;
        })
        .await;
    let public = app
        .vendor("public", |client| {
            client.token_endpoint_auth_method = AuthMethod::None;
        })
        .await;
    let mut browser = app.signed_in("p-ana").await;
    for vendor in [&basic, &post, &public] {
        let code = vendor.code(&mut browser, &[]).await;
        for wrong in [
            Vendor {
                secret: "wrong".into(),
                ..vendor.clone()
            },
            Vendor {
                secret: String::new(),
                ..vendor.clone()
            },
            Vendor {
                method: AuthMethod::ClientSecretPost,
                ..vendor.clone()
            },
            Vendor {
                method: AuthMethod::ClientSecretBasic,
                ..vendor.clone()
            },
            Vendor {
                method: AuthMethod::None,
                ..vendor.clone()
            },
            Vendor {
                id: "nobody".into(),
                ..vendor.clone()
            },
        ] {
            let same_way = wrong.method == vendor.method;
            let no_secret = vendor.method == AuthMethod::None;
            if same_way && (wrong.secret == vendor.secret || no_secret) && wrong.id == vendor.id {
                continue;
            }
            // A public client may send an empty secret: that is none.
            if no_secret && wrong.secret.is_empty() {
                continue;
            }
            let answer = wrong.redeem(&app, &code).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong:?}");
            assert_eq!(answer.error(), "invalid_client", "{wrong:?}");
            assert!(
                answer
                    .header("www-authenticate")
                    .unwrap()
                    .starts_with("Basic")
            );
        }
        assert_eq!(vendor.redeem(&app, &code).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn requests_that_are_none() {
    let (app, vendor) = app_and_vendor().await;
    let form = "application/x-www-form-urlencoded";
    let ask = async |path: &str, kind: &str, body: &str| -> Answer {
        let request = Request::post(path)
            .header("content-type", kind)
            .header("accept", "text/html")
            .body(Body::from(body.to_owned()))
            .unwrap();
        app.answer(request).await
    };
    for (path, kind, body) in [
        ("/token", "application/json", "{}"),
        ("/token", "text/plain", "grant_type=authorization_code"),
        (
            "/token?client_id=library&client_secret=x",
            form,
            "grant_type=x",
        ),
        ("/token", form, "grant_type=x&grant_type=y"),
        ("/token", form, "grant_type=%zz"),
        ("/token", form, "client_id=%00"),
    ] {
        let answer = ask(path, kind, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {body}");
        assert_eq!(answer.error(), "invalid_request", "{path} {body}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let big = format!("client_id={}", "x".repeat(70_000));
    assert_eq!(ask("/token", form, &big).await.error(), "invalid_request");
    let none = ask("/token", form, "").await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    let two_ways = app
        .call(
            "/token",
            &[("authorization", "Basic bGlicmFyeTp4")],
            &[("client_id", "library"), ("client_secret", "x")],
        )
        .await;
    assert_eq!(
        (two_ways.status, two_ways.error()),
        (StatusCode::BAD_REQUEST, "invalid_request")
    );
    let wrong_grant = vendor
        .token(
            &app,
            &[("grant_type", "refresh_token"), ("refresh_token", "x")],
        )
        .await;
    assert_eq!(wrong_grant.error(), "unauthorized_client");
    let got = app
        .answer(Request::get("/token").body(Body::empty()).unwrap())
        .await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn failed_authentication_is_slowed_and_locks_nobody_out() {
    let app = TestApp::with(|settings| settings.throttling.client_authentication = 3).await;
    app.seed().await;
    let vendor = app.vendor("library", |_| {}).await;
    let wrong = Vendor {
        secret: "wrong".into(),
        ..vendor.clone()
    };
    for _ in 0..3 {
        assert_eq!(wrong.redeem(&app, "x").await.error(), "invalid_client");
    }
    for asking in [&wrong, &vendor] {
        let answer = asking.redeem(&app, "x").await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.header("retry-after"), Some("10"));
    }
    app.advance(10);
    assert_eq!(vendor.redeem(&app, "x").await.error(), "invalid_grant");
    assert_eq!(wrong.redeem(&app, "x").await.error(), "invalid_client");
    assert_eq!(
        wrong.redeem(&app, "x").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn refreshing_rotates() {
    let (app, vendor, mut browser) = refreshing().await;
    let first = vendor.tokens(&app, &mut browser, "openid profile").await;
    app.advance(100);
    let second = vendor.refresh(&app, &first.text("refresh_token")).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.json);
    assert_ne!(second.text("refresh_token"), first.text("refresh_token"));
    let (before, after) = (
        app.claims(&first.text("id_token")),
        app.claims(&second.text("id_token")),
    );
    for same in ["iss", "sub", "aud", "auth_time", "sid", "acr"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_eq!(after["iat"], before["iat"].as_i64().unwrap() + 100);
    assert!(after.get("nonce").is_none());
    assert_eq!(
        app.user_info(&second.text("access_token")).await.status,
        StatusCode::OK
    );
    let narrower = vendor
        .token(
            &app,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", &second.text("refresh_token")),
                ("scope", "openid"),
            ],
        )
        .await;
    assert_eq!(narrower.text("scope"), "openid");
    let third = vendor.refresh(&app, &narrower.text("refresh_token")).await;
    assert_eq!(third.text("scope"), "openid profile");
    let wider = vendor
        .token(
            &app,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", &third.text("refresh_token")),
                ("scope", "openid profile email"),
            ],
        )
        .await;
    assert_eq!(wider.error(), "invalid_scope");
    assert_eq!(
        vendor
            .refresh(&app, &third.text("refresh_token"))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn reuse_of_a_refresh_token_revokes_the_line() {
    let (app, vendor, mut browser) = refreshing().await;
    let first = vendor.tokens(&app, &mut browser, "openid").await;
    let second = vendor.refresh(&app, &first.text("refresh_token")).await;
    app.advance(11);
    let replay = vendor.refresh(&app, &first.text("refresh_token")).await;
    assert_eq!(replay.error(), "invalid_grant");
    let honest = vendor.refresh(&app, &second.text("refresh_token")).await;
    assert_eq!(honest.error(), "invalid_grant");
    assert_eq!(
        app.user_info(&second.text("access_token")).await.status,
        StatusCode::UNAUTHORIZED
    );
    let other = vendor.tokens(&app, &mut browser, "openid").await;
    assert_eq!(
        vendor
            .refresh(&app, &other.text("refresh_token"))
            .await
            .status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let (app, vendor, mut browser) = refreshing().await;
    let first = vendor.tokens(&app, &mut browser, "openid").await;
    let lost = vendor.refresh(&app, &first.text("refresh_token")).await;
    app.advance(9);
    let again = vendor.refresh(&app, &first.text("refresh_token")).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.json);
    assert_ne!(again.text("refresh_token"), lost.text("refresh_token"));
    let next = vendor.refresh(&app, &again.text("refresh_token")).await;
    assert_eq!(next.status, StatusCode::OK);
    // The one that was replaced was not lost after all: two hold a token, so the line dies.
    let both = vendor.refresh(&app, &lost.text("refresh_token")).await;
    assert_eq!(both.error(), "invalid_grant");
    let dead = vendor.refresh(&app, &next.text("refresh_token")).await;
    assert_eq!(dead.error(), "invalid_grant");
}

/// three rotations within one second, then the first two again.
#[tokio::test]
async fn rotations_within_a_second_are_told_apart() {
    let (app, vendor, mut browser) = refreshing().await;
    let mut tokens = vec![
        vendor
            .tokens(&app, &mut browser, "openid")
            .await
            .text("refresh_token"),
    ];
    for _ in 0..3 {
        let next = vendor.refresh(&app, tokens.last().unwrap()).await;
        tokens.push(next.text("refresh_token"));
    }
    for old in &tokens[..2] {
        assert_eq!(vendor.refresh(&app, old).await.error(), "invalid_grant");
    }
    assert_eq!(
        vendor.refresh(&app, &tokens[3]).await.error(),
        "invalid_grant"
    );
}

/// one token used eight times at once leaves at most one living line, and using the rest kills it.
#[tokio::test(flavor = "multi_thread")]
async fn racers_leave_at_most_one_living_line() {
    let (app, vendor, mut browser) = refreshing().await;
    for _ in 0..10 {
        let token = vendor
            .tokens(&app, &mut browser, "openid")
            .await
            .text("refresh_token");
        let racers = (0..8).map(|_| vendor.refresh(&app, &token));
        let answers = join_all(racers).await;
        let given: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::OK)
            .map(|answer| answer.text("refresh_token"))
            .collect();
        assert!(!given.is_empty());
        let living = app
            .lookup(
                "SELECT COUNT(*) FROM refresh_tokens t JOIN grants g ON g.id = t.grant_id \
                 WHERE t.used_at IS NULL AND g.revoked_at IS NULL",
            )
            .await
            .unwrap();
        assert_eq!(living, "1");
        for token in &given {
            vendor.refresh(&app, token).await;
        }
        if given.len() > 1 {
            let living = app
                .lookup("SELECT COUNT(*) FROM grants WHERE revoked_at IS NULL")
                .await
                .unwrap();
            assert_eq!(living, "0");
        }
        app.execute("DELETE FROM refresh_tokens", []).await;
        app.execute("DELETE FROM grants", []).await;
    }
}

/// R-01 in one process: twenty racers, one code, one success.
#[tokio::test(flavor = "multi_thread")]
async fn racers_for_a_code() {
    let (app, vendor, mut browser) = refreshing().await;
    for _ in 0..10 {
        let code = vendor.code(&mut browser, &[]).await;
        let answers = join_all((0..20).map(|_| vendor.redeem(&app, &code))).await;
        let won: Vec<_> = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::OK)
            .collect();
        assert_eq!(won.len(), 1);
        assert!(
            answers
                .iter()
                .filter(|answer| answer.status != StatusCode::OK)
                .all(|answer| answer.error() == "invalid_grant")
        );
        // The others were replays: what the winner got is revoked.
        let token = won[0].text("refresh_token");
        assert_eq!(vendor.refresh(&app, &token).await.error(), "invalid_grant");
    }
}

/// Whatever takes the person, the client or the app away ends the line.
#[tokio::test]
async fn refresh_tokens_end_with_what_they_stand_for() {
    let (app, vendor, _) = refreshing().await;
    let other = app
        .vendor("grades", |client| {
            client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        })
        .await;
    for change in [
        "UPDATE accounts SET auth_epoch = auth_epoch + 1",
        "UPDATE people SET roster_status = 'tobedeleted'",
        "DELETE FROM assignments WHERE resource_id = 'r-library'",
    ] {
        app.execute("UPDATE people SET roster_status = 'active'", [])
            .await;
        let mut browser = app.signed_in("p-ana").await;
        let token = vendor
            .tokens(&app, &mut browser, "openid offline_access")
            .await
            .text("refresh_token");
        // Another client can neither use it nor hurt it.
        assert_eq!(other.refresh(&app, &token).await.error(), "invalid_grant");
        let token = vendor.refresh(&app, &token).await.text("refresh_token");
        app.execute(change, []).await;
        app.app.directory.forget();
        assert_eq!(
            vendor.refresh(&app, &token).await.error(),
            "invalid_grant",
            "{change}"
        );
    }
}

#[tokio::test]
async fn refresh_tokens_end_in_time() {
    let (app, vendor, mut browser) = refreshing().await;
    let bound = vendor.tokens(&app, &mut browser, "openid").await;
    let offline = vendor
        .tokens(&app, &mut browser, "openid offline_access")
        .await;
    // A pupil's session ends after ten hours; what hangs from it ends with it.
    app.advance(10 * 3600);
    assert_eq!(
        vendor
            .refresh(&app, &bound.text("refresh_token"))
            .await
            .error(),
        "invalid_grant"
    );
    let next = vendor.refresh(&app, &offline.text("refresh_token")).await;
    app.advance(7 * 86_400);
    assert_eq!(
        vendor
            .refresh(&app, &next.text("refresh_token"))
            .await
            .error(),
        "invalid_grant"
    );
}
