//! Every error code we can send, with the sentence that defines it, and the one error type of the specifications.
//!
//! Descriptions are constants: nothing of a request is ever echoed in an answer.

use std::fmt;

/// A code of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// A parameter is missing, unsupported, repeated or malformed. RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1.
    InvalidRequest,
    /// Client authentication failed: unknown client, none sent, wrong method or wrong secret. RFC 6749 §5.2.
    InvalidClient,
    /// The code or refresh token is unknown, expired, revoked, spent, or another client's. RFC 6749 §5.2.
    InvalidGrant,
    /// The client may not use this grant type or response type. RFC 6749 §4.1.2.1, §5.2.
    UnauthorizedClient,
    /// No such grant type here. RFC 6749 §5.2.
    UnsupportedGrantType,
    /// No such response type here. RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// The scope is unknown, malformed, or beyond what was granted. RFC 6749 §4.1.2.1, §5.2.
    InvalidScope,
    /// The person or the district said no. RFC 6749 §4.1.2.1.
    AccessDenied,
    /// A fault of ours. RFC 6749 §4.1.2.1.
    ServerError,
    /// Overloaded, or a store is away. RFC 6749 §4.1.2.1.
    TemporarilyUnavailable,
    /// The person must sign in, and `prompt=none` forbids asking. OIDC Core §3.1.2.6.
    LoginRequired,
    /// The person must do something, and `prompt=none` forbids asking. OIDC Core §3.1.2.6.
    InteractionRequired,
    /// An essential `acr` cannot be reached. OpenID Connect Core Error Code `UnmetAuthenticationRequirements` §2.
    UnmetAuthenticationRequirements,
    /// No request objects. OIDC Core §3.1.2.6.
    RequestNotSupported,
    /// No `request_uri` but our own. OIDC Core §3.1.2.6.
    RequestUriNotSupported,
    /// The access token is expired, revoked, malformed or unknown. RFC 6750 §3.1.
    InvalidToken,
    /// The access token does not reach this far. RFC 6750 §3.1.
    InsufficientScope,
}

impl ErrorCode {
    /// The code as sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error that a client may read.
///
/// Shape: `description` is ASCII without `"` and `\` (RFC 6749 §4.1.2.1 allows `%x20-21 / %x23-5B / %x5D-7E`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    /// What programs read.
    pub code: ErrorCode,
    /// What the vendor's engineer reads.
    pub description: &'static str,
}

impl OAuthError {
    /// An error with its description.
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        Self { code, description }
    }

    /// `invalid_request`.
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// `invalid_grant`, with one description for every cause: a thief learns nothing of why.
    pub const fn invalid_grant() -> Self {
        Self::new(
            ErrorCode::InvalidGrant,
            "The code or token is unknown, expired, used, revoked, or was issued to another client or redirect_uri, or the \
             code_verifier does not fit.",
        )
    }

    /// `invalid_client`, with one description for every cause.
    pub const fn invalid_client() -> Self {
        Self::new(
            ErrorCode::InvalidClient,
            "Client authentication failed: check client_id, the secret, and that the registered method is used.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_stay_in_the_allowed_alphabet() {
        for error in [OAuthError::invalid_grant(), OAuthError::invalid_client()] {
            assert!(
                error
                    .description
                    .bytes()
                    .all(|b| (0x20..=0x7e).contains(&b) && b != b'"' && b != b'\\')
            );
        }
    }
}
