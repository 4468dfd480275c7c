//! Refresh tokens.

use serde_json::json;

use crate::bench::{Bench, owned};
use crate::checks::{check_error, check_tokens};
use crate::client::Client;
use crate::flow::{Flow, Tokens};
use crate::keys::Key;
use crate::plan::{Module, module};
use crate::stop::{Check, Stop, must, skip};
use crate::tokens::{self, Expected};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-refresh-token",
        "BHD",
        "RFC 6749 §6, OIDC Core §12",
        "Refresh works, is bound to the client, keeps sub, iss and aud; rotation is sane",
        refresh_token
    ),
    module!(
        "oidcc-refresh-token-rp-key-rotation",
        "D",
        "OIDC Core §10.1.1",
        "A new key in the client's jwks_uri works 60 s later, for a refresh signed with it",
        key_rotation
    ),
];

/// A flow that asks for a refresh token the way OIDC Core §11 says.
pub async fn offline_flow(bench: &mut Bench, client: &Client) -> Check<Flow> {
    let mut request = bench.request(client);
    if bench.provider().lists("scopes_supported", "offline_access") {
        request = request
            .with("scope", "openid offline_access")
            .with("prompt", "consent");
    }
    bench.flow(&request).await
}

/// One refresh, its answer checked: tokens, and an ID token of the same person where one comes.
pub async fn refresh(bench: &mut Bench, flow: &Flow, refresh_token: &str) -> Check<Tokens> {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    let answer = bench.token_call(&flow.client, &fields).await?;
    let tokens = check_tokens(&flow.client, &answer)?;
    if let Some(token) = &tokens.id_token {
        let keys = bench.provider().keys(&bench.wire).await?;
        let before = flow.id()?;
        let issuer = bench.issuer().to_owned();
        let has_nonce = tokens::parse(token)?.claims.get("nonce").is_some();
        let expected = Expected {
            issuer: &issuer,
            client_id: &flow.client.id,
            alg: flow.client.id_token_alg(),
            nonce: if has_nonce {
                before.text("nonce")
            } else {
                None
            },
            access_token: Some(&tokens.access_token),
            ..Expected::default()
        };
        let after = tokens::check_id_token(token, &keys, &expected)?;
        for name in ["sub", "auth_time", "azp"] {
            if before.claims.get(name).is_some() && after.claims.get(name).is_some() {
                must!(
                    before.claims.get(name) == after.claims.get(name),
                    "{name} changed over the refresh (OIDC Core §12.2)"
                );
            }
        }
    }
    Ok(tokens)
}

async fn refresh_token(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    if !client.may_refresh() {
        skip!("the client may not use refresh tokens")
    }
    let flow = offline_flow(bench, &client).await?;
    let token = flow.refresh_token()?.to_owned();
    let renewed = refresh(bench, &flow, &token).await?;
    must!(
        Some(renewed.access_token.as_str()) != flow.access_token(),
        "the refresh gave the old access token again"
    );
    let next = renewed.refresh_token.clone().unwrap_or(token);
    let again = refresh(bench, &flow, &next).await?;
    let last = again.refresh_token.unwrap_or(next);
    match bench.second_client().await {
        Ok(other) => {
            let fields = [
                ("grant_type", "refresh_token"),
                ("refresh_token", last.as_str()),
            ];
            let answer = bench.token_call(&other, &fields).await?;
            check_error(&answer, &["invalid_grant"])
        }
        Err(Stop::Skip(why)) => {
            bench.note(format!("not tried with another client: {why}"));
            Ok(())
        }
        Err(stop) => Err(stop),
    }
}

async fn key_rotation(bench: &mut Bench) -> Check {
    let path = format!("/keys/{}", crate::keys::random(9));
    let mut client = super::registration::client_with_keys_at(bench, &path).await?;
    let flow = offline_flow(bench, &client).await?;
    let token = flow.refresh_token()?.to_owned();
    client.key = Key::make("RS256")?;
    let set = json!({"keys": [client.key.public()]}).to_string();
    bench
        .suite
        .endpoints
        .publish(&path, "application/json", set);
    bench.wait(60).await;
    let url = bench.provider().endpoint("token_endpoint")?;
    let fields = owned(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ]);
    let answer = bench.client_call(&client, &url, fields).await?;
    check_tokens(&client, &answer)?;
    Ok(())
}
