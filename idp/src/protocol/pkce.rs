//! Proof Key for Code Exchange: RFC 7636 §4. `S256` only: `plain` protects nobody, and does not exist here.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::error::OAuthError;

/// A `code_challenge` by `S256`: base64url of a SHA-256, 43 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Challenge(String);

impl Challenge {
    /// Reads `code_challenge` and `code_challenge_method` of an authorization request.
    ///
    /// Errors: `invalid_request` (RFC 7636 §4.4.1). An absent method means `plain` (§4.3), which is refused too.
    pub fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, OAuthError> {
        let challenge = match (challenge, method) {
            (None, None) => return Ok(None),
            (None, Some(_)) => {
                return Err(OAuthError::invalid_request("code_challenge is missing."));
            }
            (Some(challenge), Some("S256")) => challenge,
            (Some(_), _) => {
                return Err(OAuthError::invalid_request(
                    "code_challenge_method must be S256.",
                ));
            }
        };
        // 32 bytes make 43 characters; strict decoding also refuses a last character with stray bits.
        let sound = challenge.len() == 43 && URL_SAFE_NO_PAD.decode(challenge).is_ok();
        if !sound {
            return Err(OAuthError::invalid_request(
                "code_challenge is not the base64url form of a SHA-256.",
            ));
        }
        Ok(Some(Self(challenge.to_owned())))
    }

    /// Whether `verifier` is well formed and its SHA-256 is this challenge (RFC 7636 §4.6). Constant time in the comparison.
    ///
    /// Shape: 43 to 128 of `[A-Za-z0-9-._~]` (§4.1).
    pub fn fits(&self, verifier: &str) -> bool {
        if !is_verifier(verifier) {
            return false;
        }
        let computed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        computed.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// RFC 7636 §4.1: `code-verifier = 43*128unreserved`.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    // RFC 7636 Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn challenge() -> Challenge {
        Challenge::read(Some(CHALLENGE), Some("S256"))
            .unwrap()
            .unwrap()
    }

    #[test]
    fn the_vector_of_the_specification() {
        assert!(challenge().fits(VERIFIER));
    }

    #[test]
    fn challenges() {
        assert_eq!(Challenge::read(None, None), Ok(None));
        let short = &CHALLENGE[..42];
        let long = format!("{CHALLENGE}A");
        let padded = format!("{short}=");
        let stray = format!("{short}N");
        let standard = CHALLENGE.replace('-', "+");
        for (challenge, method) in [
            (None, Some("S256")),
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some("plain")),
            (Some(CHALLENGE), Some("s256")),
            (Some(CHALLENGE), Some("S512")),
            (Some(short), Some("S256")),
            (Some(&*long), Some("S256")),
            (Some(&*padded), Some("S256")),
            (Some(&*stray), Some("S256")),
            (Some(&*standard), Some("S256")),
            (Some(VERIFIER), Some("plain")),
        ] {
            assert!(
                Challenge::read(challenge, method).is_err(),
                "{challenge:?} {method:?}"
            );
        }
    }

    #[test]
    fn verifiers() {
        let challenge = challenge();
        for wrong in [
            "",
            "x",
            &VERIFIER[..42],
            CHALLENGE,
            &VERIFIER.to_lowercase(),
            &format!("{VERIFIER} "),
            &format!("{VERIFIER}="),
            &"a".repeat(129),
        ] {
            assert!(!challenge.fits(wrong), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn only_the_verifier_fits(verifier in "[A-Za-z0-9._~-]{43,128}", at in 0usize..43, letter in "[A-Za-z0-9._~-]") {
            let text = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            let challenge = Challenge::read(Some(&text), Some("S256")).unwrap().unwrap();
            prop_assert!(challenge.fits(&verifier));
            let mut other = verifier.clone();
            other.replace_range(at..=at, &letter);
            prop_assert_eq!(challenge.fits(&other), other == verifier);
        }

        #[test]
        fn never_panics(challenge in ".{0,60}", method in ".{0,6}", verifier in ".{0,140}") {
            if let Ok(Some(read)) = Challenge::read(Some(&challenge), Some(&method)) {
                let _ = read.fits(&verifier);
            }
        }
    }
}
