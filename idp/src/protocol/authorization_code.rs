//! Authorization codes: what is kept of them, and the five checks that redeem one. RFC 6749 §4.1.3, RFC 7636 §4.6.

use serde::{Deserialize, Serialize};

use super::claims::ClaimsRequest;
use super::error::OAuthError;
use super::pkce::Challenge;
use super::scope::ScopeSet;
use super::token_request::CodeRequest;
use crate::clock::Timestamp;
use crate::ids::{ClientId, GrantId, PersonId, Sid};

/// What is kept of a code, under its digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthorizationCode {
    /// For whom.
    pub client_id: ClientId,
    /// The `redirect_uri` of the request.
    pub redirect_uri: String,
    /// What was granted.
    pub scope: ScopeSet,
    /// Goes into the ID token.
    pub nonce: Option<String>,
    /// What the verifier must fit.
    pub challenge: Option<Challenge>,
    /// Single claims asked for.
    pub claims: ClaimsRequest,
    /// About whom, and how they signed in.
    pub authentication: Authentication,
    /// Names all that the code yields, so that it can be revoked together.
    pub line: GrantId,
    /// When the code ends.
    pub expires_at: Timestamp,
}

/// A person's sign-in, as codes, tokens and grants carry it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// Who.
    pub person_id: PersonId,
    /// The account's epoch then: a later one ends everything that was issued before.
    pub auth_epoch: i64,
    /// In which session.
    pub sid: Sid,
    /// When that session ends in any case.
    pub session_ends_at: Timestamp,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// Authentication class.
    pub acr: String,
    /// How (RFC 8176).
    pub amr: Vec<String>,
}

/// Checks a request against the code: not expired, this client's, same `redirect_uri`, verifier present where there is a
/// challenge and absent where there is none, and fitting.
///
/// Errors: `invalid_grant` for every failed check (RFC 6749 §5.2), with one description, so a caller cannot tell which.
/// Left to the caller: the fifth check, single use. Call `first_use` after this returns `Ok`, before minting; so a stranger
/// who holds a code without its verifier cannot burn it.
pub fn redeem(
    code: &AuthorizationCode,
    request: &CodeRequest,
    client_id: &ClientId,
    now: Timestamp,
) -> Result<(), OAuthError> {
    let alive = now < code.expires_at;
    let same_client = code.client_id == *client_id;
    let same_redirect = request.redirect_uri.as_ref() == Some(&code.redirect_uri);
    let verified = match (&code.challenge, &request.code_verifier) {
        (Some(challenge), Some(verifier)) => challenge.fits(verifier.expose()),
        (None, None) => true,
        // RFC 9700 §2.1.1, §4.8.2: a verifier without a challenge is a downgrade.
        _ => false,
    };
    if alive && same_client && same_redirect && verified {
        Ok(())
    } else {
        Err(OAuthError::invalid_grant())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::error::ErrorCode;
    use crate::secret::Secret;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn code(challenge: bool) -> AuthorizationCode {
        let at = Timestamp::from_unix(1_800_000_000);
        AuthorizationCode {
            client_id: ClientId::new("app"),
            redirect_uri: "https://app.example/cb".into(),
            scope: ["openid"].into_iter().collect(),
            nonce: None,
            challenge: challenge.then(|| {
                Challenge::read(Some(CHALLENGE), Some("S256"))
                    .unwrap()
                    .unwrap()
            }),
            claims: ClaimsRequest::default(),
            authentication: Authentication {
                person_id: PersonId::new("p"),
                auth_epoch: 1,
                sid: Sid::new("s"),
                session_ends_at: at,
                auth_time: at,
                acr: "1".into(),
                amr: vec!["pwd".into()],
            },
            line: GrantId::new("line"),
            expires_at: at,
        }
    }

    /// U-40: every combination of what may be wrong. Only the one with nothing wrong redeems.
    #[test]
    fn all_combinations() {
        for wrong in 0..16_u32 {
            let is_wrong = |bit: u32| wrong & (1 << bit) != 0;
            let request = CodeRequest {
                code: Secret::new("c"),
                redirect_uri: Some(if is_wrong(0) {
                    "https://app.example/cb/".into()
                } else {
                    "https://app.example/cb".into()
                }),
                code_verifier: Some(Secret::new(if is_wrong(1) { CHALLENGE } else { VERIFIER })),
            };
            let client_id = ClientId::new(if is_wrong(2) { "other" } else { "app" });
            let now = Timestamp::from_unix(if is_wrong(3) {
                1_800_000_000
            } else {
                1_799_999_999
            });
            let outcome = redeem(&code(true), &request, &client_id, now);
            assert_eq!(outcome.is_ok(), wrong == 0, "{wrong:04b}");
            if let Err(error) = outcome {
                assert_eq!(error, OAuthError::invalid_grant());
                assert_eq!(error.code, ErrorCode::InvalidGrant);
            }
        }
    }

    #[test]
    fn challenge_and_verifier_come_together_or_not_at_all() {
        for (challenge, verifier, expected) in [
            (true, Some(VERIFIER), true),
            (true, None, false),
            (true, Some(""), false),
            (false, None, true),
            (false, Some(VERIFIER), false),
        ] {
            let request = CodeRequest {
                code: Secret::new("c"),
                redirect_uri: Some("https://app.example/cb".into()),
                code_verifier: verifier.map(Secret::new),
            };
            let now = Timestamp::from_unix(1_799_999_990);
            let outcome = redeem(&code(challenge), &request, &ClientId::new("app"), now);
            assert_eq!(outcome.is_ok(), expected, "{challenge} {verifier:?}");
        }
    }

    #[test]
    fn redirect_uri_is_required() {
        let request = CodeRequest {
            code: Secret::new("c"),
            redirect_uri: None,
            code_verifier: Some(Secret::new(VERIFIER)),
        };
        let now = Timestamp::from_unix(1_799_999_990);
        assert!(redeem(&code(true), &request, &ClientId::new("app"), now).is_err());
    }
}
