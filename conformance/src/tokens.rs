//! Reads and verifies the provider's tokens, strictly: every rule of OIDC Core §3.1.3.7, §3.2.2.11, §3.3.2.11 and of
//! RFC 7515 and 7519 that can be seen from outside.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;
use sha2::{Digest as _, Sha256, Sha512};

use crate::clock;
use crate::keys::{base64url, from_base64url};
use crate::stop::{Check, Stop, fail, must};

/// How far the provider's clock may be from ours, in seconds.
pub const SKEW: i64 = 30;
/// Members of a JOSE header that would have the receiver take a key from the token itself.
const KEY_BEARING: [&str; 4] = ["jku", "jwk", "x5u", "x5c"];

/// A token taken apart, not yet verified.
#[derive(Clone, Debug)]
pub struct Jwt {
    /// Header.
    pub header: Value,
    /// Claims.
    pub claims: Value,
    /// What was signed.
    pub message: String,
    /// Signature in base64url.
    pub signature: String,
}

/// What an ID token must agree with.
#[derive(Clone, Debug, Default)]
pub struct Expected<'a> {
    /// The provider.
    pub issuer: &'a str,
    /// The client.
    pub client_id: &'a str,
    /// `id_token_signed_response_alg`.
    pub alg: &'a str,
    /// The nonce sent; none where none was sent.
    pub nonce: Option<&'a str>,
    /// Whether `auth_time` must be there.
    pub needs_auth_time: bool,
    /// The code that came beside it, where `c_hash` is a must or may be.
    pub code: Option<&'a str>,
    /// The access token that came beside it.
    pub access_token: Option<&'a str>,
    /// Whether the hashes of those two are a must (front channel).
    pub needs_hashes: bool,
}

impl Jwt {
    /// A claim that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name).and_then(Value::as_str)
    }

    /// A claim that is a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.claims.get(name).and_then(Value::as_i64)
    }

    /// The `sub` claim, or nothing.
    pub fn sub(&self) -> &str {
        self.text("sub").unwrap_or_default()
    }
}

/// Takes a compact JWS apart (RFC 7515 §3.1).
pub fn parse(token: &str) -> Check<Jwt> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else {
        fail!("a token has {} parts, not 3", parts.len())
    };
    let read = |part: &str, what: &str| -> Check<Value> {
        let bytes = from_base64url(part);
        let Some(bytes) = bytes else {
            fail!("a token's {what} is not base64url")
        };
        let value: Value = serde_json::from_slice(&bytes)?;
        must!(value.is_object(), "a token's {what} is no JSON object");
        must!(
            is_without_doubles(&bytes, &value),
            "a token's {what} names a member twice (RFC 7515 §4)"
        );
        Ok(value)
    };
    Ok(Jwt {
        header: read(header, "header")?,
        claims: read(claims, "payload")?,
        message: format!("{header}.{claims}"),
        signature: (*signature).to_owned(),
    })
}

/// Whether no member of the object comes twice: reading keeps one of each, so the count of top-level names differs.
fn is_without_doubles(bytes: &[u8], value: &Value) -> bool {
    let (mut depth, mut in_text, mut escaped, mut colons) = (0_u32, false, false, 0);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 1 => colons += 1,
            _ => {}
        }
    }
    value
        .as_object()
        .is_some_and(|members| members.len() == colons)
}

/// Checks the signature against a key set: the algorithm must be the one expected, and the key its own.
pub fn check_signature(token: &Jwt, key_set: &Value, alg: &str) -> Check {
    let found = token
        .header
        .get("alg")
        .and_then(Value::as_str)
        .unwrap_or_default();
    must!(
        found == alg,
        "a token is signed with '{found}', expected {alg}"
    );
    must!(
        token.header.get("crit").is_none(),
        "a token's header has 'crit'"
    );
    for name in KEY_BEARING {
        must!(
            token.header.get(name).is_none(),
            "a token's header brings its own key ({name})"
        );
    }
    let keys = key_set.get("keys").and_then(Value::as_array);
    let kid = token.header.get("kid");
    let fits = |key: &&Value| {
        let same_name = kid.is_none() || key.get("kid") == kid;
        let for_signing = key.get("use").is_none_or(|value| value == "sig");
        let same_alg = key.get("alg").is_none_or(|value| value == alg);
        same_name && for_signing && same_alg && key.get("kty") == Some(&Value::from(kty(alg)))
    };
    let fitting: Vec<&Value> = keys.into_iter().flatten().filter(fits).collect();
    must!(
        !fitting.is_empty(),
        "no {alg} key with kid {kid:?} in the provider's key set"
    );
    must!(
        kid.is_some() || fitting.len() == 1,
        "no kid, and {} keys fit",
        fitting.len()
    );
    let Some(algorithm) = algorithm(alg) else {
        fail!("{alg} is not verified here")
    };
    for key in fitting {
        let jwk: Jwk = serde_json::from_value(key.clone())?;
        let key = DecodingKey::from_jwk(&jwk)?;
        let message = token.message.as_bytes();
        if jsonwebtoken::crypto::verify(&token.signature, message, &key, algorithm)? {
            return Ok(());
        }
    }
    fail!("a token's signature does not verify under the provider's key {kid:?}")
}

fn algorithm(alg: &str) -> Option<Algorithm> {
    Some(match alg {
        "RS256" => Algorithm::RS256,
        "PS256" => Algorithm::PS256,
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        _ => return None,
    })
}

fn kty(alg: &str) -> &'static str {
    match alg {
        "ES256" => "EC",
        "EdDSA" => "OKP",
        _ => "RSA",
    }
}

/// Checks an ID token whole.
pub fn check_id_token(token: &str, key_set: &Value, expected: &Expected<'_>) -> Check<Jwt> {
    let jwt = parse(token)?;
    if expected.alg == "none" {
        must!(
            jwt.header.get("alg") == Some(&Value::from("none")),
            "the ID token is not unsigned"
        );
        must!(
            jwt.signature.is_empty(),
            "an unsigned ID token has a signature"
        );
    } else {
        check_signature(&jwt, key_set, expected.alg)?;
    }
    check_parties(&jwt, expected)?;
    check_times(&jwt, expected.needs_auth_time)?;
    match (expected.nonce, jwt.text("nonce")) {
        (Some(sent), Some(came)) => must!(sent == came, "nonce is '{came}', sent was '{sent}'"),
        (Some(_), None) => fail!("the nonce sent is not in the ID token"),
        (None, Some(_)) => fail!("the ID token has a nonce though none was sent"),
        (None, None) => {}
    }
    let hashes = [
        ("c_hash", expected.code),
        ("at_hash", expected.access_token),
    ];
    for (name, value) in hashes {
        let Some(value) = value else { continue };
        match jwt.claims.get(name) {
            Some(found) => {
                must!(
                    *found == half_hash(value, expected.alg),
                    "{name} is {found}, not the hash of what came"
                );
            }
            None => must!(
                !expected.needs_hashes,
                "{name} is missing from the ID token"
            ),
        }
    }
    check_types(&jwt)?;
    Ok(jwt)
}

fn check_parties(jwt: &Jwt, expected: &Expected<'_>) -> Check {
    must!(
        jwt.text("iss") == Some(expected.issuer),
        "iss is {:?}, expected {}",
        jwt.claims.get("iss"),
        expected.issuer
    );
    let sub = jwt.sub();
    must!(!sub.is_empty(), "sub is missing, or no text");
    must!(
        sub.is_ascii() && sub.len() <= 255,
        "sub is longer than 255 ASCII characters"
    );
    let audience = jwt.claims.get("aud").cloned().unwrap_or_default();
    let listed: Vec<Value> = match audience {
        Value::Array(list) => list,
        single => vec![single],
    };
    let client = Value::from(expected.client_id);
    must!(
        listed.contains(&client),
        "aud is {listed:?}, expected {}",
        expected.client_id
    );
    must!(listed.len() == 1, "aud names others too: {listed:?}");
    let party = jwt.claims.get("azp");
    must!(
        party.is_none_or(|party| *party == client),
        "azp is {party:?}"
    );
    Ok(())
}

fn check_times(jwt: &Jwt, needs_auth_time: bool) -> Check {
    let now = clock::now();
    let whole = |name: &str| {
        jwt.number(name)
            .ok_or_else(|| Stop::Fail(format!("{name} is missing, or no whole number")))
    };
    let (exp, iat) = (whole("exp")?, whole("iat")?);
    must!(exp > now - SKEW, "the ID token expired {} s ago", now - exp);
    must!((iat - now).abs() <= 300, "iat is {} s from now", iat - now);
    must!(exp > iat, "exp is not after iat");
    must!(
        exp - iat <= 86_400,
        "the ID token lives {} s, longer than a day",
        exp - iat
    );
    if needs_auth_time || jwt.claims.get("auth_time").is_some() {
        let auth_time = whole("auth_time")?;
        must!(auth_time <= now + SKEW, "auth_time is in the future");
    }
    Ok(())
}

/// Types of the claims that any ID token or userinfo answer may have (OIDC Core §2, §5.1).
pub fn check_types(jwt: &Jwt) -> Check {
    check_claim_types(&jwt.claims)?;
    let amr = jwt.claims.get("amr");
    let is_list = |value: &Value| {
        value
            .as_array()
            .is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_string))
    };
    must!(amr.is_none_or(is_list), "amr is no list of texts");
    for name in ["acr", "sid", "azp"] {
        must!(
            jwt.claims.get(name).is_none_or(Value::is_string),
            "{name} is no text"
        );
    }
    Ok(())
}

/// Types of the standard claims (OIDC Core §5.1): right, never null, never empty.
pub fn check_claim_types(claims: &Value) -> Check {
    let Some(members) = claims.as_object() else {
        fail!("claims are no object")
    };
    for (name, value) in members {
        let right = match name.as_str() {
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            "updated_at" => value.is_i64(),
            "address" => value
                .as_object()
                .is_some_and(|parts| parts.values().all(Value::is_string)),
            "sub" | "name" | "given_name" | "family_name" | "middle_name" | "nickname"
            | "preferred_username" | "profile" | "picture" | "website" | "email" | "gender"
            | "birthdate" | "zoneinfo" | "locale" | "phone_number" => {
                value.as_str().is_some_and(|text| !text.is_empty())
            }
            _ => !value.is_null(),
        };
        must!(
            right,
            "the claim {name} has the wrong type, or is empty: {value}"
        );
    }
    Ok(())
}

/// The left half of a value's hash, as in `at_hash`, `c_hash` and `s_hash` (OIDC Core §3.1.3.6): SHA-512 for Ed25519,
/// which hashes with it itself, else SHA-256.
pub fn half_hash(value: &str, alg: &str) -> String {
    let digest = if alg == "EdDSA" {
        Sha512::digest(value.as_bytes()).to_vec()
    } else {
        Sha256::digest(value.as_bytes()).to_vec()
    };
    base64url(digest.get(..digest.len() / 2).unwrap_or_default())
}
