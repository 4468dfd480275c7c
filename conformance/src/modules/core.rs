//! The happy flow and what must not disturb it.

use serde_json::json;

use crate::bench::Bench;
use crate::checks::check_error;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::stop::{Check, fail, must, skip};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-server",
        "BIHD",
        "OIDC Core §3.1, §3.2, §3.3",
        "The whole flow, twice with two clients; the second is not given the first one's things",
        server
    ),
    module!(
        "oidcc-server-client-secret-post",
        "BH",
        "OIDC Core §9",
        "The whole flow with client_secret_post",
        server
    ),
    module!(
        "oidcc-idtoken-signature",
        "BIH",
        "OIDC Core §3.1.3.7",
        "With no algorithm asked for, the ID token is RS256 and its kid is in the key set",
        idtoken_signature
    ),
    module!(
        "oidcc-idtoken-rs256",
        "D",
        "OIDC Registration §2",
        "A client that registers RS256 gets RS256",
        idtoken_rs256
    ),
    module!(
        "oidcc-idtoken-unsigned",
        "BD",
        "OIDC Core §2",
        "A client that registers alg none gets an unsigned ID token at the token endpoint",
        idtoken_unsigned
    ),
    module!(
        "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        "BH",
        "OIDC Core §3.1.2.1",
        "The code flow works without nonce",
        without_nonce_succeeds
    ),
    module!(
        "oidcc-ensure-request-without-nonce-fails",
        "IH",
        "OIDC Core §3.2.2.1, §3.3.2.11",
        "An ID token from the front channel is refused without nonce",
        without_nonce_fails
    ),
    module!(
        "oidcc-alternate-happy-flow",
        "BIH",
        "OIDC Core §3.1.2.1",
        "Scopes and parameters in another order change nothing",
        alternate
    ),
    module!(
        "oidcc-ensure-post-request-succeeds",
        "B",
        "OIDC Core §3.1.2.1",
        "The authorization request works as a POST",
        post_request
    ),
    module!(
        "oidcc-ensure-request-with-valid-pkce-succeeds",
        "BH",
        "RFC 7636 §4",
        "PKCE with S256 works",
        valid_pkce
    ),
    module!(
        "oidcc-ensure-request-with-unknown-parameter-succeeds",
        "BIH",
        "OIDC Core §3.1.2.1",
        "An undefined parameter is ignored",
        unknown_parameter
    ),
    module!(
        "oidcc-response-type-missing",
        "BIH",
        "RFC 6749 §3.1.1, §4.1.2.1",
        "No response_type: an error at the client, or an error page",
        response_type_missing
    ),
];

async fn server(bench: &mut Bench) -> Check {
    let first = bench.usual_flow().await?;
    if bench.variant.has_access_token() {
        bench.userinfo(&first).await?;
    }
    let client = match bench.second_client().await {
        Err(crate::stop::Stop::Skip(why)) => {
            bench.note(format!("not tried with a second client: {why}"));
            return Ok(());
        }
        other => other?,
    };
    let request = bench.request(&client);
    let second = bench.flow(&request).await?;
    must!(
        first.id_token() != second.id_token(),
        "two clients were given the same ID token"
    );
    must!(
        first.access_token() != second.access_token() || first.access_token().is_none(),
        "two clients were given the same access token"
    );
    if bench.variant.has_access_token() {
        bench.userinfo(&second).await?;
    }
    Ok(())
}

async fn idtoken_signature(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    let header = &flow.id()?.header;
    must!(
        header.get("alg") == Some(&json!("RS256")),
        "alg is {:?}",
        header.get("alg")
    );
    let keys = bench.provider().keys(&bench.wire).await?;
    let count = keys
        .get("keys")
        .and_then(|keys| keys.as_array())
        .map_or(0, Vec::len);
    must!(
        header.get("kid").is_some() || count == 1,
        "no kid, and {count} keys are published"
    );
    Ok(())
}

async fn idtoken_rs256(bench: &mut Bench) -> Check {
    let extra = json!({"id_token_signed_response_alg": "RS256"});
    let client = bench.client_with(extra, 0).await?;
    let request = bench.request(&client);
    bench.flow(&request).await?;
    Ok(())
}

async fn idtoken_unsigned(bench: &mut Bench) -> Check {
    if !bench
        .provider()
        .lists("id_token_signing_alg_values_supported", "none")
    {
        skip!("alg none is not in id_token_signing_alg_values_supported")
    }
    let client = bench
        .new_client(json!({"id_token_signed_response_alg": "none"}))
        .await?;
    let request = bench.request(&client);
    bench.flow(&request).await?;
    Ok(())
}

async fn without_nonce_succeeds(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("nonce");
    bench.flow(&request).await?;
    Ok(())
}

async fn without_nonce_fails(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("nonce");
    bench
        .expect_error(&request, &["invalid_request"], Mood::Willing)
        .await?;
    Ok(())
}

async fn alternate(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let mut request = bench.request(&client).with("scope", "email openid");
    request.params.reverse();
    bench.flow(&request).await?;
    Ok(())
}

async fn post_request(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).posted();
    bench.flow(&request).await?;
    // Once more with a session: the browser sends no Lax cookie with a POST from another site.
    let again = bench.request(&client).posted();
    let flow = bench.flow(&again).await?;
    if flow.arrival.passwords > 0 {
        bench.warn("a POST request does not find the session that is there");
    }
    Ok(())
}

async fn valid_pkce(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).with_pkce();
    bench.flow(&request).await?;
    let request = bench.request(&client).with_pkce();
    let arrival = bench.authorize(&request).await?;
    let wrong = crate::request::Request {
        verifier: Some(crate::keys::random(32)),
        ..request
    };
    let answer = bench
        .redeem_raw(&wrong, arrival.get("code").unwrap_or_default())
        .await?;
    check_error(&answer, &["invalid_grant"])
}

async fn unknown_parameter(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).with("extra", "foobar");
    bench.flow(&request).await?;
    Ok(())
}

async fn response_type_missing(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("response_type");
    let call = bench.start(&request).await?;
    match bench.person.visit(call, Mood::Willing).await? {
        Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "a page with {}",
                page.answer.status
            );
        }
        Landing::Arrived(arrival) => {
            let error = arrival.get("error").unwrap_or_default();
            must!(
                ["unsupported_response_type", "invalid_request"].contains(&error),
                "error is '{error}'"
            );
            if arrival.get("state") != request.get("state") {
                fail!("state is {:?} with the error", arrival.get("state"))
            }
        }
    }
    Ok(())
}
