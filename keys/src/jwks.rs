//! Public keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2), their thumbprints (RFC 7638), and the set.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::algorithm::Algorithm;
use crate::error::KeyError;

/// A public key as published: `kty` and its numbers, `kid` (the RFC 7638 thumbprint), `use` = `sig`, `alg`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    #[serde(flatten)]
    numbers: Numbers,
    kid: String,
    #[serde(rename = "use")]
    usage: String,
    alg: String,
}

/// What the kinds of key consist of. Big-endian numbers in base64url without padding, and no private member: there is no
/// field that could hold one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub(crate) enum Numbers {
    /// RSA: the modulus and the public exponent.
    #[serde(rename = "RSA")]
    Rsa { n: String, e: String },
    /// P-256: the two coordinates, 32 bytes each.
    #[serde(rename = "EC")]
    Ec { crv: String, x: String, y: String },
    /// Ed25519: the 32 bytes of the public key.
    #[serde(rename = "OKP")]
    Okp { crv: String, x: String },
}

impl Numbers {
    pub(crate) fn rsa(n: &[u8], e: &[u8]) -> Self {
        Self::Rsa {
            n: URL_SAFE_NO_PAD.encode(n),
            e: URL_SAFE_NO_PAD.encode(e),
        }
    }

    pub(crate) fn p256(x: &[u8], y: &[u8]) -> Self {
        Self::Ec {
            crv: "P-256".into(),
            x: URL_SAFE_NO_PAD.encode(x),
            y: URL_SAFE_NO_PAD.encode(y),
        }
    }

    pub(crate) fn ed25519(x: &[u8]) -> Self {
        Self::Okp {
            crv: "Ed25519".into(),
            x: URL_SAFE_NO_PAD.encode(x),
        }
    }

    /// RFC 7638 §3: SHA-256 of the required members in lexicographic order, without white space. base64url needs no
    /// escaping in JSON.
    pub(crate) fn thumbprint(&self) -> String {
        let canonical = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            Self::Ec { crv, x, y } => {
                format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#)
            }
            Self::Okp { crv, x } => format!(r#"{{"crv":"{crv}","kty":"OKP","x":"{x}"}}"#),
        };
        URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
    }
}

impl PublicJwk {
    pub(crate) fn new(numbers: Numbers, algorithm: Algorithm) -> Self {
        Self {
            kid: numbers.thumbprint(),
            numbers,
            usage: "sig".into(),
            alg: algorithm.as_str().into(),
        }
    }

    /// The key's id, 43 characters.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What the key verifies; `None` for an algorithm that this version does not know.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::parse(&self.alg)
    }

    /// As JSON text, for a column.
    pub fn to_json(&self) -> Result<String, KeyError> {
        serde_json::to_string(self).map_err(|error| KeyError::Public(error.to_string()))
    }

    /// Reads back what [`PublicJwk::to_json`] wrote, and checks that the id is the thumbprint.
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        let key: Self =
            serde_json::from_str(text).map_err(|error| KeyError::Public(error.to_string()))?;
        if key.kid != key.numbers.thumbprint() {
            return Err(KeyError::Public(format!(
                "{} is not its thumbprint",
                key.kid
            )));
        }
        Ok(key)
    }

    pub(crate) fn decoding_key(&self) -> Result<jsonwebtoken::DecodingKey, KeyError> {
        use jsonwebtoken::DecodingKey;
        match &self.numbers {
            Numbers::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
            Numbers::Ec { x, y, .. } => DecodingKey::from_ec_components(x, y),
            Numbers::Okp { x, .. } => DecodingKey::from_ed_components(x),
        }
        .map_err(|error| KeyError::Public(error.to_string()))
    }
}

/// The key set (RFC 7517 §5) as the bytes of the answer, to be made once and served many times.
pub fn jwks<'a>(keys: impl IntoIterator<Item = &'a PublicJwk>) -> Result<Vec<u8>, KeyError> {
    #[derive(Serialize)]
    struct Set<'a> {
        keys: Vec<&'a PublicJwk>,
    }
    let set = Set {
        keys: keys.into_iter().collect(),
    };
    serde_json::to_vec(&set).map_err(|error| KeyError::Public(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors;

    #[test]
    fn thumbprints_are_those_of_the_specifications() {
        // RFC 7638 §3.1, RFC 8037 appendix A.3.
        let rsa = Numbers::Rsa {
            n: vectors::RFC7638_N.into(),
            e: "AQAB".into(),
        };
        assert_eq!(
            rsa.thumbprint(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
        let ed = Numbers::Okp {
            crv: "Ed25519".into(),
            x: vectors::RFC8037_X.into(),
        };
        assert_eq!(
            ed.thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_set_has_the_wire_form_and_nothing_private() {
        let key = PublicJwk::new(Numbers::p256(&[1; 32], &[2; 32]), Algorithm::Es256);
        let set: serde_json::Value = serde_json::from_slice(&jwks([&key]).unwrap()).unwrap();
        let member = set["keys"][0].as_object().unwrap();
        let mut names: Vec<_> = member.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert_eq!(member["kty"], "EC");
        assert_eq!(member["use"], "sig");
        assert_eq!(member["alg"], "ES256");
        assert_eq!(jwks([]).unwrap(), br#"{"keys":[]}"#);
    }

    #[test]
    fn a_stored_key_is_read_back_and_a_changed_one_refused() {
        let key = PublicJwk::new(Numbers::ed25519(&[3; 32]), Algorithm::EdDsa);
        let text = key.to_json().unwrap();
        assert_eq!(PublicJwk::from_json(&text).unwrap(), key);
        let other = text.replace("AwMD", "BAMD");
        assert_ne!(text, other);
        assert!(PublicJwk::from_json(&other).is_err());
        assert!(PublicJwk::from_json("{}").is_err());
    }
}
