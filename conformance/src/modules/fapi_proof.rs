//! FAPI 2.0 Security Profile: DPoP (RFC 9449).

use serde_json::{Value, json};
use url::Url;

use super::fapi_client::fields;
use crate::bench::Bench;
use crate::checks::{check_error, check_tokens};
use crate::client::{Client, dpop_proof};
use crate::clock;
use crate::flow::Flow;
use crate::keys::{self, Key};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Running, fail, must};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "fapi2-security-profile-final-check-dpop-proof-nbf-exp",
        "P",
        "RFC 9449 §4.2",
        "nbf and exp in a DPoP proof do no harm",
        |bench| accepted(bench, |now| json!({"nbf": now, "exp": now + 60}))
    ),
    module!(
        "fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds",
        "P",
        "RFC 9449 §11.1",
        "A proof 10 s old is accepted",
        |bench| accepted(bench, |now| json!({"iat": now - 10}))
    ),
    module!(
        "fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "A proof 10 s ahead is accepted",
        |bench| accepted(bench, |now| json!({"iat": now + 10}))
    ),
    module!(
        "fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails",
        "P",
        "RFC 9449 §10.1",
        "dpop_jkt that is not the PAR proof's key: PAR refuses",
        mismatch_at_par
    ),
    module!(
        "fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt",
        "P",
        "RFC 9449 §10.1",
        "Another DPoP key at the token endpoint than at PAR: refused",
        |bench| binding(bench, Bound::ByProof, false)
    ),
    module!(
        "fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt",
        "P",
        "RFC 9449 §10",
        "Another key than dpop_jkt at the token endpoint: refused",
        |bench| binding(bench, Bound::ByThumbprint, false)
    ),
    module!(
        "fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success",
        "P",
        "RFC 9449 §10.1",
        "The same key at PAR and token: works",
        |bench| binding(bench, Bound::ByProof, true)
    ),
    module!(
        "fapi2-security-profile-final-ensure-dpop-auth-code-binding-success",
        "P",
        "RFC 9449 §10",
        "dpop_jkt with the right key: works",
        |bench| binding(bench, Bound::ByThumbprint, true)
    ),
    module!(
        "fapi2-security-profile-final-ensure-holder-of-key-required",
        "P",
        "FAPI 2.0 §5.3.2.1",
        "No DPoP at the token endpoint: refused",
        holder_of_key
    ),
    module!(
        "fapi2-security-profile-final-dpop-negative-tests",
        "P",
        "RFC 9449 §4.3, §7.1",
        "The battery of bad DPoP proofs at the resource is refused",
        negative
    ),
];

/// The userinfo call of a flow with a proof of one's choice; one more try where a nonce is wanted.
async fn resource(bench: &mut Bench, flow: &Flow, changes: &Value) -> Check<u16> {
    let (Some(key), Some(token)) = (flow.client.dpop.clone(), flow.access_token()) else {
        fail!("no bound access token came")
    };
    let call = Call::get(&bench.provider().endpoint("userinfo_endpoint")?);
    let answer = bench
        .bound_call(&key, call.clone(), token, changes.clone())
        .await?;
    if !bench.learn_nonce(&answer) {
        return Ok(answer.status);
    }
    Ok(bench
        .bound_call(&key, call, token, changes.clone())
        .await?
        .status)
}

fn accepted(bench: &mut Bench, changes: fn(i64) -> Value) -> Running<'_> {
    Box::pin(async move {
        let flow = bench.usual_flow().await?;
        let status = resource(bench, &flow, &changes(clock::now())).await?;
        must!(status == 200, "userinfo answered {status} to the proof");
        Ok(())
    })
}

async fn mismatch_at_par(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let stranger = Key::make("ES256")?;
    let request = bench
        .request(&client)
        .with("dpop_jkt", stranger.thumbprint());
    let url = bench
        .provider()
        .endpoint("pushed_authorization_request_endpoint")?;
    let mut params = request.params;
    params.retain(|(name, _)| name != "client_id");
    let answer = bench.client_call(&client, &url, params).await?;
    check_error(&answer, &["invalid_request", "invalid_dpop_proof"])
}

/// How the code is bound to a key.
#[derive(Clone, Copy)]
enum Bound {
    ByProof,
    ByThumbprint,
}

fn binding(bench: &mut Bench, bound: Bound, is_right: bool) -> Running<'_> {
    Box::pin(async move {
        let client = bench.client().await?;
        let Some(key) = client.dpop.clone() else {
            fail!("the client has no key to be bound to")
        };
        let (request, code) = bound_code(bench, &client, bound).await?;
        let used = if is_right { key } else { Key::make("ES256")? };
        let redeemer = Client {
            dpop: Some(used),
            ..client
        };
        let request = Request {
            client: redeemer.clone(),
            ..request
        };
        let answer = bench.redeem_raw(&request, &code).await?;
        if is_right {
            check_tokens(&redeemer, &answer)?;
            return Ok(());
        }
        check_error(
            &answer,
            &["invalid_grant", "invalid_dpop_proof", "invalid_request"],
        )
    })
}

/// A code bound to the client's key in one of the two ways.
async fn bound_code(bench: &mut Bench, client: &Client, bound: Bound) -> Check<(Request, String)> {
    let thumbprint = client
        .dpop
        .as_ref()
        .map(Key::thumbprint)
        .unwrap_or_default();
    let mut request = bench.request(client);
    let mut pusher = client.clone();
    if matches!(bound, Bound::ByThumbprint) {
        request = request.with("dpop_jkt", thumbprint);
        pusher.dpop = None;
    }
    let url = bench
        .provider()
        .endpoint("pushed_authorization_request_endpoint")?;
    let mut params = request.params.clone();
    params.retain(|(name, _)| name != "client_id");
    let answer = bench.client_call(&pusher, &url, params).await?;
    must!(
        answer.status == 201,
        "the push was answered {}: {}",
        answer.status,
        answer.text()
    );
    let document = answer.json()?;
    let handle = document
        .get("request_uri")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    let call = Call::get(&crate::bench::pushed_url(&endpoint, &client.id, handle));
    let arrival = crate::checks::arrived(
        bench
            .person
            .visit(call, crate::person::Mood::Willing)
            .await?,
    )?;
    bench.check_response(&request, &arrival)?;
    Ok((request, arrival.get("code").unwrap_or_default().to_owned()))
}

async fn holder_of_key(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    let unbound = Client {
        dpop: None,
        ..client
    };
    let url = bench.provider().endpoint("token_endpoint")?;
    let code = arrival.get("code").unwrap_or_default();
    let answer = bench
        .client_call(&unbound, &url, fields(&request, code))
        .await?;
    check_error(
        &answer,
        &[
            "invalid_request",
            "invalid_grant",
            "invalid_dpop_proof",
            "use_dpop_nonce",
        ],
    )
}

async fn negative(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    must!(
        resource(bench, &flow, &json!({})).await? == 200,
        "the good proof is refused"
    );
    let now = clock::now();
    let bad_claims = [
        ("another method", json!({"htm": "POST"})),
        ("no method", json!({"htm": null})),
        (
            "another address",
            json!({"htu": "https://other.example/userinfo"}),
        ),
        ("no address", json!({"htu": null})),
        ("another token's hash", json!({"ath": keys::random(32)})),
        ("no token hash", json!({"ath": null})),
        ("an hour old", json!({"iat": now - 3_600})),
        ("an hour ahead", json!({"iat": now + 3_600})),
        ("no iat", json!({"iat": null})),
        ("no jti", json!({"jti": null})),
    ];
    let mut wrong = Vec::new();
    for (what, changes) in bad_claims {
        let status = resource(bench, &flow, &changes).await?;
        if status != 401 && status != 400 {
            wrong.push(format!("{what}: {status}"));
        }
    }
    wrong.extend(bad_headers(bench, &flow).await?);
    must!(
        wrong.is_empty(),
        "proofs that should be refused: {}",
        wrong.join("; ")
    );
    Ok(())
}

/// Proofs whose header or form is wrong, one by one; those that were not refused.
async fn bad_headers(bench: &mut Bench, flow: &Flow) -> Check<Vec<String>> {
    let (Some(key), Some(token)) = (flow.client.dpop.clone(), flow.access_token()) else {
        fail!("no bound access token came")
    };
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let good = bench.proof(
        &key,
        "GET",
        &url,
        json!({"ath": keys::sha256(token.as_bytes())}),
    )?;
    let claims = crate::tokens::parse(&good)?.claims;
    let fresh = |extra: Value| {
        let mut claims = claims.clone();
        keys::merge(&mut claims, json!({"jti": keys::random(16)}));
        keys::merge(&mut claims, extra);
        claims
    };
    let jwk = key.thumbprint_members();
    let stranger = Key::make("ES256")?;
    let header = |typ: Value, jwk: &Value| json!({"typ": typ, "jwk": jwk, "kid": null});
    let proof = json!("dpop+jwt");
    let proofs = [
        (
            "typ JWT",
            key.sign(header(json!("JWT"), &jwk), &fresh(json!({})))?,
        ),
        (
            "no typ",
            key.sign(header(Value::Null, &jwk), &fresh(json!({})))?,
        ),
        (
            "no jwk",
            key.sign(header(proof.clone(), &Value::Null), &fresh(json!({})))?,
        ),
        (
            "another key",
            stranger.sign(
                header(proof.clone(), &stranger.thumbprint_members()),
                &fresh(json!({})),
            )?,
        ),
        (
            "signed by another key",
            stranger.sign(header(proof, &jwk), &fresh(json!({})))?,
        ),
        ("alg none", keys::unsigned(&fresh(json!({})))),
        ("no JWT", "not-a-proof".to_owned()),
    ];
    let mut wrong = Vec::new();
    for (what, proof) in proofs {
        let status = with_proofs(bench, &url, token, &[&proof]).await?;
        if status != 401 && status != 400 {
            wrong.push(format!("{what}: {status}"));
        }
    }
    wrong.extend(replays(bench, &url, token, &key).await?);
    Ok(wrong)
}

/// A proof used twice, two proofs at once, none, and the token as a plain bearer token.
async fn replays(bench: &mut Bench, url: &Url, token: &str, key: &Key) -> Check<Vec<String>> {
    let ath = json!({"ath": keys::sha256(token.as_bytes())});
    let (one, two) = (
        bench.proof(key, "GET", url, ath.clone())?,
        bench.proof(key, "GET", url, ath)?,
    );
    let mut wrong = Vec::new();
    with_proofs(bench, url, token, &[&one]).await?;
    if with_proofs(bench, url, token, &[&one]).await? == 200 {
        wrong.push("the same proof twice: 200".to_owned());
    }
    if with_proofs(bench, url, token, &[&two, &one]).await? == 200 {
        wrong.push("two proofs at once: 200".to_owned());
    }
    if with_proofs(bench, url, token, &[]).await? == 200 {
        wrong.push("no proof: 200".to_owned());
    }
    let answer = bench.wire.send(Call::get(url).bearer(token)).await?;
    if answer.status == 200 {
        wrong.push("the bound token as a bearer token: 200".to_owned());
    }
    let stranger = Key::make("ES256")?;
    let other = dpop_proof(
        &stranger,
        "GET",
        url,
        json!({"ath": keys::sha256(token.as_bytes())}),
    )?;
    if with_proofs(bench, url, token, &[&other]).await? == 200 {
        wrong.push("a stranger's proof: 200".to_owned());
    }
    Ok(wrong)
}

async fn with_proofs(bench: &mut Bench, url: &Url, token: &str, proofs: &[&str]) -> Check<u16> {
    let mut call = Call::get(url).header("authorization", format!("DPoP {token}"));
    for proof in proofs {
        call = call.header("dpop", *proof);
    }
    let answer = bench.wire.send(call).await?;
    Ok(answer.status)
}
