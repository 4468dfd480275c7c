//! Verifying our own tokens, as an `id_token_hint`, against the published set. Signature and header only: expiry, issuer
//! and audience are the caller's to judge, with its own `now`.

use std::collections::HashMap;
use std::fmt;

use jsonwebtoken::{DecodingKey, Validation};
use serde::de::DeserializeOwned;

use crate::algorithm::{Algorithm, Typ};
use crate::error::{KeyError, VerifyError};
use crate::jwks::PublicJwk;

/// The published keys, ready to verify.
#[derive(Default)]
pub struct Verifier {
    keys: HashMap<String, (Algorithm, DecodingKey)>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}

impl Verifier {
    /// Prepares `keys`. Fails when one is unreadable.
    pub fn new<'a>(keys: impl IntoIterator<Item = &'a PublicJwk>) -> Result<Self, KeyError> {
        let keys = keys
            .into_iter()
            .map(|key| {
                let algorithm = key
                    .algorithm()
                    .ok_or_else(|| KeyError::Public(format!("{}: unknown alg", key.kid())))?;
                Ok((key.kid().to_owned(), (algorithm, key.decoding_key()?)))
            })
            .collect::<Result<_, KeyError>>()?;
        Ok(Self { keys })
    }

    /// Verifies a compact JWS of type `typ` and answers its claims.
    ///
    /// The key is found by `kid`, and the algorithm is that key's own: what the header says must agree with it, so no
    /// token chooses how it is verified (RFC 8725 §3.1).
    pub fn verify<T: DeserializeOwned>(&self, typ: Typ, token: &str) -> Result<T, VerifyError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| VerifyError::Malformed)?;
        let kid = header.kid.as_deref().ok_or(VerifyError::UnknownKey)?;
        let (algorithm, key) = self.keys.get(kid).ok_or(VerifyError::UnknownKey)?;
        if header.typ.as_deref() != Some(typ.as_str()) {
            return Err(VerifyError::Malformed);
        }
        let mut validation = Validation::new(algorithm.jwt());
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode(token, key, &validation)
            .map(|data| data.claims)
            .map_err(|error| {
                use jsonwebtoken::errors::ErrorKind;
                match error.kind() {
                    ErrorKind::Json(_) => VerifyError::Claims,
                    _ => VerifyError::Signature,
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;
    use crate::sign::Signer;
    use crate::vectors::{self, key};

    fn signed(algorithm: Algorithm, claims: &Value) -> (Verifier, String) {
        let generated = key(algorithm);
        let kid = generated.public.kid();
        let signer = Signer::new(algorithm, kid, &generated.pkcs8).unwrap();
        let verifier = Verifier::new([&generated.public]).unwrap();
        (verifier, signer.sign(Typ::Jwt, claims).unwrap())
    }

    #[test]
    fn our_own_tokens_verify_even_when_expired() {
        for algorithm in Algorithm::ALL {
            let claims =
                json!({ "sub": "ana", "exp": 1, "aud": ["app"], "nbf": 4_000_000_000_u32 });
            let (verifier, token) = signed(algorithm, &claims);
            assert_eq!(
                verifier.verify::<Value>(Typ::Jwt, &token),
                Ok(claims),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn a_changed_token_does_not_verify() {
        for algorithm in Algorithm::ALL {
            let (verifier, token) = signed(algorithm, &json!({ "sub": "ana" }));
            let parts: Vec<_> = token.split('.').collect();
            let claims = URL_SAFE_NO_PAD.encode(br#"{"sub":"bob"}"#);
            let other = format!("{}.{claims}.{}", parts[0], parts[2]);
            assert_eq!(
                verifier.verify::<Value>(Typ::Jwt, &other),
                Err(VerifyError::Signature)
            );
            let cut = format!("{}.{}.", parts[0], parts[1]);
            assert_eq!(
                verifier.verify::<Value>(Typ::Jwt, &cut),
                Err(VerifyError::Signature)
            );
        }
    }

    #[test]
    fn the_header_cannot_choose_the_algorithm_or_the_key() {
        let (verifier, token) = signed(Algorithm::Es256, &json!({ "sub": "ana" }));
        let parts: Vec<_> = token.split('.').collect();
        let kid = key(Algorithm::Es256).public.kid().to_owned();
        let cases = [
            (
                json!({ "alg": "RS256", "typ": "JWT", "kid": kid }),
                VerifyError::Signature,
            ),
            (
                json!({ "alg": "HS256", "typ": "JWT", "kid": kid }),
                VerifyError::Signature,
            ),
            (
                json!({ "alg": "none", "typ": "JWT", "kid": kid }),
                VerifyError::Malformed,
            ),
            (
                json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid }),
                VerifyError::Malformed,
            ),
            (
                json!({ "alg": "ES256", "typ": "JWT", "kid": "other" }),
                VerifyError::UnknownKey,
            ),
            (
                json!({ "alg": "ES256", "typ": "JWT" }),
                VerifyError::UnknownKey,
            ),
        ];
        for (header, expected) in cases {
            let header = URL_SAFE_NO_PAD.encode(header.to_string());
            let other = format!("{header}.{}.{}", parts[1], parts[2]);
            assert_eq!(
                verifier.verify::<Value>(Typ::Jwt, &other),
                Err(expected),
                "{other}"
            );
        }
        for garbage in ["", ".", "..", "a.b.c", "ä.ö.ü"] {
            assert_eq!(
                verifier.verify::<Value>(Typ::Jwt, garbage),
                Err(VerifyError::Malformed),
                "{garbage:?}"
            );
        }
    }

    #[test]
    fn claims_of_another_shape_are_told_apart() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Hint {
            sub: u8,
        }
        let (verifier, token) = signed(Algorithm::EdDsa, &json!({ "sub": "ana" }));
        assert_eq!(
            verifier.verify::<Hint>(Typ::Jwt, &token),
            Err(VerifyError::Claims)
        );
    }

    #[test]
    fn the_signature_of_rfc_8037_verifies() {
        // Appendix A.5: no `kid`, so the library is asked directly with the key we would publish.
        let public = Signer::public_of(Algorithm::EdDsa, &vectors::rfc8037_pkcs8());
        let public = public.unwrap().decoding_key().unwrap();
        let good = jsonwebtoken::crypto::verify(
            vectors::RFC8037_SIGNATURE,
            vectors::RFC8037_INPUT,
            &public,
            jsonwebtoken::Algorithm::EdDSA,
        );
        assert!(good.unwrap());
    }
}
