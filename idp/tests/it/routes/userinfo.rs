//! `/userinfo`.

use axum::body::Body;
use http::{Request, StatusCode};
use idp::protocol::client::SigningAlgorithm;

use crate::support::{Answer, TestApp, Vendor};

async fn app_and_vendor() -> (TestApp, Vendor) {
    let app = TestApp::new().await;
    app.seed().await;
    let vendor = app.vendor("library", |_| {}).await;
    (app, vendor)
}

#[tokio::test]
async fn three_ways_to_send_a_token() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let tokens = vendor
        .tokens(&app, &mut browser, "openid profile email")
        .await;
    let token = tokens.text("access_token");
    let bearer = format!("Bearer {token}");
    let got = app.user_info(&token).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(got.header("cache-control"), Some("no-store"));
    assert_eq!(got.json["sub"], app.claims(&tokens.text("id_token"))["sub"]);
    assert_eq!(got.json["given_name"], "Ana");
    assert_eq!(got.json["family_name"], "Hernández Peña");
    let posted = app
        .call("/userinfo", &[("authorization", &bearer)], &[])
        .await;
    assert_eq!(posted.json, got.json);
    let in_body = app
        .call("/userinfo", &[], &[("access_token", &token)])
        .await;
    assert_eq!(in_body.json, got.json);
    let twice = app
        .call(
            "/userinfo",
            &[("authorization", &bearer)],
            &[("access_token", &token)],
        )
        .await;
    assert_eq!(
        (twice.status, twice.error()),
        (StatusCode::BAD_REQUEST, "invalid_request")
    );
}

#[tokio::test]
async fn what_is_no_token() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let code = vendor.code(&mut browser, &[]).await;
    let tokens = vendor.tokens(&app, &mut browser, "openid").await;
    let token = tokens.text("access_token");
    let bare = app
        .answer(Request::get("/userinfo").body(Body::empty()).unwrap())
        .await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    assert_eq!(bare.header("www-authenticate"), Some("Bearer"));
    let in_query = app
        .answer(
            Request::get(format!("/userinfo?access_token={token}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(in_query.status, StatusCode::UNAUTHORIZED);
    for wrong in [
        code.as_str(),
        &tokens.text("id_token"),
        &token[..42],
        &token[..21],
        &format!("{token}A"),
        &token.to_lowercase(),
    ] {
        let answer = app.user_info(wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.error(), "invalid_token");
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer error=\"invalid_token\"")
        );
    }
    assert_eq!(app.user_info(&token).await.status, StatusCode::OK);
    app.advance(300);
    assert_eq!(app.user_info(&token).await.status, StatusCode::UNAUTHORIZED);
}

/// Whatever takes the person, the client or the session away takes the token away, at once.
#[tokio::test]
async fn tokens_end_with_what_they_stand_for() {
    let (app, vendor) = app_and_vendor().await;
    for change in [
        "UPDATE accounts SET auth_epoch = auth_epoch + 1 WHERE person_id = 'p-ana'",
        "UPDATE people SET roster_status = 'tobedeleted' WHERE id = 'p-ana'",
        "UPDATE clients SET status = 'paused', version = version + 1",
    ] {
        app.execute("UPDATE people SET roster_status = 'active'", [])
            .await;
        let mut browser = app.signed_in("p-ana").await;
        let token = vendor
            .tokens(&app, &mut browser, "openid")
            .await
            .text("access_token");
        assert_eq!(app.user_info(&token).await.status, StatusCode::OK);
        app.execute(change, []).await;
        let answer = app.user_info(&token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{change}");
    }
}

#[tokio::test]
async fn claims_are_those_that_the_district_approved() {
    let (app, vendor) = app_and_vendor().await;
    let mut browser = app.signed_in("p-ana").await;
    let token = vendor
        .tokens(&app, &mut browser, "openid profile roster")
        .await
        .text("access_token");
    let all = app.user_info(&token).await.json;
    assert_eq!(all["user_type"], "student");
    app.change_client("library", |found| {
        found.client.approved_claims = vec!["given_name".into()];
    })
    .await;
    let less = app.user_info(&token).await.json;
    let names: Vec<_> = less.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["given_name", "sub"]);
    // openid alone carries nothing personal.
    let token = vendor
        .tokens(&app, &mut browser, "openid")
        .await
        .text("access_token");
    let least = app.user_info(&token).await.json;
    assert_eq!(least.as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn a_signed_answer_for_a_client_that_registered_one() {
    let (app, _) = app_and_vendor().await;
    let vendor = app
        .vendor("signed", |client| {
            client.userinfo_signed_response_alg = Some(SigningAlgorithm::ES256);
        })
        .await;
    let mut browser = app.signed_in("p-ana").await;
    let token = vendor
        .tokens(&app, &mut browser, "openid profile")
        .await
        .text("access_token");
    let answer = app.user_info(&token).await;
    assert_eq!(answer.header("content-type"), Some("application/jwt"));
    let claims = app.claims(answer.json.as_str().unwrap());
    assert_eq!(claims["iss"], app.app.settings.issuer());
    assert_eq!(claims["aud"], "signed");
    assert_eq!(claims["given_name"], "Ana");
}

#[tokio::test]
async fn scripts_of_registered_pages_may_read_it() {
    let (app, vendor) = app_and_vendor().await;
    app.vendor("spa", |client| {
        client.token_endpoint_auth_method = idp::protocol::client::AuthMethod::None;
    })
    .await;
    let mut browser = app.signed_in("p-ana").await;
    let token = vendor
        .tokens(&app, &mut browser, "openid")
        .await
        .text("access_token");
    let ask = async |origin: &str| -> Answer {
        let request = Request::get("/userinfo")
            .header("authorization", format!("Bearer {token}"))
            .header("origin", origin)
            .body(Body::empty())
            .unwrap();
        app.answer(request).await
    };
    let own = ask("https://spa.example").await;
    assert_eq!(
        own.header("access-control-allow-origin"),
        Some("https://spa.example")
    );
    assert_eq!(own.header("access-control-allow-credentials"), None);
    for origin in [
        "https://library.example",
        "https://evil.example",
        "null",
        "https://spa.example.evil.example",
    ] {
        let other = ask(origin).await;
        assert_eq!(
            other.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
    let preflight = Request::options("/userinfo")
        .header("origin", "https://spa.example")
        .header("access-control-request-method", "GET")
        .body(Body::empty())
        .unwrap();
    let answer = app.answer(preflight).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("authorization, content-type")
    );
}
