//! Logout tokens: what the portal posts to an app whose person signed out (OIDC Back-Channel Logout §2.4, §2.6).

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The event that makes a JWT a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Seconds by which clocks may differ, and longest life of a token that we accept.
const LEEWAY: u64 = 60;

/// Whom a valid logout token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// Subject.
    pub sub: Option<String>,
    /// Session at the portal.
    pub sid: Option<String>,
    /// The token's own id, to be accepted once.
    pub jti: String,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    /// Present in every logout token; the validation of `exp` bounds its age.
    #[serde(rename = "iat")]
    _issued: u64,
    sub: Option<String>,
    sid: Option<String>,
    events: Map<String, Value>,
    nonce: Option<Value>,
}

/// Why a token is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its key is not among the published ones; they may have been rotated.
    UnknownKey,
    /// It breaks the rule named.
    Bad(String),
}

/// Checks a logout token against the portal's keys.
///
/// Errors: [`Refused::UnknownKey`] asks the caller to read the keys anew and try once more.
/// Left to the caller: that a `jti` is accepted once.
pub fn check(token: &str, keys: &JwkSet, issuer: &str, audience: &str) -> Result<Logout, Refused> {
    let bad = |why: &str| Refused::Bad(why.to_owned());
    let header = jsonwebtoken::decode_header(token).map_err(|_| bad("not a JWT"))?;
    if !matches!(
        header.alg,
        Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA
    ) {
        return Err(bad("alg is none that the portal signs with"));
    }
    if header.typ.is_some_and(|typ| typ != "logout+jwt") {
        return Err(bad("typ is not logout+jwt"));
    }
    let kid = header.kid.ok_or_else(|| bad("kid is missing"))?;
    let key = keys.find(&kid).ok_or(Refused::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| bad("the key cannot be used"))?;
    let mut rules = Validation::new(header.alg);
    rules.leeway = LEEWAY;
    rules.set_issuer(&[issuer]);
    rules.set_audience(&[audience]);
    rules.set_required_spec_claims(&["iss", "aud", "exp"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map_err(|error| Refused::Bad(error.to_string()))?
        .claims;
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(bad("events has no back-channel logout"));
    }
    if claims.nonce.is_some() {
        return Err(bad("a logout token has no nonce"));
    }
    if claims.sub.is_none() && claims.sid.is_none() {
        return Err(bad("neither sub nor sid"));
    }
    Ok(Logout {
        sub: claims.sub,
        sid: claims.sid,
        jti: claims.jti,
    })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
    use jsonwebtoken::jwk::Jwk;
    use jsonwebtoken::{EncodingKey, Header, get_current_timestamp};
    use serde_json::json;

    use super::*;

    struct Signer(EncodingKey);

    impl Signer {
        fn new() -> Self {
            let pair = EcdsaKeyPair::generate_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &SystemRandom::new(),
            )
            .unwrap();
            Self(EncodingKey::from_ec_der(pair.as_ref()))
        }

        fn keys(&self) -> JwkSet {
            let mut jwk = Jwk::from_encoding_key(&self.0, Algorithm::ES256).unwrap();
            jwk.common.key_id = Some("k".into());
            JwkSet { keys: vec![jwk] }
        }

        fn sign(&self, typ: &str, kid: &str, claims: &Value) -> String {
            let mut header = Header::new(Algorithm::ES256);
            header.typ = Some(typ.into());
            header.kid = Some(kid.into());
            jsonwebtoken::encode(&header, claims, &self.0).unwrap()
        }
    }

    fn claims(change: &Value) -> Value {
        let now = get_current_timestamp();
        let mut claims = json!({
            "iss": "https://portal", "aud": "library", "iat": now, "exp": now + 120, "jti": "j",
            "sub": "s", "sid": "i", "events": { EVENT: {} },
        });
        for (name, value) in change.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().remove(name),
                value => claims
                    .as_object_mut()
                    .unwrap()
                    .insert(name.clone(), value.clone()),
            };
        }
        claims
    }

    #[test]
    fn a_whole_token_is_accepted() {
        let signer = Signer::new();
        let token = signer.sign("logout+jwt", "k", &claims(&json!({})));
        let logout = check(&token, &signer.keys(), "https://portal", "library").unwrap();
        assert_eq!(logout.sid.as_deref(), Some("i"));
        assert_eq!(logout.jti, "j");
    }

    #[test]
    fn every_broken_rule_refuses() {
        let signer = Signer::new();
        let past = get_current_timestamp() - 3600;
        let cases = [
            ("issuer", json!({ "iss": "https://other" })),
            ("audience", json!({ "aud": "gradebook" })),
            ("expired", json!({ "exp": past })),
            ("no exp", json!({ "exp": null })),
            ("no iat", json!({ "iat": null })),
            ("no jti", json!({ "jti": null })),
            ("nonce", json!({ "nonce": "n" })),
            ("no events", json!({ "events": null })),
            ("other event", json!({ "events": { "x": {} } })),
            ("event is text", json!({ "events": { EVENT: "x" } })),
            ("nobody named", json!({ "sub": null, "sid": null })),
        ];
        for (case, change) in cases {
            let token = signer.sign("logout+jwt", "k", &claims(&change));
            let outcome = check(&token, &signer.keys(), "https://portal", "library");
            assert!(
                matches!(outcome, Err(Refused::Bad(_))),
                "{case}: {outcome:?}"
            );
        }
        let id_token = signer.sign("JWT", "k", &claims(&json!({})));
        let outcome = check(&id_token, &signer.keys(), "https://portal", "library");
        assert!(matches!(outcome, Err(Refused::Bad(_))), "{outcome:?}");
    }

    #[test]
    fn another_key_refuses() {
        let (signer, stranger) = (Signer::new(), Signer::new());
        let token = stranger.sign("logout+jwt", "k", &claims(&json!({})));
        let outcome = check(&token, &signer.keys(), "https://portal", "library");
        assert!(matches!(outcome, Err(Refused::Bad(_))), "{outcome:?}");
        let token = signer.sign("logout+jwt", "new", &claims(&json!({})));
        let outcome = check(&token, &signer.keys(), "https://portal", "library");
        assert_eq!(outcome, Err(Refused::UnknownKey));
    }
}
