//! Attacks on the token and userinfo endpoints: wrong credentials, wrong places, wrong shapes.

use serde_json::json;

use crate::bench::{Bench, owned};
use crate::checks::check_error;
use crate::client::Client;
use crate::flow::Flow;
use crate::keys;
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Stop, fail, must, skip};
use crate::wire::{Answer, Call};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "attack-client-wrong-secret",
        "X",
        "RFC 6749 §5.2",
        "A wrong, empty, cut or foreign secret, none, an unknown client: 401 invalid_client, all alike",
        wrong_secret
    ),
    module!(
        "attack-client-secret-in-query",
        "X",
        "RFC 6749 §2.3.1",
        "Credentials in the address: refused",
        secret_in_query
    ),
    module!(
        "attack-client-two-methods",
        "X",
        "RFC 6749 §2.3",
        "Two ways of authentication at once: refused",
        two_methods
    ),
    module!(
        "attack-client-other-method",
        "X",
        "OIDC Registration §2",
        "Another way of authentication than registered: refused",
        other_method
    ),
    module!(
        "attack-token-duplicate-parameters",
        "X",
        "RFC 6749 §3.2",
        "A parameter twice at the token endpoint: invalid_request",
        duplicates
    ),
    module!(
        "attack-token-methods",
        "X",
        "RFC 6749 §3.2",
        "GET, PUT, DELETE at the token endpoint: refused",
        methods
    ),
    module!(
        "attack-token-shapes",
        "X",
        "RFC 6749 §4.1.3, §5.2",
        "JSON, multipart, no body, broken encoding, 2 MB: refused, never 5xx",
        shapes
    ),
    module!(
        "attack-token-other-grants",
        "X",
        "RFC 6749 §5.2, RFC 9700 §2.4",
        "password, unknown and empty grant types: refused",
        other_grants
    ),
    module!(
        "attack-token-error-answers",
        "X",
        "RFC 6749 §5.2",
        "Errors are JSON, not stored, not sniffed, whatever Accept says",
        error_answers
    ),
    module!(
        "attack-userinfo-bad-tokens",
        "X",
        "RFC 6750 §3.1",
        "Cut, longer, changed, empty tokens, ID tokens, codes, refresh tokens: 401 with WWW-Authenticate",
        bad_tokens
    ),
    module!(
        "attack-userinfo-token-in-query",
        "X",
        "RFC 9700 §4.3.2, RFC 6750 §2.3",
        "The access token in the address: refused",
        token_in_query
    ),
    module!(
        "attack-cors",
        "X",
        "Fetch §3.2",
        "No foreign origin gets a token answer with credentials, nor any page",
        cors
    ),
];

async fn send(bench: &Bench, call: Call) -> Check<Answer> {
    bench.wire.send(call).await
}

/// A code ready to be redeemed.
async fn code(bench: &mut Bench) -> Check<(Request, Vec<(String, String)>)> {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    let code = arrival.get("code").unwrap_or_default().to_owned();
    Ok((request.clone(), super::fapi_client::fields(&request, &code)))
}

async fn wrong_secret(bench: &mut Bench) -> Check {
    let (request, fields) = code(bench).await?;
    let client = &request.client;
    let Some(secret) = client.secret.clone() else {
        skip!("the client has no secret")
    };
    let url = bench.provider().endpoint("token_endpoint")?;
    let cut = secret
        .get(..secret.len().saturating_sub(1))
        .unwrap_or_default()
        .to_owned();
    let foreign = match bench.second_client().await {
        Ok(other) => other.secret.unwrap_or_default(),
        Err(_) => keys::random(32),
    };
    let tries = [
        (client.id.as_str(), keys::random(32)),
        (client.id.as_str(), cut),
        (client.id.as_str(), format!("{secret}A")),
        (client.id.as_str(), foreign),
        ("nobody-at-all", secret),
    ];
    let mut texts = Vec::new();
    for (id, wrong) in tries {
        let answer = send(bench, Call::form(&url, &fields).basic(id, &wrong)).await?;
        check_error(&answer, &["invalid_client"])?;
        must!(
            answer.status == 401,
            "status is {}, expected 401",
            answer.status
        );
        if answer.header("www-authenticate").is_none() {
            bench.warn("401 to HTTP Basic without WWW-Authenticate (RFC 6749 §5.2)");
        }
        texts.push(answer.text());
    }
    let answer = send(bench, Call::form(&url, &fields).basic(&client.id, "")).await?;
    check_error(&answer, &["invalid_client", "invalid_request"])?;
    let mut bare = fields.clone();
    bare.extend(owned(&[("client_id", client.id.as_str())]));
    let answer = send(bench, Call::form(&url, &bare)).await?;
    check_error(&answer, &["invalid_client", "invalid_request"])?;
    texts.dedup();
    must!(
        texts.len() == 1,
        "wrong secret and unknown client read differently: {texts:?}"
    );
    Ok(())
}

async fn secret_in_query(bench: &mut Bench) -> Check {
    let (request, fields) = code(bench).await?;
    let mut url = bench.provider().endpoint("token_endpoint")?;
    url.query_pairs_mut()
        .append_pair("client_id", &request.client.id)
        .append_pair(
            "client_secret",
            request.client.secret.as_deref().unwrap_or_default(),
        );
    let answer = send(bench, Call::form(&url, &fields)).await?;
    check_error(&answer, &["invalid_client", "invalid_request"])?;
    let mut whole = bench.provider().endpoint("token_endpoint")?;
    whole.query_pairs_mut().extend_pairs(&fields);
    let call = Call::form(&whole, &[]);
    let secret = request.client.secret.clone().unwrap_or_default();
    let answer = send(bench, call.basic(&request.client.id, &secret)).await?;
    must!(
        answer.status != 200,
        "the whole token request in the address gave tokens"
    );
    Ok(())
}

async fn two_methods(bench: &mut Bench) -> Check {
    let (request, mut fields) = code(bench).await?;
    let Some(secret) = request.client.secret.clone() else {
        skip!("the client has no secret")
    };
    fields.extend(owned(&[
        ("client_id", &request.client.id),
        ("client_secret", &secret),
    ]));
    let url = bench.provider().endpoint("token_endpoint")?;
    let answer = send(
        bench,
        Call::form(&url, &fields).basic(&request.client.id, &secret),
    )
    .await?;
    check_error(&answer, &["invalid_request", "invalid_client"])
}

async fn other_method(bench: &mut Bench) -> Check {
    let (request, mut fields) = code(bench).await?;
    let Some(secret) = request.client.secret.clone() else {
        skip!("the client has no secret")
    };
    fields.extend(owned(&[
        ("client_id", &request.client.id),
        ("client_secret", &secret),
    ]));
    let url = bench.provider().endpoint("token_endpoint")?;
    let answer = send(bench, Call::form(&url, &fields)).await?;
    if answer.status == 200 {
        bench.warn("a client registered for client_secret_basic may use client_secret_post");
        return Ok(());
    }
    check_error(
        &answer,
        &["invalid_client", "unauthorized_client", "invalid_request"],
    )
}

async fn duplicates(bench: &mut Bench) -> Check {
    let (request, fields) = code(bench).await?;
    let url = bench.provider().endpoint("token_endpoint")?;
    for name in ["grant_type", "code", "redirect_uri", "code_verifier"] {
        let mut doubled = fields.clone();
        doubled.extend(fields.iter().find(|(known, _)| known == name).cloned());
        let call = request.client.call(bench.issuer(), &url, doubled)?;
        let answer = send(bench, call).await?;
        match check_error(&answer, &["invalid_request"]) {
            Err(Stop::Fail(why)) => fail!("{name} twice: {why}"),
            other => other?,
        }
    }
    Ok(())
}

async fn methods(bench: &mut Bench) -> Check {
    let (request, fields) = code(bench).await?;
    let mut url = bench.provider().endpoint("token_endpoint")?;
    url.query_pairs_mut().extend_pairs(&fields);
    let secret = request.client.secret.clone().unwrap_or_default();
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let method = http::Method::from_bytes(method.as_bytes())?;
        let call = Call {
            method: method.clone(),
            ..Call::get(&url)
        };
        let answer = send(bench, call.basic(&request.client.id, &secret)).await?;
        must!(
            (400..500).contains(&answer.status),
            "{method} was answered {}",
            answer.status
        );
    }
    Ok(())
}

async fn shapes(bench: &mut Bench) -> Check {
    let (request, fields) = code(bench).await?;
    let url = bench.provider().endpoint("token_endpoint")?;
    let document: serde_json::Map<_, _> = fields
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    let form = "application/x-www-form-urlencoded";
    let right = Call::form(&url, &fields).body;
    let calls = [
        ("JSON", Call::json(&url, &json!(document))),
        ("text/plain", Call::post(&url, "text/plain", right.clone())),
        (
            "multipart",
            Call::post(&url, "multipart/form-data; boundary=x", "--x--"),
        ),
        ("no body", Call::post(&url, form, "")),
        (
            "broken percent signs",
            Call::post(&url, form, "grant_type=%&code=%zz&code=%f"),
        ),
        (
            "bytes that are no UTF-8",
            Call::post(&url, form, "grant_type=authorization_code&code=%ff%fe"),
        ),
        (
            "NUL",
            Call::post(&url, form, "grant_type=authorization_code&code=%00"),
        ),
        (
            "2 MB",
            Call::post(&url, form, format!("code={}", "a".repeat(2_000_000))),
        ),
        (
            "5,000 parameters",
            Call::post(&url, form, "a=1&".repeat(5_000)),
        ),
        (
            "nothing but ampersands",
            Call::post(&url, form, "&&&==&=&&"),
        ),
    ];
    let secret = request.client.secret.clone().unwrap_or_default();
    for (what, call) in calls {
        let answer = send(bench, call.basic(&request.client.id, &secret)).await?;
        must!(
            (400..500).contains(&answer.status),
            "{what} was answered {}",
            answer.status
        );
    }
    Ok(())
}

async fn other_grants(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let who = bench.suite.config.person.clone();
    let name = who
        .fields
        .get(who.username_key())
        .cloned()
        .unwrap_or_default();
    let password = who
        .fields
        .get(who.password_key())
        .cloned()
        .unwrap_or_default();
    let codes = [
        "unsupported_grant_type",
        "unauthorized_client",
        "invalid_request",
    ];
    for grant in ["password", "implicit", "none", "urn:example:unknown", ""] {
        let fields = [
            ("grant_type", grant),
            ("username", &name),
            ("password", &password),
            ("scope", "openid"),
        ];
        let answer = bench.token_call(&client, &fields).await?;
        check_error(&answer, &codes)?;
    }
    Ok(())
}

async fn error_answers(bench: &mut Bench) -> Check {
    let url = bench.provider().endpoint("token_endpoint")?;
    for accept in ["text/html", "*/*", "application/xml;q=1", ""] {
        let fields = owned(&[("grant_type", "authorization_code"), ("code", "x")]);
        let call = Call::form(&url, &fields).header("accept", accept);
        let answer = send(bench, call.basic("nobody-at-all", "x")).await?;
        answer.json()?;
        must!(
            answer.is_not_stored(),
            "an error has no Cache-Control: no-store"
        );
        if answer.header("x-content-type-options") != Some("nosniff") {
            bench.warn("token answers have no X-Content-Type-Options: nosniff");
        }
    }
    Ok(())
}

/// Userinfo with a token that must not work.
async fn refused(bench: &mut Bench, client: &Client, what: &str, token: &str) -> Check {
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let answer = bench.resource_call(client, Call::get(&url), token).await?;
    must!(
        (400..500).contains(&answer.status),
        "{what} was answered {}",
        answer.status
    );
    must!(!answer.text().contains("\"sub\""), "{what} got claims");
    if answer.status == 401 {
        let challenge = answer
            .header("www-authenticate")
            .unwrap_or_default()
            .to_owned();
        must!(
            !challenge.is_empty(),
            "{what}: 401 without WWW-Authenticate (RFC 6750 §3)"
        );
    }
    Ok(())
}

async fn bad_tokens(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let flow: Flow = super::refresh::offline_flow(bench, &client).await?;
    let Some(token) = flow.access_token().map(str::to_owned) else {
        skip!("no access token came")
    };
    let cut = token
        .get(..token.len().saturating_sub(1))
        .unwrap_or_default();
    let first = if token.starts_with('A') { "B" } else { "A" };
    let swapped: String = token
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let mut tries = vec![
        ("a cut token", cut.to_owned()),
        ("a longer token", format!("{token}A")),
        (
            "a changed token",
            format!("{first}{}", token.get(1..).unwrap_or_default()),
        ),
        ("a token in other case", swapped),
        ("an empty token", String::new()),
        ("a random token", keys::random(32)),
        ("an ID token", flow.id_token().to_owned()),
        (
            "a code",
            flow.arrival.get("code").unwrap_or_default().to_owned(),
        ),
        ("two tokens", format!("{token} {token}")),
        ("a very long token", "a".repeat(6_000)),
    ];
    if let Ok(refresh) = flow.refresh_token() {
        tries.push(("a refresh token", refresh.to_owned()));
    }
    for (what, wrong) in tries {
        refused(bench, &client, what, &wrong).await?;
    }
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let answer = send(bench, Call::get(&url)).await?;
    must!(
        answer.status == 401 || answer.status == 400,
        "no token was answered {}",
        answer.status
    );
    bench.userinfo(&flow).await?;
    Ok(())
}

async fn token_in_query(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    let mut url = bench.provider().endpoint("userinfo_endpoint")?;
    url.query_pairs_mut()
        .append_pair("access_token", flow.access_token().unwrap_or_default());
    let answer = send(bench, Call::get(&url)).await?;
    must!(
        (400..500).contains(&answer.status),
        "it was answered {}",
        answer.status
    );
    Ok(())
}

async fn cors(bench: &mut Bench) -> Check {
    let origin = "https://evil.example";
    let names = [
        "token_endpoint",
        "userinfo_endpoint",
        "authorization_endpoint",
        "jwks_uri",
    ];
    for name in names {
        let url = bench.provider().endpoint(name)?;
        let calls = [
            Call::get(&url).header("origin", origin),
            Call {
                method: http::Method::OPTIONS,
                ..Call::get(&url)
            }
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization"),
        ];
        for call in calls {
            let answer = send(bench, call).await?;
            let allowed = answer
                .header("access-control-allow-origin")
                .unwrap_or_default();
            let credentials = answer.header("access-control-allow-credentials") == Some("true");
            must!(
                !(credentials && (allowed == origin || allowed == "*")),
                "{name} lets {origin} in with credentials"
            );
            must!(
                name != "authorization_endpoint" || allowed.is_empty(),
                "the authorization endpoint has CORS headers (RFC 9700 §2.6)"
            );
        }
    }
    Ok(())
}
