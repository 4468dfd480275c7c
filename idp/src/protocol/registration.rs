//! What a registration must hold to: RFC 7591 §2, OIDC Registration §2, RFC 9700 §2.1, and what this version does not offer.
//! A refusal names the field, what was found and what to do.

mod offered;

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use super::client::{ApplicationType, AuthMethod, Client, GrantType, SubjectType};
use super::registered_uri::{self, Purpose};
use super::{claims, scope, subject};

/// Most addresses in one list.
const MOST_URIS: usize = 50;
/// Longest name, in characters.
const LONGEST_NAME: usize = 200;

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`{}: {advice}", shown(.found))]
pub struct Refused {
    /// The metadata name.
    pub field: &'static str,
    /// What stands there, cut to 120 characters; empty where nothing does.
    pub found: String,
    /// What is wrong and what to do.
    pub advice: String,
}

fn shown(found: &str) -> String {
    if found.is_empty() {
        String::new()
    } else {
        let cut: String = found.chars().take(120).collect();
        format!(" {cut:?}")
    }
}

impl Refused {
    /// A refusal of `found` in `field`.
    pub fn new(field: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            field,
            found: found.into(),
            advice: advice.into(),
        }
    }

    /// The RFC 7591 §3.2.2 error code for this field.
    pub fn error_code(&self) -> &'static str {
        match self.field {
            "redirect_uris" => "invalid_redirect_uri",
            _ => "invalid_client_metadata",
        }
    }
}

/// Checks every rule; the first one broken is the answer.
pub fn check(client: &Client) -> Result<(), Refused> {
    check_identity(client)?;
    check_addresses(client)?;
    check_flow(client)?;
    check_authentication(client)?;
    check_subject(client)?;
    check_release(client)?;
    check_numbers(client)?;
    offered::check(client)
}

fn check_identity(client: &Client) -> Result<(), Refused> {
    let id = client.client_id.as_str();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/@".contains(&byte);
    if id.is_empty() || id.len() > LONGEST_NAME || !id.bytes().all(allowed) {
        return Err(Refused::new(
            "client_id",
            id,
            "write 1 to 200 of the letters a to z, A to Z, digits and - . _ ~ : / @",
        ));
    }
    let name = client.client_name.as_str();
    let readable = !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME;
    if !readable || name.chars().any(char::is_control) {
        return Err(Refused::new(
            "client_name",
            name,
            "write the application's name as people know it, 1 to 200 characters",
        ));
    }
    if client.contacts.len() > 20 {
        return Err(Refused::new("contacts", "", "name at most 20"));
    }
    for contact in &client.contacts {
        if !contact.contains('@') || contact.len() > 254 || contact.chars().any(char::is_whitespace)
        {
            return Err(Refused::new("contacts", contact, "is no e-mail address"));
        }
    }
    Ok(())
}

fn check_addresses(client: &Client) -> Result<(), Refused> {
    let callback = match client.application_type {
        ApplicationType::Native => Purpose::NativeCallback,
        ApplicationType::Web => Purpose::Page,
    };
    let returns = &client.post_logout_redirect_uris;
    list("redirect_uris", &client.redirect_uris, callback)?;
    list("post_logout_redirect_uris", returns, callback)?;
    list("request_uris", &client.request_uris, Purpose::Page)?;
    let pages = [
        ("client_uri", &client.client_uri),
        ("logo_uri", &client.logo_uri),
        ("policy_uri", &client.policy_uri),
        ("tos_uri", &client.tos_uri),
        ("initiate_login_uri", &client.initiate_login_uri),
        ("jwks_uri", &client.jwks_uri),
        ("sector_identifier_uri", &client.sector_identifier_uri),
        ("backchannel_logout_uri", &client.backchannel_logout_uri),
        ("frontchannel_logout_uri", &client.frontchannel_logout_uri),
    ];
    for (field, uri) in pages {
        if let Some(uri) = uri {
            address(field, uri, Purpose::Page)?;
        }
    }
    check_frontchannel(client)
}

/// OIDC Front-Channel Logout §2: its host, port and scheme are those of a redirect URI.
fn check_frontchannel(client: &Client) -> Result<(), Refused> {
    let Some(uri) = &client.frontchannel_logout_uri else {
        return Ok(());
    };
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
    let own = origin(uri);
    if client
        .redirect_uris
        .iter()
        .any(|other| origin(other) == own)
    {
        return Ok(());
    }
    Err(Refused::new(
        "frontchannel_logout_uri",
        uri,
        "must have the scheme, host and port of one of the redirect_uris",
    ))
}

fn list(field: &'static str, uris: &[String], purpose: Purpose) -> Result<(), Refused> {
    if uris.len() > MOST_URIS {
        let found = uris.len().to_string();
        return Err(Refused::new(field, found, "register at most 50 addresses"));
    }
    let mut seen = BTreeSet::new();
    for uri in uris {
        address(field, uri, purpose)?;
        if !seen.insert(uri) {
            return Err(Refused::new(field, uri, "stands there twice; remove one"));
        }
    }
    Ok(())
}

fn address(field: &'static str, uri: &str, purpose: Purpose) -> Result<(), Refused> {
    registered_uri::check(uri, purpose).map_err(|advice| Refused::new(field, uri, advice))
}

fn check_flow(client: &Client) -> Result<(), Refused> {
    let answers = !client.response_types.is_empty();
    if answers && client.redirect_uris.is_empty() {
        return Err(Refused::new(
            "redirect_uris",
            "",
            "is missing; name the address that the application takes its code at, as https://app.example.org/callback",
        ));
    }
    let has_code = client.response_types.iter().any(|kind| kind.has_code());
    if has_code != client.allows_grant(GrantType::AuthorizationCode) {
        return Err(Refused::new(
            "grant_types",
            names(&client.grant_types, GrantType::as_str),
            "must have authorization_code exactly where response_types has code",
        ));
    }
    let has_id_token = client.response_types.iter().any(|kind| kind.has_id_token());
    if has_id_token && !client.allows_grant(GrantType::Implicit) {
        return Err(Refused::new(
            "grant_types",
            names(&client.grant_types, GrantType::as_str),
            "must have implicit where a response type has id_token (OIDC Registration §2)",
        ));
    }
    if client.grant_types.is_empty() {
        return Err(Refused::new("grant_types", "", "name at least one"));
    }
    Ok(())
}

fn names<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> String {
    values
        .iter()
        .map(|value| name(*value))
        .collect::<Vec<_>>()
        .join(", ")
}

fn check_authentication(client: &Client) -> Result<(), Refused> {
    let method = client.token_endpoint_auth_method;
    if client.is_public() && !client.require_pkce {
        return Err(Refused::new(
            "require_pkce",
            "false",
            "a client without a secret always needs PKCE (RFC 9700 §2.1.1); leave this out",
        ));
    }
    if client.is_public() && client.allows_grant(GrantType::ClientCredentials) {
        return Err(Refused::new(
            "grant_types",
            "client_credentials",
            "needs a client that proves itself; token_endpoint_auth_method is none",
        ));
    }
    if client.jwks.is_some() && client.jwks_uri.is_some() {
        return Err(Refused::new(
            "jwks",
            "",
            "give jwks or jwks_uri, not both (RFC 7591 §2)",
        ));
    }
    if method == AuthMethod::PrivateKeyJwt && client.jwks.is_none() && client.jwks_uri.is_none() {
        return Err(Refused::new(
            "jwks",
            "",
            "is missing: private_key_jwt needs the client's public keys, by jwks or jwks_uri",
        ));
    }
    client.jwks.as_ref().map_or(Ok(()), check_key_set)
}

/// RFC 7517 §5, public members only.
fn check_key_set(jwks: &Value) -> Result<(), Refused> {
    let Some(keys) = jwks.get("keys").and_then(Value::as_array) else {
        return Err(Refused::new(
            "jwks",
            "",
            "must be a key set: {\"keys\": [ … ]} (RFC 7517 §5)",
        ));
    };
    if keys.len() > 20 {
        return Err(Refused::new(
            "jwks",
            "",
            "has more than 20 keys; remove old ones",
        ));
    }
    for key in keys {
        let kind = key.get("kty").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "RSA" | "EC" | "OKP") {
            return Err(Refused::new(
                "jwks",
                kind,
                "only kty RSA, EC and OKP are taken",
            ));
        }
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            if key.get(private).is_some() {
                return Err(Refused::new(
                    "jwks",
                    "",
                    "has the private part of a key: send the public part, and replace the key, since others have seen it",
                ));
            }
        }
    }
    Ok(())
}

fn check_subject(client: &Client) -> Result<(), Refused> {
    if client.subject_type == SubjectType::Public || client.redirect_uris.is_empty() {
        return Ok(());
    }
    match subject::sector(client) {
        Some(_) => Ok(()),
        None => Err(Refused::new(
            "sector_identifier_uri",
            "",
            "is missing: the redirect_uris have several hosts, and pairwise subjects need one sector (OIDC Core §8.1)",
        )),
    }
}

fn check_release(client: &Client) -> Result<(), Refused> {
    let mut seen = BTreeSet::new();
    for name in &client.approved_claims {
        if !claims::is_known(name) {
            let known = claims::known().collect::<Vec<_>>().join(", ");
            return Err(Refused::new(
                "approved_claims",
                name,
                format!("is no claim of ours; the claims are {known}"),
            ));
        }
        if !seen.insert(name) {
            return Err(Refused::new(
                "approved_claims",
                name,
                "stands there twice; remove one",
            ));
        }
    }
    let joining = |name: &&String| claims::scope_of(name) == Some(scope::ROSTER_IDS);
    if let Some(name) = client.approved_claims.iter().find(joining)
        && !client.scope.contains(scope::ROSTER_IDS)
    {
        return Err(Refused::new(
            "scope",
            client.scope.to_string(),
            format!("must have roster.ids, since approved_claims has {name}"),
        ));
    }
    check_scope(client)
}

fn check_scope(client: &Client) -> Result<(), Refused> {
    if client.scope.contains(scope::OFFLINE_ACCESS) && !client.allows_grant(GrantType::RefreshToken)
    {
        return Err(Refused::new(
            "grant_types",
            names(&client.grant_types, GrantType::as_str),
            "must have refresh_token where scope has offline_access",
        ));
    }
    for token in client.scope.iter() {
        if !scope::KNOWN.contains(&token) {
            let known = scope::KNOWN.join(", ");
            return Err(Refused::new(
                "scope",
                token,
                format!("is no scope of ours; the scopes are {known}"),
            ));
        }
    }
    if !client.response_types.is_empty() && !client.scope.contains(scope::OPENID) {
        return Err(Refused::new(
            "scope",
            client.scope.to_string(),
            "must have openid",
        ));
    }
    Ok(())
}

fn check_numbers(client: &Client) -> Result<(), Refused> {
    let bounds = [
        ("access_token_lifetime", client.access_token_lifetime, 600),
        ("id_token_lifetime", client.id_token_lifetime, 3600),
    ];
    for (field, lifetime, most) in bounds {
        if let Some(seconds) = lifetime.map(crate::clock::Lifetime::as_seconds)
            && !(60..=most).contains(&seconds)
        {
            return Err(Refused::new(
                field,
                seconds.to_string(),
                format!("write 60 to {most} seconds"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
