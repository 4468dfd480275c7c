//! The checklist of `/authorize`: RFC 6749 §4.1.1, OIDC Core §3.1.2.1. Every rule is one line of [`check`], in one order.
//!
//! What is not in the list is ignored (OIDC Core §3.1.2.1: "The Authorization Server SHOULD ignore unrecognized request
//! parameters"). The client and its `redirect_uri` are sound before this; so every error here may be redirected.

use serde::{Deserialize, Serialize};

use super::claims::ClaimsRequest;
use super::client::{Client, GrantType, ResponseType};
use super::error::{ErrorCode, OAuthError};
use super::form::Params;
use super::pkce::Challenge;
use super::prompt::{self, Prompt};
use super::response_mode::ResponseMode;
use super::scope::{OFFLINE_ACCESS, OPENID, ScopeSet};

/// A request that keeps every rule of the checklist. Made by [`check`] only, or read back from where we kept it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// What the answer is made of.
    pub response_type: ResponseType,
    /// What was asked for and this client may have; `openid` is in it.
    pub scope: ScopeSet,
    /// Comes back in the ID token.
    pub nonce: Option<String>,
    /// What the `code_verifier` must fit.
    pub challenge: Option<Challenge>,
    /// How to ask the person.
    pub prompt: Prompt,
    /// Oldest sign-in that is good enough, in seconds.
    pub max_age: Option<u32>,
    /// Authentication classes asked for, the dearest first. A wish, no demand.
    pub acr_values: Vec<String>,
    /// Single claims asked for.
    pub claims: ClaimsRequest,
    /// A hint at the person: a launch ticket of ours, or anything.
    pub login_hint: Option<String>,
    /// An ID token of ours about the person; its signature is checked by the caller.
    pub id_token_hint: Option<String>,
    /// Languages asked for, the dearest first.
    pub ui_locales: Vec<String>,
    #[serde(skip)]
    checked: Checked,
}

/// Private, so that nobody else makes a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Checked;

/// Reads and checks a request of `client`.
pub fn check(params: &Params, client: &Client) -> Result<AuthorizationRequest, OAuthError> {
    check_way_in(client)?;
    check_no_request_object(params)?;
    let response_type = check_response_type(params, client)?;
    ResponseMode::asked(params, response_type)?;
    let scope = check_scope(params, client)?;
    let nonce = check_nonce(params, response_type)?;
    let mut prompt = Prompt::read(params)?;
    prompt.login |= client.require_login_each_launch;
    let max_age = prompt::read_max_age(params)?.or(client.default_max_age);
    let challenge = check_challenge(params, client, response_type)?;
    let claims = check_claims(params)?;
    let acr_values: Vec<String> = words(params, "acr_values");
    Ok(AuthorizationRequest {
        response_type,
        scope,
        nonce,
        challenge,
        prompt,
        max_age,
        acr_values: if acr_values.is_empty() {
            client.default_acr_values.clone()
        } else {
            acr_values
        },
        claims,
        login_hint: params.value("login_hint").map(str::to_owned),
        id_token_hint: params.value("id_token_hint").map(str::to_owned),
        ui_locales: words(params, "ui_locales"),
        checked: Checked,
    })
}

/// What the client registered that it needs, and that a plain request does not give (RFC 9126 §6, RFC 9101 §10.5).
fn check_way_in(client: &Client) -> Result<(), OAuthError> {
    if client.require_pushed_authorization_requests {
        return Err(OAuthError::invalid_request(
            "This client registered that its requests are pushed.",
        ));
    }
    if client.require_signed_request_object {
        return Err(OAuthError::invalid_request(
            "This client registered that its requests are signed.",
        ));
    }
    Ok(())
}

/// A request object would replace what stands beside it, so it comes first and is never passed over (OIDC Core §3.1.2.6).
fn check_no_request_object(params: &Params) -> Result<(), OAuthError> {
    if params.value("request").is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestNotSupported,
            "Request objects are not supported.",
        ));
    }
    if params.value("request_uri").is_some() {
        return Err(OAuthError::new(
            ErrorCode::RequestUriNotSupported,
            "request_uri is not supported.",
        ));
    }
    Ok(())
}

/// Only what the client registered; the code flow also needs its grant type, or the code would be good for nothing.
fn check_response_type(params: &Params, client: &Client) -> Result<ResponseType, OAuthError> {
    let text = params
        .value("response_type")
        .ok_or(OAuthError::invalid_request("response_type is missing."))?;
    let response_type = ResponseType::from_request(text).ok_or(OAuthError::new(
        ErrorCode::UnsupportedResponseType,
        "response_type is not supported; use code.",
    ))?;
    let granted = !response_type.has_code() || client.allows_grant(GrantType::AuthorizationCode);
    if granted && client.allows_response(response_type) {
        return Ok(response_type);
    }
    Err(OAuthError::new(
        ErrorCode::UnauthorizedClient,
        "This client did not register this response_type.",
    ))
}

/// Unknown and unregistered scopes are left out (OIDC Core §3.1.2.1: "Scope values used that are not understood by an
/// implementation SHOULD be ignored"). `offline_access` stands by the grant type: the district agreed for the person, which
/// takes the place of `prompt=consent` (OIDC Core §11).
fn check_scope(params: &Params, client: &Client) -> Result<ScopeSet, OAuthError> {
    let invalid = |description| OAuthError::new(ErrorCode::InvalidScope, description);
    let text = params
        .value("scope")
        .ok_or(invalid("scope is missing; it must contain openid."))?;
    let asked = ScopeSet::parse(text).map_err(|_| invalid("scope is malformed."))?;
    if !asked.contains(OPENID) {
        return Err(invalid("scope must contain openid."));
    }
    Ok(permitted(&asked, client))
}

/// What of `asked` the client may have now. Asked again at each token, so a scope taken away is gone at once.
pub fn permitted(asked: &ScopeSet, client: &Client) -> ScopeSet {
    let refresh = client.allows_grant(GrantType::RefreshToken);
    asked
        .iter()
        .filter(|scope| match *scope {
            OPENID => true,
            OFFLINE_ACCESS => refresh,
            scope => client.scope.contains(scope),
        })
        .collect()
}

/// OIDC Core §3.2.2.1, §3.3.2.11: required where the ID token comes from here, optional for a code.
fn check_nonce(params: &Params, response_type: ResponseType) -> Result<Option<String>, OAuthError> {
    match params.value("nonce") {
        None if response_type.has_id_token() => {
            Err(OAuthError::invalid_request("nonce is missing."))
        }
        nonce => Ok(nonce.map(str::to_owned)),
    }
}

/// RFC 9700 §2.1.1: every client. A registered exemption is for confidential clients that know only `nonce`.
fn check_challenge(
    params: &Params,
    client: &Client,
    response_type: ResponseType,
) -> Result<Option<Challenge>, OAuthError> {
    let challenge = Challenge::read(
        params.value("code_challenge"),
        params.value("code_challenge_method"),
    )?;
    let required = response_type.has_code() && (client.require_pkce || client.is_public());
    if required && challenge.is_none() {
        return Err(OAuthError::invalid_request(
            "code_challenge is missing; PKCE with S256 is required.",
        ));
    }
    Ok(challenge)
}

fn check_claims(params: &Params) -> Result<ClaimsRequest, OAuthError> {
    params.value("claims").map_or_else(
        || Ok(ClaimsRequest::default()),
        |text| {
            ClaimsRequest::parse(text)
                .map_err(|_| OAuthError::invalid_request("claims is malformed."))
        },
    )
}

fn words(params: &Params, name: &str) -> Vec<String> {
    // More than a handful is no wish but a load.
    prompt::list(params.value(name))
        .take(16)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::client::AuthMethod;
    use crate::protocol::form;

    const PKCE: &str =
        "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    fn check_query(query: &str, client: &Client) -> Result<AuthorizationRequest, ErrorCode> {
        check(&form::parse(query.as_bytes()).unwrap(), client).map_err(|error| error.code)
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn one_rule_a_line() {
        use ErrorCode::{
            InvalidRequest, InvalidScope, RequestNotSupported, RequestUriNotSupported,
            UnauthorizedClient, UnsupportedResponseType,
        };
        let ok = format!("response_type=code&scope=openid&{PKCE}");
        for (query, expected) in [
            (ok.clone(), None),
            (
                format!("{ok}&unknown=1&claims_locales=es&display=popup"),
                None,
            ),
            (
                format!("response_type=code&scope=openid+nonsense&{PKCE}"),
                None,
            ),
            (format!("{ok}&request=ey.ey."), Some(RequestNotSupported)),
            (
                format!("{ok}&request_uri=https://client.example/r"),
                Some(RequestUriNotSupported),
            ),
            (format!("{ok}&request="), None),
            (format!("scope=openid&{PKCE}"), Some(InvalidRequest)),
            (
                format!("response_type=&scope=openid&{PKCE}"),
                Some(InvalidRequest),
            ),
            (
                format!("response_type=token&scope=openid&{PKCE}"),
                Some(UnsupportedResponseType),
            ),
            (
                format!("response_type=code+token&scope=openid&{PKCE}"),
                Some(UnsupportedResponseType),
            ),
            (
                "response_type=id_token&scope=openid&nonce=n".into(),
                Some(UnauthorizedClient),
            ),
            (
                format!("response_type=id_token+code&scope=openid&nonce=n&{PKCE}"),
                Some(UnauthorizedClient),
            ),
            (format!("{ok}&response_mode=pigeon"), Some(InvalidRequest)),
            (format!("response_type=code&{PKCE}"), Some(InvalidScope)),
            (
                format!("response_type=code&scope=profile&{PKCE}"),
                Some(InvalidScope),
            ),
            (
                format!("response_type=code&scope=openid+%22&{PKCE}"),
                Some(InvalidScope),
            ),
            (format!("{ok}&prompt=none+login"), Some(InvalidRequest)),
            (format!("{ok}&max_age=soon"), Some(InvalidRequest)),
            (
                "response_type=code&scope=openid".into(),
                Some(InvalidRequest),
            ),
            (
                "response_type=code&scope=openid&code_challenge=x&code_challenge_method=plain"
                    .into(),
                Some(InvalidRequest),
            ),
            (format!("{ok}&claims=%7B"), Some(InvalidRequest)),
        ] {
            assert_eq!(
                check_query(&query, &Client::default()).err(),
                expected,
                "{query}"
            );
        }
    }

    #[test]
    fn scopes_are_those_of_the_client() {
        let scope = |client: &Client| {
            let query = format!(
                "response_type=code&scope=openid+profile+roster.ids+offline_access+x&{PKCE}"
            );
            check_query(&query, client).unwrap().scope.to_string()
        };
        assert_eq!(scope(&Client::default()), "openid profile");
        let client = Client {
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            scope: ["roster.ids"].into_iter().collect(),
            ..Client::default()
        };
        assert_eq!(scope(&client), "offline_access openid roster.ids");
    }

    #[test]
    fn exemption_from_pkce_is_for_confidential_clients() {
        let exempt = Client {
            require_pkce: false,
            ..Client::default()
        };
        let query = "response_type=code&scope=openid";
        assert!(check_query(query, &exempt).is_ok());
        let public = Client {
            token_endpoint_auth_method: AuthMethod::None,
            ..exempt.clone()
        };
        assert!(check_query(query, &public).is_err());
        // Who sends a challenge must send a sound one.
        assert!(check_query(&format!("{query}&code_challenge=x"), &exempt).is_err());
    }

    #[test]
    fn registered_response_types() {
        let client = Client {
            response_types: vec![ResponseType::IdToken, ResponseType::CodeIdToken],
            ..Client::default()
        };
        let base = "scope=openid&nonce=n&response_type=";
        assert!(check_query(&format!("{base}id_token"), &client).is_ok());
        assert!(check_query(&format!("{base}id_token+code&{PKCE}"), &client).is_ok());
        assert_eq!(
            check_query(&format!("{base}code&{PKCE}"), &client).err(),
            Some(ErrorCode::UnauthorizedClient)
        );
        for without_nonce in [
            "response_type=id_token",
            "response_type=code+id_token&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        ] {
            assert_eq!(
                check_query(&format!("scope=openid&{without_nonce}"), &client).err(),
                Some(ErrorCode::InvalidRequest)
            );
        }
    }

    #[test]
    fn what_the_client_registered_stands_where_the_request_says_nothing() {
        let client = Client {
            default_max_age: Some(600),
            default_acr_values: vec!["2".into()],
            require_login_each_launch: true,
            ..Client::default()
        };
        let base = format!("response_type=code&scope=openid&{PKCE}");
        let request = check_query(&base, &client).unwrap();
        assert_eq!(request.max_age, Some(600));
        assert_eq!(request.acr_values, ["2"]);
        assert!(request.prompt.login);
        let request = check_query(
            &format!("{base}&max_age=5&acr_values=1+2&ui_locales=es+en"),
            &client,
        )
        .unwrap();
        assert_eq!(request.max_age, Some(5));
        assert_eq!(request.acr_values, ["1", "2"]);
        assert_eq!(request.ui_locales, ["es", "en"]);
    }

    #[test]
    fn a_request_survives_being_kept() {
        let query = format!(
            "response_type=code&scope=openid&nonce=n&prompt=login&max_age=1&claims=%7B%22userinfo%22%3A%7B%22name%22%3Anull%7D%7D&{PKCE}"
        );
        let request = check_query(&query, &Client::default()).unwrap();
        let kept = serde_json::to_string(&request).unwrap();
        assert_eq!(
            serde_json::from_str::<AuthorizationRequest>(&kept).unwrap(),
            request
        );
    }
}
