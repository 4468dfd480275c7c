//! FAPI 2.0 Security Profile: pushed requests and PKCE.

use serde_json::json;

use crate::bench::{Bench, owned, pushed_url};
use crate::checks::{arrived, check_error};
use crate::client::Client;
use crate::keys;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Running, Stop, must};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds",
        "P",
        "FAPI 2.0 §5.3.2.2, RFC 9126 §4",
        "Two visits with one request_uri, sign-in at the second: works (one use means one authorization)",
        two_visits
    ),
    module!(
        "fapi2-security-profile-final-par-attempt-reuse-request_uri",
        "P",
        "RFC 9126 §4, §7.3",
        "A used request_uri: refused (warning if not)",
        reuse
    ),
    module!(
        "fapi2-security-profile-final-par-attempt-to-use-expired-request_uri",
        "P",
        "RFC 9126 §4",
        "An expired request_uri: refused",
        expired
    ),
    module!(
        "fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client",
        "P",
        "RFC 9126 §4",
        "Another client's request_uri: refused",
        other_client
    ),
    module!(
        "fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param",
        "P",
        "RFC 9126 §2.1",
        "request_uri as a PAR parameter: refused",
        with_request_uri
    ),
    module!(
        "fapi2-security-profile-final-par-attempt-invalid-http-method",
        "P",
        "RFC 9126 §2.3",
        "PAR by another method than POST: refused",
        wrong_method
    ),
    module!(
        "fapi2-security-profile-final-par-without-duplicate-parameters",
        "P",
        "RFC 9126 §4",
        "Authorize with only client_id and request_uri: works",
        only_two
    ),
    module!(
        "fapi2-security-profile-final-par-ensure-pkce-required",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "No PKCE: refused",
        no_pkce
    ),
    module!(
        "fapi2-security-profile-final-par-plain-pkce-rejected",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "PKCE plain: refused",
        plain_pkce
    ),
    module!(
        "fapi2-security-profile-final-ensure-pkce-code-verifier-required",
        "P",
        "RFC 7636 §4.6",
        "No code_verifier: invalid_grant",
        |bench| verifier(bench, None)
    ),
    module!(
        "fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected",
        "P",
        "RFC 7636 §4.6",
        "Wrong code_verifier: invalid_grant",
        |bench| verifier(
            bench,
            Some("wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")
        )
    ),
    module!(
        "fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "Assertion nbf 8 s ahead at PAR: accepted",
        |bench| nbf(bench, 8)
    ),
    module!(
        "fapi2-security-profile-final-par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "More than 60 s ahead: refused",
        |bench| nbf(bench, 90)
    ),
    module!(
        "fapi2-security-profile-final-par-test-array-as-audience-fails",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "Client assertion aud as a list at PAR: refused",
        |bench| audience(bench, "list")
    ),
    module!(
        "fapi2-security-profile-final-par-test-par-endpoint-url-as-audience-fails",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "aud is the PAR endpoint: refused (issuer only)",
        |bench| audience(bench, "pushed_authorization_request_endpoint")
    ),
    module!(
        "fapi2-security-profile-final-par-test-token-endpoint-url-as-audience-fails",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "aud is the token endpoint at PAR: refused",
        |bench| audience(bench, "token_endpoint")
    ),
];

/// A pushed request, and the browser's call for it.
async fn pushed(bench: &mut Bench, client: &Client) -> Check<(Request, Call)> {
    let request = bench.request(client);
    let call = bench.start(&request).await?;
    Ok((request, call))
}

async fn two_visits(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let (request, call) = pushed(bench, &client).await?;
    let Landing::Shown(_) = bench.person.visit(call.clone(), Mood::Watching).await? else {
        crate::stop::fail!("the first visit showed no sign-in page")
    };
    let arrival = arrived(bench.person.visit(call, Mood::Willing).await?)?;
    bench.check_response(&request, &arrival)?;
    bench.finish(&request, arrival).await?;
    Ok(())
}

/// Whether a call was refused: a page, or an error at the client.
async fn is_refused(bench: &mut Bench, call: Call) -> Check<bool> {
    Ok(match bench.person.visit(call, Mood::Willing).await? {
        Landing::Shown(page) => {
            must!(
                page.answer.status < 500,
                "a page with {}",
                page.answer.status
            );
            true
        }
        Landing::Arrived(arrival) => arrival.get("error").is_some(),
    })
}

async fn reuse(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let (request, call) = pushed(bench, &client).await?;
    let arrival = arrived(bench.person.visit(call.clone(), Mood::Willing).await?)?;
    bench.check_response(&request, &arrival)?;
    if !is_refused(bench, call).await? {
        bench.warn("a request_uri worked twice");
    }
    Ok(())
}

async fn expired(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let answer = bench.push_fields(&client, request.params.clone()).await?;
    let document = answer.json()?;
    let seconds = document
        .get("expires_in")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(60);
    if seconds > 120 || bench.suite.is_quick {
        crate::stop::skip!("it would take {seconds} s")
    }
    let handle = document
        .get("request_uri")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    let call = Call::get(&pushed_url(&endpoint, &client.id, handle));
    bench.wait(seconds + 5).await;
    must!(
        is_refused(bench, call).await?,
        "a request_uri worked after its {seconds} s"
    );
    Ok(())
}

async fn other_client(bench: &mut Bench) -> Check {
    let (client, other) = (bench.client().await?, bench.second_client().await?);
    let request = bench.request(&client);
    let handle = bench.push(&request).await?;
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    let call = Call::get(&pushed_url(&endpoint, &other.id, &handle));
    must!(
        is_refused(bench, call).await?,
        "a request_uri worked for another client"
    );
    Ok(())
}

async fn refused(bench: &mut Bench, request: &Request) -> Check {
    let answer = bench
        .push_fields(&request.client, request.params.clone())
        .await?;
    check_error(&answer, &["invalid_request"])
}

async fn with_request_uri(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let first = bench.request(&client);
    let handle = bench.push(&first).await?;
    let request = bench.request(&client).with("request_uri", handle);
    let answer = bench.push_fields(&client, request.params).await?;
    check_error(&answer, &["invalid_request", "request_uri_not_supported"])
}

async fn wrong_method(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let mut url = bench
        .provider()
        .endpoint("pushed_authorization_request_endpoint")?;
    url.query_pairs_mut().extend_pairs(&request.params);
    for method in [http::Method::GET, http::Method::PUT] {
        let answer = bench
            .wire
            .send(Call {
                method: method.clone(),
                ..Call::get(&url)
            })
            .await?;
        must!(
            (400..500).contains(&answer.status),
            "{method} at the PAR endpoint was answered {}",
            answer.status
        );
    }
    Ok(())
}

async fn only_two(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let (request, call) = pushed(bench, &client).await?;
    let names: Vec<String> = call
        .url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    must!(names == ["client_id", "request_uri"], "sent were {names:?}");
    let arrival = arrived(bench.person.visit(call, Mood::Willing).await?)?;
    bench.check_response(&request, &arrival)?;
    bench.finish(&request, arrival).await?;
    Ok(())
}

async fn no_pkce(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("code_challenge");
    refused(bench, &request).await
}

async fn plain_pkce(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench
        .request(&client)
        .with("code_challenge", keys::random(32))
        .with("code_challenge_method", "plain");
    refused(bench, &request).await
}

fn verifier<'a>(bench: &'a mut Bench, value: Option<&'static str>) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let request = bench.request(&client);
        let arrival = bench.authorize(&request).await?;
        let wrong = Request {
            verifier: value.map(str::to_owned),
            ..request
        };
        let answer = bench
            .redeem_raw(&wrong, arrival.get("code").unwrap_or_default())
            .await?;
        let codes: &[&str] = if value.is_none() {
            &["invalid_grant", "invalid_request"]
        } else {
            &["invalid_grant"]
        };
        check_error(&answer, codes)
    })
}

/// Pushes the usual request with an assertion of one's choice.
async fn push_with(bench: &mut Bench, assertion: &str) -> Check<crate::wire::Answer> {
    let client = bench.client().await?;
    let mut fields = bench.request(&client).params;
    let type_of = crate::client::ASSERTION_TYPE;
    fields.extend(owned(&[
        ("client_assertion_type", type_of),
        ("client_assertion", assertion),
    ]));
    let url = bench
        .provider()
        .endpoint("pushed_authorization_request_endpoint")?;
    bench.wire.send(Call::form(&url, &fields)).await
}

fn nbf(bench: &mut Bench, ahead: i64) -> Running<'_> {
    Box::pin(async move {
        let client = bench.client().await?;
        let at = crate::clock::now() + ahead;
        let changes = json!({"nbf": at, "exp": at + 60});
        let assertion = client.assertion(bench.issuer(), changes)?;
        let answer = push_with(bench, &assertion).await?;
        if ahead > 60 {
            return check_error(&answer, &["invalid_client"]);
        }
        must!(
            answer.status == 201,
            "the push was answered {}: {}",
            answer.status,
            answer.text()
        );
        Ok(())
    })
}

fn audience<'a>(bench: &'a mut Bench, which: &'static str) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let value = if which == "list" {
            json!([bench.issuer(), "https://other.example"])
        } else {
            json!(bench.provider().endpoint(which)?.as_str())
        };
        let assertion = client.assertion(bench.issuer(), json!({"aud": value}))?;
        let answer = push_with(bench, &assertion).await?;
        match check_error(&answer, &["invalid_client"]) {
            Err(Stop::Fail(why)) => crate::stop::fail!("aud {value}: {why}"),
            other => other,
        }
    })
}
