//! Faults of the token and userinfo endpoints, of ID tokens and of the key set.

use serde_json::{Value, json};

use super::message::{Asked, Given, Memory, client_of, get, set};
use crate::clock;
use crate::keys;
use crate::tokens;

/// Changes the claims and the header of the ID token in a token answer, and signs it again by the proxy's key.
fn resign(
    memory: &Memory,
    asked: &Asked,
    given: &mut Given,
    change: impl FnOnce(&mut Value, &mut Value),
) {
    if !memory.is(asked, "token_endpoint") {
        return;
    }
    given.change_json(|document| {
        let token = document
            .get("id_token")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let Ok(jwt) = tokens::parse(token) else {
            return;
        };
        let (mut claims, mut header) = (jwt.claims, json!({}));
        change(&mut claims, &mut header);
        if let (Ok(token), Some(members)) =
            (memory.key.sign(header, &claims), document.as_object_mut())
        {
            members.insert("id_token".into(), json!(token));
        }
    });
}

fn claims(memory: &Memory, asked: &Asked, given: &mut Given, changes: Value) {
    resign(memory, asked, given, |claims, _| {
        keys::merge(claims, changes);
    });
}

/// Writes faults that change claims to fixed values.
macro_rules! claim_faults {
    ($($name:ident: $changes:expr;)+) => {
        $(pub fn $name(memory: &mut Memory, asked: &Asked, given: &mut Given) {
            claims(memory, asked, given, $changes);
        })+
    };
}

claim_faults! {
    nonce_dropped: json!({"nonce": null});
    nonce_changed: json!({"nonce": keys::random(16)});
    nonce_invented: json!({"nonce": keys::random(16)});
    aud_wrong: json!({"aud": "another-client"});
    azp_wrong: json!({"azp": "another-client"});
    iss_wrong: json!({"iss": "https://other.example"});
    sub_missing: json!({"sub": null});
    exp_missing: json!({"exp": null});
    iat_missing: json!({"iat": null});
    expired: json!({"exp": clock::now() - 3_600, "iat": clock::now() - 3_700});
    exp_text: json!({"exp": (clock::now() + 300).to_string()});
    at_hash_wrong: json!({"at_hash": tokens::half_hash("another token", "RS256")});
    auth_time_missing: json!({"auth_time": null});
    auth_time_stands: json!({"auth_time": 1_700_000_000});
}

pub fn aud_more(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    resign(memory, asked, given, |claims, _| {
        let own = claims.get("aud").cloned().unwrap_or_default();
        keys::merge(claims, json!({"aud": [own, "another-client"]}));
    });
}

pub fn kid_unknown(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    resign(memory, asked, given, |_, header| {
        keys::merge(header, json!({"kid": "nobody"}));
    });
}

pub fn key_in_token(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    let key = memory.key.thumbprint_members();
    resign(memory, asked, given, |_, header| {
        keys::merge(header, json!({"jwk": key}));
    });
}

pub fn key_unpublished(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    resign(memory, asked, given, |_, _| {});
}

/// Changes the text of the ID token.
fn rewrite(memory: &Memory, asked: &Asked, given: &mut Given, change: impl FnOnce(&str) -> String) {
    if memory.is(asked, "token_endpoint") {
        given.change_json(|document| {
            let token = document
                .get("id_token")
                .and_then(Value::as_str)
                .map(str::to_owned);
            if let (Some(token), Some(members)) = (token, document.as_object_mut()) {
                members.insert("id_token".into(), json!(change(&token)));
            }
        });
    }
}

pub fn unsigned(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    rewrite(memory, asked, given, |token| {
        tokens::parse(token)
            .map(|jwt| keys::unsigned(&jwt.claims))
            .unwrap_or_default()
    });
}

pub fn signature_broken(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    rewrite(memory, asked, given, |token| {
        let (message, signature) = token.rsplit_once('.').unwrap_or((token, ""));
        let first = if signature.starts_with('A') { "B" } else { "A" };
        format!(
            "{message}.{first}{}",
            signature.get(1..).unwrap_or_default()
        )
    });
}

pub fn private_key_published(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "jwks_uri") {
        given.change_json(|set| {
            let first = set.get_mut("keys").and_then(|keys| keys.get_mut(0));
            if let Some(key) = first {
                keys::merge(key, json!({"d": "AQAB"}));
            }
        });
    }
}

pub fn metadata_without_rs256(_: &mut Memory, asked: &Asked, given: &mut Given) {
    if asked
        .url
        .path()
        .ends_with("/.well-known/openid-configuration")
    {
        let lists = json!({"id_token_signing_alg_values_supported": ["ES256"]});
        given.change_json(|document| keys::merge(document, lists));
    }
}

fn change(memory: &Memory, asked: &Asked, given: &mut Given, changes: Value) {
    if memory.is(asked, "token_endpoint") && given.status == 200 {
        given.change_json(|document| keys::merge(document, changes));
    }
}

pub fn token_stored(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "token_endpoint") {
        set(&mut given.headers, "cache-control", None);
    }
}

pub fn token_type_missing(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    change(memory, asked, given, json!({"token_type": null}));
}

pub fn token_type_wrong(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    change(memory, asked, given, json!({"token_type": "mac"}));
}

pub fn id_token_missing(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    change(memory, asked, given, json!({"id_token": null}));
}

pub fn error_code_wrong(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "token_endpoint") && given.status >= 400 {
        given.change_json(|document| keys::merge(document, json!({"error": "server_error"})));
    }
}

pub fn error_with_200(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "token_endpoint") && given.status >= 400 {
        given.status = 200;
    }
}

pub fn error_as_page(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "token_endpoint") && given.status >= 400 {
        *given = Given::page(given.status, "error");
    }
}

/// What was redeemed once is answered again with the same tokens.
pub fn works_twice(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if !memory.is(asked, "token_endpoint") {
        return None;
    }
    let form = asked.form();
    let used = get(&form, "code").or_else(|| get(&form, "refresh_token"))?;
    memory.spent.get(used).cloned()
}

/// So does whatever the provider refused meanwhile.
pub fn raced(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "token_endpoint") && given.status >= 400 {
        let form = asked.form();
        let spent = get(&form, "code").and_then(|code| memory.spent.get(code));
        if let Some(first) = spent {
            *given = first.clone();
        }
    }
}

/// The credentials of whoever owns the code or refresh token are put in the place of those sent.
pub fn for_anyone(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") {
        let form = asked.form();
        let used = get(&form, "code").or_else(|| get(&form, "refresh_token"))?;
        let owner = memory.owners.get(used)?.clone();
        memory.authenticate(asked, &owner);
    }
    None
}

pub fn secret_unchecked(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") {
        let client = client_of(asked)?;
        memory.authenticate(asked, &client);
    }
    None
}

pub fn secret_in_query(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") {
        let query = asked.query();
        let client = get(&query, "client_id")?.to_owned();
        asked.set_query(&Vec::new());
        memory.authenticate(asked, &client);
    }
    None
}

pub fn two_methods(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") && asked.header("authorization").is_some() {
        let mut form = asked.form();
        set(&mut form, "client_id", None);
        set(&mut form, "client_secret", None);
        asked.set_form(&form);
    }
    None
}

pub fn parameters_doubled(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") {
        let mut first: Vec<(String, String)> = Vec::new();
        for (name, value) in asked.form() {
            if get(&first, &name).is_none() {
                first.push((name, value));
            }
        }
        asked.set_form(&first);
    }
    None
}

pub fn token_by_get(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "token_endpoint") && asked.method == "GET" {
        asked.set_form(&asked.query());
        asked.set_query(&Vec::new());
        asked.method = "POST".into();
        set(
            &mut asked.headers,
            "content-type",
            Some("application/x-www-form-urlencoded"),
        );
    }
    None
}

pub fn userinfo_other_sub(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "userinfo_endpoint") {
        given.change_json(|document| keys::merge(document, json!({"sub": "somebody-else"})));
    }
}

pub fn userinfo_wrong_type(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "userinfo_endpoint") {
        given.change_json(|document| keys::merge(document, json!({"email_verified": "true"})));
    }
}

pub fn userinfo_any_token(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "userinfo_endpoint") {
        let right = format!("Bearer {}", memory.access_token);
        set(&mut asked.headers, "authorization", Some(&right));
    }
    None
}

pub fn userinfo_token_in_query(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if memory.is(asked, "userinfo_endpoint") {
        let query = asked.query();
        let token = format!("Bearer {}", get(&query, "access_token")?);
        asked.set_query(&Vec::new());
        set(&mut asked.headers, "authorization", Some(&token));
    }
    None
}
