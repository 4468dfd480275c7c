//! FAPI 2.0 Security Profile: how the client proves itself at the token endpoint, and what a code is bound to.

use serde_json::{Value, json};

use crate::bench::{Bench, owned};
use crate::checks::{check_error, check_tokens};
use crate::client::{ASSERTION_TYPE, Client};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Running, Stop, fail, must, skip};
use crate::wire::{Answer, Call};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "fapi2-security-profile-final-ensure-client-id-in-token-endpoint",
        "P",
        "RFC 7523 §4.2",
        "client_id of another client at the token endpoint: refused",
        other_id
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client",
        "P",
        "RFC 6749 §4.1.3",
        "Another client's credentials with the code: refused",
        other_client
    ),
    module!(
        "fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second",
        "P",
        "RFC 6749 §4.1.2",
        "Code reuse: invalid_grant; the token should be revoked",
        reuse
    ),
    module!(
        "fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "A code older than 60 s: invalid_grant",
        expired_code
    ),
    module!(
        "fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails",
        "P",
        "FAPI 2.0 §5.4.1",
        "RS256 client assertion: invalid_client",
        rs256
    ),
    module!(
        "fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint",
        "P",
        "RFC 7523 §4.2",
        "No client assertion: refused",
        no_assertion
    ),
    module!(
        "fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails",
        "P",
        "RFC 7523 §3",
        "Assertion expired 5 min ago: refused",
        |bench| changed(bench, |now| json!({"iat": now - 360, "exp": now - 300}))
    ),
    module!(
        "fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails",
        "P",
        "RFC 7523 §3",
        "Assertion for another server: refused",
        |bench| changed(bench, |_| json!({"aud": "https://other.example"}))
    ),
    module!(
        "fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails",
        "P",
        "RFC 7523 §3",
        "Assertion without sub: invalid_client",
        |bench| changed(bench, |_| json!({"sub": null}))
    ),
    module!(
        "fapi2-security-profile-final-refresh-token",
        "P",
        "FAPI 2.0 §5.3.2.1, RFC 9449 §5",
        "Refresh works, only for its client, only with client authentication and proof of the key",
        refresh
    ),
];

/// A code ready to be redeemed.
async fn code(bench: &mut Bench) -> Check<(Request, String)> {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    Ok((request, arrival.get("code").unwrap_or_default().to_owned()))
}

/// The fields that redeem a code.
pub fn fields(request: &Request, code: &str) -> Vec<(String, String)> {
    owned(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        (
            "redirect_uri",
            request.get("redirect_uri").unwrap_or_default(),
        ),
        (
            "code_verifier",
            request.verifier.as_deref().unwrap_or_default(),
        ),
    ])
}

/// Sends token fields as they are, with a proof of the client's key.
async fn send(bench: &mut Bench, client: &Client, fields: &[(String, String)]) -> Check<Answer> {
    let url = bench.provider().endpoint("token_endpoint")?;
    let mut last = None;
    for _ in 0..2 {
        let mut call = Call::form(&url, fields);
        if let Some(key) = &client.dpop {
            call = call.header("dpop", bench.proof(key, "POST", &url, json!({}))?);
        }
        let answer = bench.wire.send(call).await?;
        if !bench.learn_nonce(&answer) {
            return Ok(answer);
        }
        last = Some(answer);
    }
    match last {
        Some(answer) => Ok(answer),
        None => fail!("no answer"),
    }
}

async fn other_id(bench: &mut Bench) -> Check {
    let other = bench.second_client().await?;
    let (request, code) = code(bench).await?;
    let mut fields = fields(&request, &code);
    let assertion = request.client.assertion(bench.issuer(), json!({}))?;
    fields.extend(owned(&[
        ("client_id", &other.id),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ]));
    let answer = send(bench, &request.client, &fields).await?;
    check_error(
        &answer,
        &["invalid_client", "invalid_request", "invalid_grant"],
    )
}

async fn other_client(bench: &mut Bench) -> Check {
    let other = bench.second_client().await?;
    let (request, code) = code(bench).await?;
    let stranger = Client {
        dpop: request.client.dpop.clone(),
        ..other
    };
    let stolen = Request {
        client: stranger,
        ..request
    };
    let answer = bench.redeem_raw(&stolen, &code).await?;
    check_error(&answer, &["invalid_grant", "invalid_client"])
}

async fn reuse(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let tokens = bench.redeem(&request, &code).await?;
    bench.wait(1).await;
    let answer = bench.redeem_raw(&request, &code).await?;
    check_error(&answer, &["invalid_grant"])?;
    let call = Call::get(&bench.provider().endpoint("userinfo_endpoint")?);
    let answer = bench
        .resource_call(&request.client, call, &tokens.access_token)
        .await?;
    if answer.status == 200 {
        bench.warn("the access token works on after its code was used again");
    }
    Ok(())
}

async fn expired_code(bench: &mut Bench) -> Check {
    if bench.suite.is_quick {
        skip!("it takes 65 s")
    }
    let (request, code) = code(bench).await?;
    bench.wait(65).await;
    let answer = bench.redeem_raw(&request, &code).await?;
    check_error(&answer, &["invalid_grant"])
}

async fn rs256(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let client = &request.client;
    if client.key.alg != "PS256" {
        skip!(
            "the client's key is {}, and cannot sign by RS256",
            client.key.alg
        )
    }
    let key = client.key.with_alg("RS256");
    let assertion = client.assertion_by(&key, bench.issuer(), json!({}))?;
    let answer = redeem_with(bench, &request, &code, &assertion).await?;
    check_error(&answer, &["invalid_client"])
}

async fn redeem_with(
    bench: &mut Bench,
    request: &Request,
    code: &str,
    assertion: &str,
) -> Check<Answer> {
    let mut fields = fields(request, code);
    fields.extend(owned(&[
        ("client_id", &request.client.id),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ]));
    send(bench, &request.client, &fields).await
}

async fn no_assertion(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let mut fields = fields(&request, &code);
    fields.extend(owned(&[("client_id", &request.client.id)]));
    let answer = send(bench, &request.client, &fields).await?;
    check_error(&answer, &["invalid_client", "invalid_request"])
}

fn changed(bench: &mut Bench, changes: fn(i64) -> Value) -> Running<'_> {
    Box::pin(async move {
        let (request, code) = code(bench).await?;
        let changes = changes(crate::clock::now());
        let assertion = request.client.assertion(bench.issuer(), changes)?;
        let answer = redeem_with(bench, &request, &code, &assertion).await?;
        check_error(&answer, &["invalid_client"])
    })
}

async fn refresh(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    if !client.may_refresh() {
        skip!("the client may not use refresh tokens")
    }
    let flow = super::refresh::offline_flow(bench, &client).await?;
    let token = flow.refresh_token()?.to_owned();
    let renewed = super::refresh::refresh(bench, &flow, &token).await?;
    let last = renewed.refresh_token.unwrap_or(token);
    let fields = owned(&[("grant_type", "refresh_token"), ("refresh_token", &last)]);
    let mut bare = fields.clone();
    bare.extend(owned(&[("client_id", &client.id)]));
    let answer = send(bench, &client, &bare).await?;
    check_error(&answer, &["invalid_client", "invalid_request"])?;
    let other = bench.second_client().await?;
    let url = bench.provider().endpoint("token_endpoint")?;
    let answer = bench.client_call(&other, &url, fields.clone()).await?;
    check_error(&answer, &["invalid_grant"])?;
    let unbound = Client {
        dpop: None,
        ..client.clone()
    };
    let answer = bench.client_call(&unbound, &url, fields.clone()).await?;
    check_error(
        &answer,
        &[
            "invalid_grant",
            "invalid_request",
            "invalid_dpop_proof",
            "use_dpop_nonce",
        ],
    )?;
    let answer = bench.client_call(&client, &url, fields).await?;
    match check_tokens(&client, &answer) {
        Err(Stop::Fail(why)) => {
            fail!("after the refused tries the token's owner is refused too: {why}")
        }
        other => other?,
    };
    must!(
        answer.status == 200,
        "the refresh was answered {}",
        answer.status
    );
    Ok(())
}
