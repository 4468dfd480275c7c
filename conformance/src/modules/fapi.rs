//! FAPI 2.0 Security Profile: whole flows and the authorization request.

use serde_json::json;

use crate::bench::Bench;
use crate::checks::check_error;
use crate::keys;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Running, fail, must, skip};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "fapi2-security-profile-final-happy-flow",
        "P",
        "FAPI 2.0 §5.3",
        "Whole flow with two clients and both registered redirect URIs",
        happy
    ),
    module!(
        "fapi2-security-profile-final-user-rejects-authentication",
        "P",
        "RFC 6749 §4.1.2.1",
        "The person refuses: access_denied at the client",
        rejects
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-request-without-state-success",
        "P",
        "RFC 6749 §4.1.1",
        "No state: works, none comes back",
        |bench| flows(bench, &[("state", "")])
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-request-without-nonce-success",
        "P",
        "OIDC Core §3.1.2.1",
        "No nonce: works, none in the ID token",
        |bench| flows(bench, &[("nonce", "")])
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "A 64-character nonce works",
        |bench| flows(
            bench,
            &[(
                "nonce",
                "n234567890123456789012345678901234567890123456789012345678901234"
            )]
        )
    ),
    module!(
        "fapi2-security-profile-final-ensure-other-scope-order-succeeds",
        "P",
        "RFC 6749 §3.3",
        "Scope order does not matter",
        |bench| flows(bench, &[("scope", "email openid")])
    ),
    module!(
        "fapi2-security-profile-final-test-claims-parameter-identity-claims",
        "P",
        "OIDC Core §5.5",
        "Every advertised claim can be had by the claims parameter (optional)",
        identity_claims
    ),
    module!(
        "fapi2-security-profile-final-access-token-type-header-case-sensitivity",
        "P",
        "RFC 9110 §11.1",
        "The authentication scheme word is case-insensitive at the resource",
        scheme_case
    ),
    module!(
        "fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object",
        "P",
        "RFC 9101 §6.3",
        "The pushed nonce wins, or an error",
        |bench| outside(bench, "nonce")
    ),
    module!(
        "fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object",
        "P",
        "RFC 9101 §6.3",
        "The pushed state wins, or an error",
        |bench| outside(bench, "state")
    ),
    module!(
        "fapi2-security-profile-final-state-only-outside-request-object-not-used",
        "P",
        "RFC 9101 §6.3",
        "A state only outside the pushed request is not used",
        state_outside
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-request-with-long-nonce",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "A 384-character nonce: whole, or invalid_request",
        |bench| long(bench, "nonce")
    ),
    module!(
        "fapi2-security-profile-final-ensure-authorization-request-with-long-state",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "A 384-character state: whole, or invalid_request",
        |bench| long(bench, "state")
    ),
];

/// The client of a FAPI variant must be bound to a key.
async fn happy(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    for uri in client.list("redirect_uris") {
        let request = bench.request(&client).with("redirect_uri", uri);
        let flow = bench.flow(&request).await?;
        bench.userinfo(&flow).await?;
    }
    let second = bench.second_client().await?;
    let request = bench.request(&second);
    let flow = bench.flow(&request).await?;
    bench.userinfo(&flow).await?;
    Ok(())
}

async fn rejects(bench: &mut Bench) -> Check {
    if bench.suite.config.person.refuse.is_empty() {
        skip!("person.refuse is not configured: nothing on the pages refuses")
    }
    let client = bench.client().await?;
    let request = bench.request(&client);
    bench
        .expect_error(&request, &["access_denied"], Mood::Refusing)
        .await?;
    Ok(())
}

/// A flow with parameters changed; empty takes one away.
fn flows<'a>(
    bench: &'a mut Bench,
    changes: &'static [(&'static str, &'static str)],
) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let mut request = bench.request(&client);
        for (name, value) in changes {
            request = if value.is_empty() {
                request.without(name)
            } else {
                request.with(name, *value)
            };
        }
        bench.flow(&request).await?;
        Ok(())
    })
}

async fn identity_claims(bench: &mut Bench) -> Check {
    if !bench.provider().flag("claims_parameter_supported", false) {
        skip!("claims_parameter_supported is not true")
    }
    let protocol = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "azp",
        "sid",
    ];
    let mut names = bench.provider().list("claims_supported");
    names.retain(|name| !protocol.contains(&name.as_str()));
    let wish: serde_json::Map<_, _> = names
        .iter()
        .map(|name| (name.clone(), json!(null)))
        .collect();
    let client = bench.client().await?;
    let request = bench
        .request(&client)
        .with("claims", json!({"userinfo": wish}).to_string());
    let flow = bench.flow(&request).await?;
    let claims = bench.userinfo(&flow).await?;
    let missing: Vec<&String> = names
        .iter()
        .filter(|name| claims.get(name.as_str()).is_none())
        .collect();
    if !missing.is_empty() {
        bench.note(format!(
            "advertised, asked for, and not given for this person: {missing:?}"
        ));
    }
    Ok(())
}

async fn scheme_case(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    bench.userinfo(&flow).await?;
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let (Some(token), Some(key)) = (flow.access_token(), flow.client.dpop.clone()) else {
        fail!("no bound access token came")
    };
    for scheme in ["dpop", "DPOP"] {
        let changes = json!({"ath": keys::sha256(token.as_bytes())});
        let proof = bench.proof(&key, "GET", &url, changes)?;
        let call = Call::get(&url).header("dpop", proof);
        let answer = bench
            .wire
            .send(call.header("authorization", format!("{scheme} {token}")))
            .await?;
        must!(
            answer.status == 200,
            "'{scheme}' was answered {}",
            answer.status
        );
    }
    Ok(())
}

/// Goes through a pushed request whose address at the authorization endpoint says something else.
fn outside<'a>(bench: &'a mut Bench, name: &'static str) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let request = bench.request(&client);
        with_stray(bench, &request, name).await
    })
}

async fn state_outside(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("state");
    with_stray(bench, &request, "state").await
}

async fn with_stray(bench: &mut Bench, request: &Request, name: &str) -> Check {
    let mut call = bench.start(request).await?;
    call.url
        .query_pairs_mut()
        .append_pair(name, &keys::random(9));
    match bench.person.visit(call, Mood::Willing).await? {
        Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "a page with {}",
                page.answer.status
            );
        }
        Landing::Arrived(arrival) => {
            if let Some(error) = arrival.get("error") {
                must!(error.starts_with("invalid_request"), "error is {error}");
            } else {
                bench.check_response(request, &arrival)?;
                bench.finish(request, *arrival).await?;
            }
        }
    }
    Ok(())
}

fn long<'a>(bench: &'a mut Bench, name: &'static str) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let request = bench.request(&client).with(name, keys::random(288));
        let answer = bench.push_fields(&client, request.params.clone()).await?;
        if answer.status != 201 {
            return check_error(&answer, &["invalid_request"]);
        }
        bench.flow(&request).await?;
        Ok(())
    })
}
