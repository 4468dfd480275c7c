//! FAPI 2.0 Security Profile: authorization requests that must be refused.

use crate::bench::Bench;
use crate::checks::check_error;
use crate::keys;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Running, Stop, fail, must, skip};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "A pushed request without redirect_uri is refused",
        no_redirect_uri
    ),
    module!(
        "fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri",
        "P",
        "RFC 9126 §2.4",
        "An unregistered redirect_uri by PAR: allowed for authenticated clients, or refused",
        unregistered
    ),
    module!(
        "fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "Parameters in the address without PAR: refused",
        without_par
    ),
    module!(
        "fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "No redirect_uri: refused",
        no_redirect_uri
    ),
    module!(
        "fapi2-security-profile-final-ensure-response-type-code-idtoken-fails",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "response_type=code id_token: refused",
        |bench| response_type(bench, "code id_token")
    ),
    module!(
        "fapi2-security-profile-final-ensure-response-type-token-fails",
        "P",
        "FAPI 2.0 §5.3.2.2",
        "response_type=token: refused",
        |bench| response_type(bench, "token")
    ),
    module!(
        "fapi2-security-profile-final-ensure-registered-redirect-uri",
        "P",
        "OBUK, Brazil, ConnectID",
        "Unregistered redirect_uri: refused (profiles other than plain FAPI)",
        elsewhere
    ),
    module!(
        "fapi2-security-profile-final-australia-connectid-ensure-invalid-purpose-fails",
        "P",
        "ConnectID AU",
        "purpose too long",
        elsewhere
    ),
    module!(
        "fapi2-security-profile-final-ensure-server-handles-non-matching-intent-id",
        "P",
        "OBUK",
        "An intent of someone else",
        elsewhere
    ),
    module!(
        "fapi2-security-profile-final-test-essential-acr-sca-claim",
        "P",
        "OBUK",
        "acr for strong customer authentication",
        elsewhere
    ),
    module!(
        "fapi2-security-profile-final-brazil-ensure-bad-payment-signature-fails",
        "P",
        "Open Finance Brazil",
        "A payment's bad signature",
        elsewhere
    ),
    module!(
        "fapi2-security-profile-final-australia-connectid-test-claims-parameter-idtoken-identity-claims",
        "P",
        "ConnectID AU",
        "Identity claims in the ID token",
        elsewhere
    ),
];

async fn refused(bench: &mut Bench, request: &Request, codes: &[&str]) -> Check {
    let answer = bench
        .push_fields(&request.client, request.params.clone())
        .await?;
    check_error(&answer, codes)
}

async fn no_redirect_uri(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("redirect_uri");
    refused(
        bench,
        &request,
        &["invalid_request", "invalid_redirect_uri"],
    )
    .await
}

async fn unregistered(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let stray = format!("{}/{}", client.redirect_uri(), keys::random(6));
    let request = bench.request(&client).with("redirect_uri", stray);
    let answer = bench.push_fields(&client, request.params.clone()).await?;
    if answer.status == 201 {
        bench.note("unregistered redirect URIs of authenticated clients are taken (RFC 9126 §2.4)");
        bench.flow(&request).await?;
        return Ok(());
    }
    check_error(&answer, &["invalid_request", "invalid_redirect_uri"])
}

async fn without_par(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    match bench
        .person
        .visit(request.call(&endpoint), Mood::Willing)
        .await?
    {
        Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "a page with {}",
                page.answer.status
            );
            Ok(())
        }
        Landing::Arrived(arrival) => bench.check_error_arrival(
            &request,
            &arrival,
            &["invalid_request", "invalid_request_uri"],
        ),
    }
}

fn response_type<'a>(bench: &'a mut Bench, value: &'static str) -> Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let request = bench.request(&client).with("response_type", value);
        let codes = [
            "unsupported_response_type",
            "unauthorized_client",
            "invalid_request",
        ];
        let answer = bench.push_fields(&client, request.params.clone()).await?;
        if answer.status != 201 {
            return check_error(&answer, &codes);
        }
        let request = bench.request(&client).with("response_type", value);
        match bench.expect_error(&request, &codes, Mood::Willing).await {
            Ok(_) => Ok(()),
            Err(Stop::Fail(why)) => fail!("{why}"),
            Err(stop) => Err(stop),
        }
    })
}

fn elsewhere(_bench: &mut Bench) -> Running<'_> {
    Box::pin(async { skip!("belongs to another ecosystem's profile, not to plain FAPI 2.0") })
}
