//! Request objects, by value and by address: taken right, or refused by name, but never ignored.

use serde_json::json;

use crate::bench::Bench;
use crate::client::Client;
use crate::keys::{self, Key};
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Stop, fail, must, skip};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        "BIH",
        "OIDC Core §6.1, §3.1.2.6",
        "An unsigned request object by value is honoured, or refused with request_not_supported",
        by_value
    ),
    module!(
        "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        "BIH",
        "OIDC Core §6.2, §3.1.2.6",
        "An unsigned request_uri is honoured, or refused with request_uri_not_supported; never ignored",
        by_address
    ),
    module!(
        "oidcc-ensure-request-object-with-redirect-uri",
        "BIHD",
        "OIDC Core §6.1",
        "redirect_uri inside the request object wins over the one outside, or an error page",
        redirect_inside
    ),
    module!(
        "oidcc-request-uri-unsigned",
        "D",
        "OIDC Core §6.2, §15.2",
        "request_uri to an unsigned object works",
        |bench| dynamic(bench, "none")
    ),
    module!(
        "oidcc-request-uri-signed-rs256",
        "D",
        "OIDC Core §6.2, §15.2",
        "request_uri to an RS256 object works",
        |bench| dynamic(bench, "RS256")
    ),
];

/// Splits a request: the nonce goes into the object, everything needed to find the client stays outside too.
fn split(request: &Request) -> (Vec<(String, String)>, Request) {
    (
        request.params.clone(),
        request.clone().with("nonce", keys::random(16)),
    )
}

/// Goes through; the inner nonce must come back, or an error of these.
async fn honoured_or(
    bench: &mut Bench,
    request: &Request,
    outside: &Request,
    codes: &[&str],
) -> Check {
    let call = bench.start(outside).await?;
    match bench.person.visit(call, Mood::Willing).await? {
        Landing::Arrived(arrival) if arrival.get("error").is_some() => {
            bench.check_error_arrival(request, &arrival, codes)
        }
        Landing::Arrived(arrival) => {
            bench.check_response(request, &arrival)?;
            bench.finish(request, *arrival).await?;
            Ok(())
        }
        Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "neither an answer nor an error: {}",
                crate::checks::describe(&page)
            );
            bench.warn("refused with a page, not with an error at the client");
            Ok(())
        }
    }
}

async fn by_value(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let (inside, outside) = split(&request);
    let object = keys::unsigned(&client.request_claims(&inside, bench.issuer(), json!({})));
    let outside = outside.with("request", object);
    let algs = bench
        .provider()
        .list("request_object_signing_alg_values_supported");
    let takes_unsigned = bench.provider().flag("request_parameter_supported", false)
        && (algs.is_empty() || algs.iter().any(|alg| alg == "none"));
    if takes_unsigned {
        honoured_or(bench, &request, &outside, &[]).await
    } else {
        let codes = ["request_not_supported", "invalid_request_object"];
        honoured_or(bench, &request, &outside, &codes).await
    }
}

async fn by_address(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let (inside, outside) = split(&request);
    let object = keys::unsigned(&client.request_claims(&inside, bench.issuer(), json!({})));
    let path = format!("/request/{}.jwt", keys::random(9));
    let address = bench
        .suite
        .endpoints
        .publish(&path, "application/oauth-authz-req+jwt", object);
    let outside = outside.with("request_uri", address);
    let codes = [
        "request_uri_not_supported",
        "invalid_request_uri",
        "invalid_request_object",
    ];
    honoured_or(bench, &request, &outside, &codes).await
}

async fn redirect_inside(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let object = if client.metadata.contains_key("jwks") || client.metadata.contains_key("jwks_uri")
    {
        client.request_object(&request.params, bench.issuer(), json!({}))?
    } else {
        keys::unsigned(&client.request_claims(&request.params, bench.issuer(), json!({})))
    };
    let stray = format!("{}/{}", client.redirect_uri(), keys::random(6));
    let outside = request
        .clone()
        .with("redirect_uri", stray)
        .with("request", object);
    let call = bench.start(&outside).await?;
    match bench.person.visit(call, Mood::Willing).await? {
        Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "a page with {}",
                page.answer.status
            );
            Ok(())
        }
        Landing::Arrived(arrival) if arrival.get("error").is_some() => {
            bench.check_delivery(&request, &arrival)
        }
        Landing::Arrived(arrival) => bench.check_response(&request, &arrival),
    }
}

fn dynamic<'a>(bench: &'a mut Bench, alg: &'static str) -> crate::stop::Running<'a> {
    Box::pin(async move {
        must!(
            bench
                .provider()
                .flag("request_uri_parameter_supported", true),
            "request_uri_parameter_supported is false, and dynamic providers must support it (OIDC Core §15.2)"
        );
        let algs = bench
            .provider()
            .list("request_object_signing_alg_values_supported");
        if !algs.is_empty() && !algs.iter().any(|offered| offered == alg) {
            skip!("{alg} is not in request_object_signing_alg_values_supported")
        }
        let path = format!("/request/{}.jwt", keys::random(9));
        let address = bench.suite.endpoints.at(&path);
        let client = client_for(bench, alg, &address).await?;
        let request = bench.request(&client);
        let object = if alg == "none" {
            keys::unsigned(&client.request_claims(&request.params, bench.issuer(), json!({})))
        } else {
            client.request_object(&request.params, bench.issuer(), json!({}))?
        };
        bench
            .suite
            .endpoints
            .publish(&path, "application/oauth-authz-req+jwt", object);
        let mut outside = Request::new(client.clone()).with("request_uri", address);
        for name in ["client_id", "response_type", "scope"] {
            outside = outside.with(name, request.get(name).unwrap_or_default());
        }
        let call = bench.start(&outside).await?;
        let arrival = crate::checks::arrived(bench.person.visit(call, Mood::Willing).await?)?;
        bench.check_response(&request, &arrival)?;
        bench.finish(&request, arrival).await?;
        Ok(())
    })
}

async fn client_for(bench: &mut Bench, alg: &'static str, address: &str) -> Check<Client> {
    let made = bench
        .new_client(json!({"request_object_signing_alg": alg, "request_uris": [address]}))
        .await;
    match made {
        Err(Stop::Fail(why)) if !bench.suite.endpoints.is_https() => {
            skip!("the provider does not take our request_uri, which is http in this run: {why}")
        }
        Ok(client) if alg == "RS256" => {
            let key = if client.key.alg == "RS256" {
                client.key.clone()
            } else {
                Key::make("RS256")?
            };
            if key.kid != client.key.kid {
                fail!("the client's key is {}, not RS256", client.key.alg)
            }
            Ok(client)
        }
        other => other,
    }
}
