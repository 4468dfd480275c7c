//! Requests to `/token`: RFC 6749 §4.1.3, §6. A new grant type is a variant here, a rule file and a flow file.

use super::client::GrantType;
use super::error::{ErrorCode, OAuthError};
use super::form::Params;
use super::scope::ScopeSet;
use crate::secret::Secret;

/// A request by grant type.
#[derive(Clone, Debug)]
pub enum TokenRequest {
    /// `authorization_code`.
    Code(CodeRequest),
    /// `refresh_token`.
    Refresh(RefreshRequest),
}

/// RFC 6749 §4.1.3, RFC 7636 §4.5.
#[derive(Clone, Debug)]
pub struct CodeRequest {
    /// The code.
    pub code: Secret,
    /// Must be the one of the authorization request.
    pub redirect_uri: Option<String>,
    /// What the challenge is made from.
    pub code_verifier: Option<Secret>,
}

/// RFC 6749 §6.
#[derive(Clone, Debug)]
pub struct RefreshRequest {
    /// The refresh token.
    pub refresh_token: Secret,
    /// A narrower scope, for this access token only.
    pub scope: Option<ScopeSet>,
}

impl TokenRequest {
    /// Its grant type.
    pub const fn grant_type(&self) -> GrantType {
        match self {
            Self::Code(_) => GrantType::AuthorizationCode,
            Self::Refresh(_) => GrantType::RefreshToken,
        }
    }
}

/// Reads a request.
///
/// Errors: `invalid_request` where a required parameter is missing, `unsupported_grant_type`, `invalid_scope`.
pub fn parse(params: &Params) -> Result<TokenRequest, OAuthError> {
    let grant_type = params
        .value("grant_type")
        .ok_or(OAuthError::invalid_request("grant_type is missing."))?;
    match grant_type {
        "authorization_code" => Ok(TokenRequest::Code(CodeRequest {
            code: required(params, "code", "code is missing.")?,
            redirect_uri: params.value("redirect_uri").map(str::to_owned),
            code_verifier: params.value("code_verifier").map(Secret::new),
        })),
        "refresh_token" => Ok(TokenRequest::Refresh(RefreshRequest {
            refresh_token: required(params, "refresh_token", "refresh_token is missing.")?,
            scope: params
                .value("scope")
                .map(ScopeSet::parse)
                .transpose()
                .map_err(|_| OAuthError::new(ErrorCode::InvalidScope, "scope is malformed."))?,
        })),
        _ => Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "grant_type must be authorization_code or refresh_token.",
        )),
    }
}

fn required(params: &Params, name: &str, description: &'static str) -> Result<Secret, OAuthError> {
    params
        .value(name)
        .map(Secret::new)
        .ok_or(OAuthError::invalid_request(description))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::form;

    #[test]
    fn requests() {
        use ErrorCode::{InvalidRequest, InvalidScope, UnsupportedGrantType};
        for (body, expected) in [
            ("grant_type=authorization_code&code=c", None),
            (
                "grant_type=refresh_token&refresh_token=r&scope=openid",
                None,
            ),
            ("", Some(InvalidRequest)),
            ("grant_type=", Some(InvalidRequest)),
            ("grant_type=authorization_code", Some(InvalidRequest)),
            ("grant_type=authorization_code&code=", Some(InvalidRequest)),
            ("grant_type=refresh_token", Some(InvalidRequest)),
            (
                "grant_type=refresh_token&refresh_token=r&scope=%22",
                Some(InvalidScope),
            ),
            (
                "grant_type=password&username=a&password=b",
                Some(UnsupportedGrantType),
            ),
            ("grant_type=implicit", Some(UnsupportedGrantType)),
            (
                "grant_type=Authorization_Code&code=c",
                Some(UnsupportedGrantType),
            ),
        ] {
            let params = form::parse(body.as_bytes()).unwrap();
            assert_eq!(parse(&params).err().map(|e| e.code), expected, "{body}");
        }
    }
}
