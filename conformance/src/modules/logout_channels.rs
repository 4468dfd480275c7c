//! Front-channel and back-channel logout.

use serde_json::{Value, json};
use url::Url;

use super::logout::{came_back, session_is_gone, sign_out, signed_in};
use crate::bench::Bench;
use crate::clock;
use crate::flow::Flow;
use crate::keys;
use crate::plan::{Module, module};
use crate::stop::{Check, fail, must};
use crate::tokens;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-frontchannel-rp-initiated-logout",
        "F",
        "OIDC Front-Channel Logout §2",
        "Logout loads frontchannel_logout_uri with iss and sid; then back at the client; prompt=none fails",
        front_channel
    ),
    module!(
        "oidcc-backchannel-rp-initiated-logout",
        "K",
        "OIDC Back-Channel Logout §2.4, §2.5",
        "Logout posts a valid logout token (sid as in the ID token); then back at the client; prompt=none fails",
        back_channel
    ),
];

/// Event that a logout token speaks of.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Signs in at a client with this metadata; gives the flow, the way back, and our path that is told about logouts.
async fn with_receiver(bench: &mut Bench, name: &str) -> Check<(Flow, String, String)> {
    let path = format!("/logout/{}", keys::random(9));
    let address = bench.suite.endpoints.at(&path);
    let required = format!("{}_session_required", name.trim_end_matches("_uri"));
    let (flow, back) = signed_in(bench, json!({name: address, required: true})).await?;
    // A client of the configuration has an address of its own at our endpoints.
    let told = flow.client.text(name).unwrap_or(&address).to_owned();
    let path = Url::parse(&told)?.path().to_owned();
    Ok((flow, back, path))
}

async fn leave(bench: &mut Bench, flow: &Flow, back: &str) -> Check {
    let state = keys::random(12);
    let params = [
        ("id_token_hint", flow.id_token()),
        ("post_logout_redirect_uri", back),
        ("state", state.as_str()),
    ];
    let landing = sign_out(bench, &params).await?;
    came_back(landing, back, Some(&state))
}

async fn front_channel(bench: &mut Bench) -> Check {
    let (flow, back, path) = with_receiver(bench, "frontchannel_logout_uri").await?;
    let sid = flow.id()?.text("sid").map(str::to_owned);
    let Some(sid) = sid else {
        fail!("the ID token has no sid")
    };
    leave(bench, &flow, &back).await?;
    let loaded = bench.suite.endpoints.received(&path);
    let with_sid = loaded.iter().find(|item| {
        let query = item.target.split_once('?').map_or("", |(_, query)| query);
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let has = |name: &str, value: &str| pairs.iter().any(|(n, v)| n == name && v == value);
        has("iss", bench.issuer()) && has("sid", &sid)
    });
    must!(
        with_sid.is_some(),
        "frontchannel_logout_uri was loaded {} times, never with iss and this sid",
        loaded.len()
    );
    session_is_gone(bench, &flow).await
}

async fn back_channel(bench: &mut Bench) -> Check {
    let (flow, back, path) = with_receiver(bench, "backchannel_logout_uri").await?;
    let Some(sid) = flow.id()?.text("sid").map(str::to_owned) else {
        fail!("the ID token has no sid")
    };
    let begun = clock::milliseconds();
    leave(bench, &flow, &back).await?;
    let mut found = None;
    for _ in 0..200 {
        found = token_for(bench, &path, &sid)?;
        if found.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let Some(token) = found else {
        fail!("no logout token with this sid within 10 s")
    };
    bench.note(format!(
        "the logout token came {:.0} ms after the logout began",
        clock::milliseconds() - begun
    ));
    check_logout_token(bench, &token, &flow).await?;
    session_is_gone(bench, &flow).await
}

/// The logout token for a session among what came.
fn token_for(bench: &Bench, path: &str, sid: &str) -> Check<Option<String>> {
    for item in bench.suite.endpoints.received(path) {
        must!(
            item.method == "POST",
            "the logout token came by {}",
            item.method
        );
        let mut pairs = url::form_urlencoded::parse(&item.body);
        let Some((_, token)) = pairs.find(|(name, _)| name == "logout_token") else {
            fail!("a POST to backchannel_logout_uri without logout_token")
        };
        if tokens::parse(&token)?.text("sid") == Some(sid) {
            return Ok(Some(token.into_owned()));
        }
    }
    Ok(None)
}

async fn check_logout_token(bench: &mut Bench, token: &str, flow: &Flow) -> Check {
    let jwt = tokens::parse(token)?;
    let keys = bench.provider().keys(&bench.wire).await?;
    tokens::check_signature(&jwt, &keys, flow.client.id_token_alg())?;
    if jwt.header.get("typ") != Some(&json!("logout+jwt")) {
        bench.warn(format!(
            "typ is {:?}, recommended is logout+jwt",
            jwt.header.get("typ")
        ));
    }
    must!(
        jwt.text("iss") == Some(bench.issuer()),
        "iss is {:?}",
        jwt.claims.get("iss")
    );
    let audience = jwt.claims.get("aud").cloned().unwrap_or_default();
    let id = json!(flow.client.id);
    must!(
        audience == id || audience == json!([id]),
        "aud is {audience}"
    );
    must!(
        jwt.claims.get("nonce").is_none(),
        "a logout token has a nonce"
    );
    must!(
        jwt.text("jti").is_some_and(|jti| !jti.is_empty()),
        "jti is missing"
    );
    let now = clock::now();
    must!(
        jwt.number("iat").is_some_and(|iat| (iat - now).abs() < 120),
        "iat is missing, or far off"
    );
    match jwt.number("exp") {
        Some(exp) => must!(
            exp > now && exp <= now + 600,
            "exp is {} s from now",
            exp - now
        ),
        None => bench.warn("exp is missing (required since errata set 1)"),
    }
    let event = jwt
        .claims
        .get("events")
        .and_then(|events| events.get(EVENT));
    must!(
        event.is_some_and(Value::is_object),
        "events is {:?}",
        jwt.claims.get("events")
    );
    must!(
        jwt.claims
            .get("sub")
            .is_none_or(|sub| *sub == json!(flow.id().map(tokens::Jwt::sub).unwrap_or_default())),
        "sub is not the ID token's"
    );
    Ok(())
}
