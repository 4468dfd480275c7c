//! Where an authorization response goes, and in which form.
//!
//! OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode, RFC 9207 (`iss`). Only a [`ResponseTarget`] can
//! carry an error back to a client, and only a registered `redirect_uri` makes one.

use serde::{Deserialize, Serialize};

use super::client::{ApplicationType, Client, ResponseType};
use super::error::OAuthError;
use super::form::{self, Params};
use super::redirect_uri::{self, Match};

/// How the parameters of a response travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of the `redirect_uri`.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that the browser posts there.
    FormPost,
}

impl ResponseMode {
    /// The modes by their wire names, as discovery lists them.
    pub const ALL: [&'static str; 3] = ["query", "fragment", "form_post"];

    fn parse(text: &str) -> Option<Self> {
        match text {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }

    /// Reads `response_mode` as asked for; an absent one is the response type's own.
    ///
    /// Errors: `invalid_request` for an unknown mode, and for an ID token in a query (Multiple Response Types §3 forbids it:
    /// queries end up in logs).
    pub fn asked(params: &Params, response_type: ResponseType) -> Result<Self, OAuthError> {
        let Some(text) = params.value("response_mode") else {
            return Ok(Self::default_of(response_type.has_id_token()));
        };
        match Self::parse(text) {
            Some(Self::Query) if response_type.has_id_token() => Err(OAuthError::invalid_request(
                "response_mode query is not for this response_type.",
            )),
            Some(mode) => Ok(mode),
            None => Err(OAuthError::invalid_request(
                "response_mode must be query, fragment or form_post.",
            )),
        }
    }

    /// Multiple Response Types §2.1 and §5: `query` for a code alone, `fragment` for everything else.
    const fn default_of(front_channel_token: bool) -> Self {
        if front_channel_token {
            Self::Fragment
        } else {
            Self::Query
        }
    }
}

/// An error that comes before there is anywhere to redirect: shown to the person as a page, status 400, never redirected
/// (RFC 6749 §4.1.2.1: "MUST NOT automatically redirect the user-agent to the invalid redirection URI").
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shown {
    /// The request cannot be read at all.
    #[error("the request is too large")]
    TooLarge,
    /// No `client_id`, or twice.
    #[error("client_id is missing")]
    NoClient,
    /// No such client, or it is switched off.
    #[error("the client is unknown")]
    UnknownClient,
    /// No `redirect_uri`, or twice.
    #[error("redirect_uri is missing")]
    NoRedirectUri,
    /// Not one of the client's.
    #[error("redirect_uri is not registered")]
    UnknownRedirectUri,
    /// The pending request is gone: too old, finished, or another browser's.
    #[error("the pending request is gone")]
    Gone,
}

/// A client's address that may be answered to, the mode, and the client's `state`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTarget {
    redirect_uri: String,
    mode: ResponseMode,
    state: Option<String>,
}

/// A response, ready for the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationResponse {
    /// 303 to this address.
    Redirect(String),
    /// A page with a form that posts itself.
    FormPost {
        /// Where the form goes.
        action: String,
        /// Its fields.
        fields: Vec<(String, String)>,
    },
}

impl ResponseTarget {
    /// The target of a request: `redirect_uri` sent and registered, `state` kept byte for byte. The mode is the asked one, or
    /// the default one if that is unknown or unfit; the checklist then refuses, by this very target.
    pub fn resolve(client: &Client, params: &Params) -> Result<Self, Shown> {
        // OIDC Core §3.1.2.1 requires redirect_uri, also where the client has only one.
        let asked = params.value("redirect_uri").ok_or(Shown::NoRedirectUri)?;
        let how = match client.application_type {
            ApplicationType::Web => Match::Exact,
            ApplicationType::Native => Match::LoopbackPort,
        };
        if asked.contains('#') || !redirect_uri::is_registered(&client.redirect_uris, how, asked) {
            return Err(Shown::UnknownRedirectUri);
        }
        let response_type = params.value("response_type").unwrap_or("code");
        // Before the checklist has looked at it, the wish alone decides: tokens never travel in a query, not even as an error.
        let front_channel_token = response_type
            .split(' ')
            .any(|word| word == "token" || word == "id_token");
        let mode = params
            .value("response_mode")
            .and_then(ResponseMode::parse)
            .filter(|mode| !(front_channel_token && *mode == ResponseMode::Query))
            .unwrap_or(ResponseMode::default_of(front_channel_token));
        Ok(Self {
            redirect_uri: asked.to_owned(),
            mode,
            state: params.value("state").map(str::to_owned),
        })
    }

    /// The client's address.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What CSP's `form-action` must allow on every page before the answer, and on the self-posting page.
    pub fn form_action_source(&self) -> Option<String> {
        redirect_uri::form_action_source(&self.redirect_uri)
    }

    /// A response with `params`, `state` if there was one, and `iss` (RFC 9207 §2).
    pub fn success(&self, issuer: &str, params: &[(&str, &str)]) -> AuthorizationResponse {
        self.respond(issuer, params)
    }

    /// An error response (RFC 6749 §4.1.2.1), `state` and `iss` included.
    pub fn error(&self, issuer: &str, error: OAuthError) -> AuthorizationResponse {
        self.respond(
            issuer,
            &[
                ("error", error.code.as_str()),
                ("error_description", error.description),
            ],
        )
    }

    fn respond(&self, issuer: &str, params: &[(&str, &str)]) -> AuthorizationResponse {
        let state = self.state.as_deref().map(|state| ("state", state));
        let pairs = params.iter().copied().chain(state).chain([("iss", issuer)]);
        match self.mode {
            ResponseMode::Query => {
                let separator = if self.redirect_uri.contains('?') {
                    '&'
                } else {
                    '?'
                };
                // The empty fragment at the end keeps the browser from carrying over one of the page it comes from.
                let query = form::encode(pairs);
                AuthorizationResponse::Redirect(format!("{}{separator}{query}#", self.redirect_uri))
            }
            ResponseMode::Fragment => AuthorizationResponse::Redirect(format!(
                "{}#{}",
                self.redirect_uri,
                form::encode(pairs)
            )),
            ResponseMode::FormPost => AuthorizationResponse::FormPost {
                action: self.redirect_uri.clone(),
                fields: pairs
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::error::ErrorCode;

    const ISSUER: &str = "https://portal.example.org";

    fn client() -> Client {
        Client {
            redirect_uris: vec![
                "https://library.example/cb".into(),
                "https://library.example/q?tenant=1".into(),
            ],
            ..Client::default()
        }
    }

    fn resolve(query: &str) -> Result<ResponseTarget, Shown> {
        ResponseTarget::resolve(&client(), &form::parse(query.as_bytes()).unwrap())
    }

    fn location(query: &str) -> String {
        match resolve(query).unwrap().success(ISSUER, &[("code", "c d")]) {
            AuthorizationResponse::Redirect(to) => to,
            AuthorizationResponse::FormPost { .. } => panic!("a form"),
        }
    }

    #[test]
    fn nothing_is_redirected_to_an_address_that_is_not_registered() {
        for (query, expected) in [
            ("", Shown::NoRedirectUri),
            ("redirect_uri=", Shown::NoRedirectUri),
            (
                "redirect_uri=https://evil.example/cb",
                Shown::UnknownRedirectUri,
            ),
            (
                "redirect_uri=https://library.example/cb%23x",
                Shown::UnknownRedirectUri,
            ),
        ] {
            assert_eq!(resolve(query), Err(expected), "{query}");
        }
    }

    #[test]
    fn modes() {
        let base = "redirect_uri=https://library.example/cb&state=s%26%3D%23+1&response_type=";
        let query = "https://library.example/cb?code=c+d&state=s%26%3D%23+1&iss=https%3A%2F%2Fportal.example.org#";
        let fragment = "https://library.example/cb#code=c+d&state=s%26%3D%23+1&iss=https%3A%2F%2Fportal.example.org";
        for (tail, expected) in [
            ("code", query),
            ("code&response_mode=query", query),
            ("code&response_mode=", query),
            ("code&response_mode=pigeon", query),
            ("code&response_mode=fragment", fragment),
            ("code+id_token", fragment),
            ("id_token", fragment),
            ("token", fragment),
            // An ID token never travels in a query, whatever was asked for.
            ("id_token&response_mode=query", fragment),
        ] {
            assert_eq!(location(&format!("{base}{tail}")), expected, "{tail}");
        }
    }

    #[test]
    fn a_registered_query_stays() {
        assert_eq!(
            location("redirect_uri=https://library.example/q?tenant%3D1"),
            "https://library.example/q?tenant=1&code=c+d&iss=https%3A%2F%2Fportal.example.org#"
        );
    }

    #[test]
    fn form_post() {
        let target =
            resolve("redirect_uri=https://library.example/cb&response_mode=form_post&state=%22%3E")
                .unwrap();
        let error = OAuthError::new(ErrorCode::LoginRequired, "Sign in.");
        let AuthorizationResponse::FormPost { action, fields } = target.error(ISSUER, error) else {
            panic!("no form")
        };
        assert_eq!(action, "https://library.example/cb");
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            fields,
            [
                ("error", "login_required"),
                ("error_description", "Sign in."),
                ("state", "\">"),
                ("iss", ISSUER),
            ]
        );
    }

    #[test]
    fn asked_modes() {
        let ask =
            |query: &str, kind| ResponseMode::asked(&form::parse(query.as_bytes()).unwrap(), kind);
        for (query, kind, expected) in [
            ("", ResponseType::Code, Some(ResponseMode::Query)),
            ("", ResponseType::IdToken, Some(ResponseMode::Fragment)),
            ("", ResponseType::CodeIdToken, Some(ResponseMode::Fragment)),
            (
                "response_mode=form_post",
                ResponseType::IdToken,
                Some(ResponseMode::FormPost),
            ),
            ("response_mode=query", ResponseType::CodeIdToken, None),
            ("response_mode=QUERY", ResponseType::Code, None),
            ("response_mode=web_message", ResponseType::Code, None),
        ] {
            assert_eq!(ask(query, kind).ok(), expected, "{query} {kind}");
        }
    }
}
