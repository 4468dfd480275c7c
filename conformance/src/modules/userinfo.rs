//! The userinfo endpoint.

use serde_json::{Value, json};

use crate::bench::{Bench, owned};
use crate::plan::{Module, module};
use crate::stop::{Check, Stop, fail, must, skip};
use crate::tokens;
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-userinfo-get",
        "BIH",
        "OIDC Core §5.3.1",
        "Userinfo by GET with a bearer header; sub as in the ID token",
        get
    ),
    module!(
        "oidcc-userinfo-post-header",
        "BIH",
        "OIDC Core §5.3.1",
        "Userinfo by POST with a bearer header",
        post_header
    ),
    module!(
        "oidcc-userinfo-post-body",
        "BIH",
        "RFC 6750 §2.2",
        "Userinfo by POST with the token in the body (refusing is a warning)",
        post_body
    ),
    module!(
        "oidcc-userinfo-rs256",
        "D",
        "OIDC Core §5.3.2",
        "A client that registers a signed userinfo gets an RS256 JWT with right iss and aud",
        rs256
    ),
];

async fn get(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    bench.userinfo(&flow).await?;
    Ok(())
}

async fn post_header(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let call = Call {
        method: http::Method::POST,
        ..Call::get(&url)
    };
    bench.userinfo_by(&flow, call).await?;
    Ok(())
}

async fn post_body(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    let url = bench.provider().endpoint("userinfo_endpoint")?;
    let Some(token) = flow.access_token() else {
        skip!("no access token comes")
    };
    let answer = bench
        .wire
        .send(Call::form(&url, &owned(&[("access_token", token)])))
        .await?;
    match crate::checks::check_userinfo(&answer, flow.id()?.sub()) {
        Ok(_) => Ok(()),
        Err(Stop::Fail(why)) if (400..500).contains(&answer.status) => {
            bench.warn(format!(
                "the token in the body is refused, as RFC 6750 §2.2 allows: {why}"
            ));
            Ok(())
        }
        Err(stop) => Err(stop),
    }
}

async fn rs256(bench: &mut Bench) -> Check {
    let offered = bench
        .provider()
        .list("userinfo_signing_alg_values_supported");
    if !offered.iter().any(|alg| alg == "RS256") {
        skip!("RS256 is not in userinfo_signing_alg_values_supported")
    }
    let client = bench
        .client_with(json!({"userinfo_signed_response_alg": "RS256"}), 0)
        .await?;
    let request = bench.request(&client);
    let flow = bench.flow(&request).await?;
    let call = Call::get(&bench.provider().endpoint("userinfo_endpoint")?);
    let Some(token) = flow.access_token() else {
        fail!("no access token came")
    };
    let answer = bench.resource_call(&client, call, token).await?;
    must!(answer.status == 200, "userinfo answered {}", answer.status);
    must!(
        answer.media_type() == "application/jwt",
        "userinfo came as '{}'",
        answer.media_type()
    );
    let jwt = tokens::parse(answer.text().trim())?;
    let keys = bench.provider().keys(&bench.wire).await?;
    tokens::check_signature(&jwt, &keys, "RS256")?;
    must!(
        jwt.text("iss") == Some(bench.issuer()),
        "iss is {:?}",
        jwt.claims.get("iss")
    );
    let names_client = match jwt.claims.get("aud") {
        Some(Value::String(aud)) => *aud == client.id,
        Some(Value::Array(list)) => list.contains(&Value::from(client.id.as_str())),
        _ => false,
    };
    must!(names_client, "aud is {:?}", jwt.claims.get("aud"));
    must!(
        jwt.sub() == flow.id()?.sub(),
        "sub differs from the ID token's"
    );
    tokens::check_claim_types(&jwt.claims)
}
