//! Access tokens: opaque, known by their digest; and how a request carries one. RFC 6749 §1.4, RFC 6750.

use serde::{Deserialize, Serialize};

use super::claims::ClaimsRequest;
use super::error::{ErrorCode, OAuthError};
use super::form::Params;
use super::scope::{OPENID, ScopeSet};
use crate::clock::Timestamp;
use crate::ids::{ClientId, GrantId, PersonId, Sid};
use crate::secret::Secret;

/// What is kept of an access token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessToken {
    /// About whom.
    pub person_id: PersonId,
    /// For whom.
    pub client_id: ClientId,
    /// What it reaches.
    pub scope: ScopeSet,
    /// Single claims asked for.
    pub claims: ClaimsRequest,
    /// The session that it ends with; `None` with `offline_access`.
    pub sid: Option<Sid>,
    /// The code and grant that it comes from: all of a line are revoked together.
    pub line: GrantId,
    /// The account's epoch.
    pub auth_epoch: i64,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Why a bearer request is refused, and the status that goes with it (RFC 6750 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerError {
    /// 401 without a code: "If the request lacks any authentication information".
    Missing,
    /// 400 `invalid_request`.
    Malformed(&'static str),
    /// 401 `invalid_token`.
    Invalid,
    /// 403 `insufficient_scope`.
    InsufficientScope,
}

impl BearerError {
    /// The error that the client may read; `None` for [`BearerError::Missing`].
    pub const fn error(self) -> Option<OAuthError> {
        match self {
            Self::Missing => None,
            Self::Malformed(description) => Some(OAuthError::invalid_request(description)),
            Self::Invalid => Some(OAuthError::new(
                ErrorCode::InvalidToken,
                "The access token is unknown, expired or revoked.",
            )),
            Self::InsufficientScope => Some(OAuthError::new(
                ErrorCode::InsufficientScope,
                "The access token needs the scope openid.",
            )),
        }
    }

    /// The value of `WWW-Authenticate` (RFC 6750 §3).
    pub fn challenge(self) -> String {
        match self.error() {
            None => "Bearer".to_owned(),
            Some(error) => format!(
                "Bearer error=\"{}\", error_description=\"{}\"",
                error.code, error.description
            ),
        }
    }
}

/// Reads the token of a request: the header (§2.1), or the body of a form post (§2.2). Never the query (§2.3).
pub fn read(authorization: Option<&str>, body: Option<&Params>) -> Result<Secret, BearerError> {
    let posted = body.and_then(|params| params.value("access_token"));
    let token = match (authorization, posted) {
        (None, None) => return Err(BearerError::Missing),
        (Some(_), Some(_)) => {
            return Err(BearerError::Malformed(
                "The access token is sent in two ways.",
            ));
        }
        (None, Some(token)) => token,
        (Some(header), None) => {
            let (scheme, token) = header.split_once(' ').ok_or(BearerError::Missing)?;
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(BearerError::Missing);
            }
            token.trim_matches(' ')
        }
    };
    if is_b64token(token) {
        Ok(Secret::new(token))
    } else {
        Err(BearerError::Malformed("The access token is malformed."))
    }
}

/// RFC 6750 §2.1: `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
}

/// Checks a token that was found by its digest.
///
/// Left to the caller: that neither its line nor its session was revoked, and that the account is still at its epoch.
pub fn check(token: Option<AccessToken>, now: Timestamp) -> Result<AccessToken, BearerError> {
    let token = token
        .filter(|token| now < token.expires_at)
        .ok_or(BearerError::Invalid)?;
    if token.scope.contains(OPENID) {
        Ok(token)
    } else {
        Err(BearerError::InsufficientScope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::form;
    use proptest::prelude::*;

    #[test]
    fn where_tokens_are_read() {
        use BearerError::{Malformed, Missing};
        let none = Params::default();
        let posted = form::parse(b"access_token=abc").unwrap();
        let empty = form::parse(b"access_token=").unwrap();
        let two = "The access token is sent in two ways.";
        let bad = "The access token is malformed.";
        for (header, body, expected) in [
            (Some("Bearer abc"), &none, Ok("abc")),
            (Some("bEARER abc=="), &none, Ok("abc==")),
            (Some("Bearer   abc"), &none, Ok("abc")),
            (None, &posted, Ok("abc")),
            (None, &none, Err(Missing)),
            (None, &empty, Err(Missing)),
            (Some("Basic abc"), &none, Err(Missing)),
            (Some("Bearer"), &none, Err(Missing)),
            (Some("Bearer "), &none, Err(Malformed(bad))),
            (Some("Bearer a b"), &none, Err(Malformed(bad))),
            (Some("Bearer a,b"), &none, Err(Malformed(bad))),
            (Some("Bearer =abc"), &none, Err(Malformed(bad))),
            (Some("Bearer abc"), &posted, Err(Malformed(two))),
        ] {
            assert_eq!(
                read(header, Some(body)),
                expected.map(Secret::new),
                "{header:?} {body:?}"
            );
        }
    }

    #[test]
    fn challenges() {
        assert_eq!(BearerError::Missing.challenge(), "Bearer");
        assert_eq!(
            BearerError::Invalid.challenge(),
            "Bearer error=\"invalid_token\", error_description=\"The access token is unknown, expired or revoked.\""
        );
    }

    #[test]
    fn checks() {
        let token = |scope: &str, expires: i64| AccessToken {
            person_id: PersonId::new("p"),
            client_id: ClientId::new("app"),
            scope: ScopeSet::parse(scope).unwrap(),
            claims: ClaimsRequest::default(),
            sid: None,
            line: GrantId::new("g"),
            auth_epoch: 1,
            expires_at: Timestamp::from_unix(expires),
        };
        let now = Timestamp::from_unix(10);
        assert!(check(Some(token("openid", 11)), now).is_ok());
        for (token, expected) in [
            (None, BearerError::Invalid),
            (Some(token("openid", 10)), BearerError::Invalid),
            (Some(token("email", 11)), BearerError::InsufficientScope),
        ] {
            assert_eq!(check(token, now), Err(expected));
        }
    }

    proptest! {
        #[test]
        fn headers_never_panic(header in ".{0,60}") {
            let _ = read(Some(&header), None);
        }
    }
}
