//! Keys made for one run, and tokens signed with them: client assertions, request objects, DPoP proofs, and the
//! wrong tokens that a provider must refuse.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKey, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::stop::{Check, Stop, fail};

/// A private key with its algorithm and name.
#[derive(Clone)]
pub struct Key {
    /// JWS algorithm (RFC 7518 §3.1, RFC 8037).
    pub alg: &'static str,
    /// Its `kid`.
    pub kid: String,
    pair: Pair,
}

#[derive(Clone)]
enum Pair {
    Rsa(Arc<RsaKey>),
    Ec(Arc<EcdsaKeyPair>),
    Ed(Arc<Ed25519KeyPair>),
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({} {})", self.alg, self.kid)
    }
}

impl Key {
    /// Makes one for `RS256`, `PS256`, `ES256` or `EdDSA`.
    pub fn make(alg: &'static str) -> Check<Self> {
        let broken = |_| Stop::Fail(format!("no {alg} key could be made"));
        let pair = match alg {
            "RS256" | "PS256" => Pair::Rsa(Arc::new(
                RsaKey::generate(KeySize::Rsa2048).map_err(broken)?,
            )),
            "ES256" => Pair::Ec(Arc::new(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(broken)?,
            )),
            "EdDSA" => Pair::Ed(Arc::new(Ed25519KeyPair::generate().map_err(broken)?)),
            _ => fail!("no keys are made for {alg}"),
        };
        Ok(Self {
            alg,
            kid: random(9),
            pair,
        })
    }

    /// The same key under another algorithm of its family, as `PS256` for an RSA key.
    #[must_use]
    pub fn with_alg(&self, alg: &'static str) -> Self {
        Self {
            alg,
            ..self.clone()
        }
    }

    /// The public half (RFC 7517), with `kid`, `use` and `alg`.
    pub fn public(&self) -> Value {
        let mut jwk = self.thumbprint_members();
        if let Some(members) = jwk.as_object_mut() {
            members.insert("kid".into(), json!(self.kid));
            members.insert("use".into(), json!("sig"));
            members.insert("alg".into(), json!(self.alg));
        }
        jwk
    }

    /// The members that a thumbprint is taken over (RFC 7638 §3.2), as a proof's `jwk`.
    pub fn thumbprint_members(&self) -> Value {
        match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                let (n, e) = (public.modulus(), public.exponent());
                json!({
                    "e": base64url(e.big_endian_without_leading_zero()),
                    "kty": "RSA",
                    "n": base64url(n.big_endian_without_leading_zero()),
                })
            }
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = point
                    .get(1..)
                    .unwrap_or_default()
                    .split_at(32.min(point.len()));
                json!({"crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y)})
            }
            Pair::Ed(pair) => {
                json!({"crv": "Ed25519", "kty": "OKP", "x": base64url(pair.public_key().as_ref())})
            }
        }
    }

    /// RFC 7638 thumbprint with SHA-256.
    pub fn thumbprint(&self) -> String {
        // serde_json writes the members in the order of their names.
        sha256(self.thumbprint_members().to_string().as_bytes())
    }

    /// A JWT of these claims under this key's `alg` and `kid`, with more header members or others.
    pub fn sign(&self, header: Value, claims: &Value) -> Check<String> {
        let mut full = json!({"alg": self.alg, "kid": self.kid});
        merge(&mut full, header);
        let message = format!(
            "{}.{}",
            base64url(full.to_string()),
            base64url(claims.to_string())
        );
        let signature = self.signature(message.as_bytes())?;
        Ok(format!("{message}.{}", base64url(signature)))
    }

    fn signature(&self, message: &[u8]) -> Check<Vec<u8>> {
        let broken = |_| Stop::Fail("signing did not work".into());
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let encoding: &'static dyn RsaEncoding = if self.alg == "PS256" {
                    &RSA_PSS_SHA256
                } else {
                    &RSA_PKCS1_SHA256
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, message, &mut signature)
                    .map_err(broken)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair
                .sign(&random, message)
                .map_err(broken)?
                .as_ref()
                .to_vec()),
            Pair::Ed(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

/// A JWT with `alg` `none` and no signature (RFC 7519 §6).
pub fn unsigned(claims: &Value) -> String {
    format!(
        "{}.{}.",
        base64url(json!({"alg": "none"}).to_string()),
        base64url(claims.to_string())
    )
}

/// Puts the members of one object over those of another; a null takes the member away.
pub fn merge(into: &mut Value, from: Value) {
    let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) else {
        return;
    };
    for (name, value) in from {
        if value.is_null() {
            into.remove(&name);
        } else {
            into.insert(name, value);
        }
    }
}

/// Puts changes over changes: a null stays, to take the member away when they are merged into claims.
pub fn overlay(into: &mut Value, from: Value) {
    if let (Some(into), Value::Object(from)) = (into.as_object_mut(), from) {
        into.extend(from);
    }
}

/// Base64url without padding.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of base64url text without padding.
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// SHA-256, in base64url.
pub fn sha256(bytes: &[u8]) -> String {
    base64url(Sha256::digest(bytes))
}

/// So many random bytes, in base64url.
pub fn random(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    // The system's generator fails only where the whole machine is unusable; the checks would then fail anyway.
    let _filled = aws_lc_rs::rand::fill(&mut buffer);
    base64url(buffer)
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::tokens;
    use serde_json::json;

    #[test]
    fn what_it_signs_verifies_under_its_public_half() {
        for alg in ["RS256", "PS256", "ES256", "EdDSA"] {
            let key = Key::make(alg).unwrap();
            let token = key
                .sign(json!({"typ": "JWT"}), &json!({"sub": "1"}))
                .unwrap();
            let set = json!({"keys": [key.public()]});
            let parsed = tokens::parse(&token).unwrap();
            assert!(tokens::check_signature(&parsed, &set, alg).is_ok(), "{alg}");
            let other = json!({"keys": [Key::make(alg).unwrap().public()]});
            assert!(
                tokens::check_signature(&parsed, &other, alg).is_err(),
                "{alg}"
            );
        }
    }
}
