//! ID tokens: what is in them, and what we take back as a hint. OIDC Core §2, §3.1.3.6, §3.3.2.11.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha512};

use super::client::SigningAlgorithm;
use crate::clock::Timestamp;

/// The claims of an ID token. There is one audience, the client, so `azp` has nothing to say (OIDC Core §2 wants it only
/// where an extension makes it differ).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdTokenClaims<'a> {
    /// We.
    pub iss: &'a str,
    /// The person, as this client knows them.
    pub sub: &'a str,
    /// The client.
    pub aud: &'a str,
    /// End, in Unix seconds.
    pub exp: Timestamp,
    /// Now.
    pub iat: Timestamp,
    /// When the person proved who they are; always there, so nobody needs to ask.
    pub auth_time: Timestamp,
    /// The request's, unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    /// Authentication class.
    pub acr: &'a str,
    /// How (RFC 8176).
    pub amr: &'a [String],
    /// The session, for logout.
    pub sid: &'a str,
    /// Binds the access token that comes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// Binds the code that comes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_hash: Option<String>,
    /// Claims about the person, where they were asked for here.
    #[serde(flatten)]
    pub about: Map<String, Value>,
}

/// `at_hash` and `c_hash` (OIDC Core §3.1.3.6, §3.3.2.11): the left half of the hash that the signature algorithm uses, in
/// base64url. Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
pub fn half_hash(algorithm: SigningAlgorithm, text: &str) -> String {
    match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 | SigningAlgorithm::ES256 => {
            encode_half(&Sha256::digest(text.as_bytes()))
        }
        SigningAlgorithm::EdDSA => encode_half(&Sha512::digest(text.as_bytes())),
    }
}

fn encode_half(hash: &[u8]) -> String {
    let (left, _) = hash.split_at(hash.len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

/// An ID token of ours that comes back as `id_token_hint`. Its signature has been checked; it may have expired (OIDC
/// RP-Initiated Logout §2: "The OP SHOULD accept ID Tokens when the RP identified by the ID Token's aud claim and/or sid
/// claim has a current session or had a recent session").
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IdTokenHint {
    iss: String,
    /// The person, as the client knows them.
    pub sub: String,
    /// The client. We never issue a list.
    pub aud: String,
    /// The session.
    pub sid: Option<String>,
    // Read for their shape: no other kind of token of ours has both.
    iat: i64,
    exp: i64,
}

impl IdTokenHint {
    /// Whether we issued it, under this very name.
    pub fn is_from(&self, issuer: &str) -> bool {
        self.iss == issuer && !self.sub.is_empty() && !self.aud.is_empty() && self.iat < self.exp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_hashes() {
        // OIDC Core Appendix A.3 and A.6: RS256.
        for (text, expected) in [
            (
                "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
                "77QmUPtjPfzWtF2AnpK9RQ",
            ),
            (
                "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk",
                "LDktKdoQak3Pk0cnXxCltA",
            ),
        ] {
            assert_eq!(half_hash(SigningAlgorithm::RS256, text), expected);
        }
        // 32 of the 64 bytes of a SHA-512.
        assert_eq!(half_hash(SigningAlgorithm::EdDSA, "token").len(), 43);
    }

    #[test]
    fn absent_claims_are_left_out() {
        let at = Timestamp::from_unix(1_800_000_000);
        let claims = IdTokenClaims {
            iss: "https://portal.example.org",
            sub: "s",
            aud: "app",
            exp: at.plus(crate::clock::Lifetime::minutes(5)),
            iat: at,
            auth_time: at,
            nonce: None,
            acr: "1",
            amr: &["pwd".into()],
            sid: "sid",
            at_hash: None,
            c_hash: None,
            about: Map::from_iter([("name".to_owned(), Value::from("Ana"))]),
        };
        let json = serde_json::to_value(&claims).unwrap();
        let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(
            names,
            [
                "acr",
                "amr",
                "aud",
                "auth_time",
                "exp",
                "iat",
                "iss",
                "name",
                "sid",
                "sub"
            ]
        );
        let hint: IdTokenHint = serde_json::from_value(json).unwrap();
        assert!(hint.is_from("https://portal.example.org"));
        assert!(!hint.is_from("https://portal.example.org/"));
    }

    #[test]
    fn hints_of_another_shape_are_none() {
        for text in [
            r#"{"iss":"i","sub":"s","aud":["a"],"iat":1,"exp":2}"#,
            r#"{"iss":["i"],"sub":"s","aud":"a","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":1,"aud":"a","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":"s","aud":"a","iat":"1","exp":2}"#,
            r#"{"iss":"i","sub":"s","aud":"a","iat":1}"#,
            r#"{"iss":"i","aud":"a","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":"s","iat":1,"exp":2}"#,
            r#"{"iss":"i","sub":"s","aud":"a","sid":7,"iat":1,"exp":2}"#,
        ] {
            assert!(serde_json::from_str::<IdTokenHint>(text).is_err(), "{text}");
        }
    }
}
