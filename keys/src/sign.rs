//! Signing: compact JWS (RFC 7515 §3.1) with a private key that was parsed once.
//!
//! Parsing an RSA key costs more than signing with it, so a [`Signer`] keeps the parsed key, and the header of each type
//! of token ready in base64url.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::algorithm::{Algorithm, Typ};
use crate::error::KeyError;
use crate::jwks::{Numbers, PublicJwk};

/// The signature of a 4096-bit RSA key, in bytes.
const MAX_SIGNATURE: usize = 512;

/// A private key ready to sign. Safe to share between threads; aws-lc wipes the key when it is dropped.
pub struct Signer {
    algorithm: Algorithm,
    kid: String,
    private: Private,
    headers: [String; Typ::ALL.len()],
}

enum Private {
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Parses a private key in PKCS#8 DER. `kid` is the id under which its public half is published.
    pub fn new(algorithm: Algorithm, kid: &str, pkcs8: &[u8]) -> Result<Self, KeyError> {
        Ok(Self {
            algorithm,
            kid: kid.to_owned(),
            private: Private::parse(algorithm, kid, pkcs8)?,
            headers: Typ::ALL.map(|typ| header(algorithm, typ, kid)),
        })
    }

    /// The public half of a private key in PKCS#8 DER.
    pub(crate) fn public_of(algorithm: Algorithm, pkcs8: &[u8]) -> Result<PublicJwk, KeyError> {
        let numbers = Private::parse(algorithm, "(new)", pkcs8)?.numbers()?;
        Ok(PublicJwk::new(numbers, algorithm))
    }

    /// What the key signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Signs `claims` as a token of type `typ`.
    ///
    /// Shape: `header.claims.signature`, each in base64url without padding; the header holds `alg`, `typ` and `kid`.
    /// Cost: 0.26 ms of processor time for a 2048-bit RSA key, some 0.02 ms for the others.
    pub fn sign(&self, typ: Typ, claims: &impl Serialize) -> Result<String, KeyError> {
        let [plain, access, logout] = &self.headers;
        let header = match typ {
            Typ::Jwt => plain,
            Typ::AccessToken => access,
            Typ::LogoutToken => logout,
        };
        let claims = serde_json::to_vec(claims)?;
        let mut signature = [0; MAX_SIGNATURE];
        let length = header.len() + (claims.len() + self.private.signature_len()).div_ceil(3) * 4;
        let mut token = String::with_capacity(length + 8);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&claims, &mut token);
        let signature = self
            .private
            .sign(token.as_bytes(), &mut signature)
            .ok_or_else(|| KeyError::Sign(self.kid.clone()))?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl Private {
    fn parse(algorithm: Algorithm, kid: &str, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let parsed =
            match algorithm {
                Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8)
                    .map(|key| Self::Rsa(Box::new(key), &RSA_PKCS1_SHA256)),
                Algorithm::Ps256 => RsaKeyPair::from_pkcs8(pkcs8)
                    .map(|key| Self::Rsa(Box::new(key), &RSA_PSS_SHA256)),
                Algorithm::Es256 => {
                    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Self::Ec)
                }
                Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::Ed),
            };
        parsed.map_err(|reason| KeyError::Rejected {
            kid: kid.to_owned(),
            algorithm: algorithm.as_str(),
            reason: reason.to_string(),
        })
    }

    fn signature_len(&self) -> usize {
        match self {
            Self::Rsa(key, _) => key.public_modulus_len(),
            Self::Ec(_) | Self::Ed(_) => 64,
        }
    }

    /// Signs into `out` and answers the part that the signature fills.
    fn sign<'a>(&self, message: &[u8], out: &'a mut [u8; MAX_SIGNATURE]) -> Option<&'a [u8]> {
        let out = out.get_mut(..self.signature_len())?;
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key, padding) => key.sign(*padding, &random, message, out).ok()?,
            Self::Ec(key) => out.copy_from_slice(key.sign(&random, message).ok()?.as_ref()),
            Self::Ed(key) => out.copy_from_slice(key.sign(message).as_ref()),
        }
        Some(out)
    }

    fn numbers(&self) -> Result<Numbers, KeyError> {
        match self {
            Self::Rsa(key, _) => {
                let (n, e) = (key.public_key().modulus(), key.public_key().exponent());
                Ok(Numbers::rsa(
                    n.big_endian_without_leading_zero(),
                    e.big_endian_without_leading_zero(),
                ))
            }
            // An uncompressed point (SEC 1 §2.3.3): 4, then the coordinates.
            Self::Ec(key) => match key.public_key().as_ref() {
                [4, point @ ..] if point.len() == 64 => {
                    let (x, y) = point.split_at(32);
                    Ok(Numbers::p256(x, y))
                }
                _ => Err(KeyError::Public("no uncompressed P-256 point".into())),
            },
            Self::Ed(key) => Ok(Numbers::ed25519(key.public_key().as_ref())),
        }
    }
}

/// The protected header in base64url. The names are ours and the id is base64url: nothing needs escaping.
fn header(algorithm: Algorithm, typ: Typ, kid: &str) -> String {
    let (alg, typ) = (algorithm.as_str(), typ.as_str());
    URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"{typ}","kid":"{kid}"}}"#))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::vectors::{self, key};

    fn raw(algorithm: Algorithm, pkcs8: &[u8], message: &[u8]) -> String {
        let private = Private::parse(algorithm, "test", pkcs8).unwrap();
        URL_SAFE_NO_PAD.encode(private.sign(message, &mut [0; MAX_SIGNATURE]).unwrap())
    }

    #[test]
    fn ed25519_signs_as_rfc_8037_says() {
        let pkcs8 = vectors::rfc8037_pkcs8();
        assert_eq!(
            raw(Algorithm::EdDsa, &pkcs8, vectors::RFC8037_INPUT),
            vectors::RFC8037_SIGNATURE
        );
    }

    #[test]
    fn rs256_signs_as_rfc_7515_says() {
        let pkcs8 = vectors::rfc7515_pkcs8();
        assert_eq!(
            raw(Algorithm::Rs256, &pkcs8, vectors::RFC7515_INPUT),
            vectors::RFC7515_SIGNATURE
        );
    }

    #[test]
    fn a_token_has_three_parts_and_the_header_names_type_and_key() {
        for algorithm in Algorithm::ALL {
            let generated = key(algorithm);
            let kid = generated.public.kid();
            let signer = Signer::new(algorithm, kid, &generated.pkcs8).unwrap();
            for typ in Typ::ALL {
                let token = signer.sign(typ, &json!({ "sub": "ana" })).unwrap();
                let parts: Vec<_> = token.split('.').collect();
                assert_eq!(parts.len(), 3);
                let header = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
                let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
                let expected =
                    json!({ "alg": algorithm.as_str(), "typ": typ.as_str(), "kid": kid });
                assert_eq!(header, expected);
                let claims = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
                assert_eq!(claims, br#"{"sub":"ana"}"#);
            }
        }
    }

    #[test]
    fn a_key_of_another_kind_is_refused() {
        let ed = key(Algorithm::EdDsa);
        for algorithm in [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256] {
            let error = Signer::new(algorithm, "k", &ed.pkcs8).unwrap_err();
            assert!(matches!(error, KeyError::Rejected { .. }), "{error}");
        }
        assert!(Signer::new(Algorithm::EdDsa, "k", b"").is_err());
    }

    #[test]
    fn nothing_of_a_private_key_is_printed() {
        let generated = key(Algorithm::EdDsa);
        let signer = Signer::new(Algorithm::EdDsa, "k", &generated.pkcs8).unwrap();
        assert_eq!(
            format!("{signer:?}"),
            r#"Signer { algorithm: EdDsa, kid: "k", .. }"#
        );
    }
}
