//! A client's metadata under the names of RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2 and the logout
//! specifications; below them our own fields. What may stand in them is checked by `registration.rs`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::registration::{self, Refused};
use super::scope::ScopeSet;
use crate::clock::Lifetime;
use crate::ids::ClientId;

/// A registered relying party. Every field has a default, so a registration names only what differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a metadata name of its specification"
)]
pub struct Client {
    /// The identifier (RFC 6749 §2.2).
    pub client_id: ClientId,
    /// Name to show to people.
    pub client_name: String,
    /// `web` or `native`. Default `web`.
    pub application_type: ApplicationType,
    /// Addresses that codes may go to, compared letter by letter. At least one where there is a response type.
    pub redirect_uris: Vec<String>,
    /// Default `code`.
    pub response_types: Vec<ResponseType>,
    /// Default `authorization_code`.
    pub grant_types: Vec<GrantType>,
    /// How the client proves itself. Default `client_secret_basic`.
    pub token_endpoint_auth_method: AuthMethod,
    /// Algorithm of its assertions (RFC 7523). Default: any that its keys fit.
    pub token_endpoint_auth_signing_alg: Option<SigningAlgorithm>,
    /// Scopes it may ask for. Default: all that release nothing by themselves.
    pub scope: ScopeSet,
    /// Its public keys (RFC 7517), by value.
    pub jwks: Option<Value>,
    /// Its public keys, by address.
    pub jwks_uri: Option<String>,
    /// `pairwise` or `public`. Default `pairwise` (OIDC Core §8).
    pub subject_type: SubjectType,
    /// Document that lists the redirect URIs; its host is the sector of pairwise subjects (OIDC Core §8.1).
    pub sector_identifier_uri: Option<String>,
    /// Default `RS256`.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// JWE `alg` of ID tokens (RFC 7518 §4). Default: not encrypted.
    pub id_token_encrypted_response_alg: Option<String>,
    /// JWE `enc` of ID tokens.
    pub id_token_encrypted_response_enc: Option<String>,
    /// Userinfo as a signed JWT. Default: plain JSON.
    pub userinfo_signed_response_alg: Option<SigningAlgorithm>,
    /// JWE `alg` of userinfo.
    pub userinfo_encrypted_response_alg: Option<String>,
    /// JWE `enc` of userinfo.
    pub userinfo_encrypted_response_enc: Option<String>,
    /// Authorization responses as a signed JWT (JARM §3).
    pub authorization_signed_response_alg: Option<SigningAlgorithm>,
    /// Algorithm of request objects (RFC 9101).
    pub request_object_signing_alg: Option<SigningAlgorithm>,
    /// Whether only signed request objects are taken (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// Addresses of request objects (OIDC Core §6.2).
    pub request_uris: Vec<String>,
    /// Whether requests must be pushed (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Whether access tokens are bound to a key (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Oldest sign-in that is good enough, in seconds, where the request says nothing.
    pub default_max_age: Option<u32>,
    /// Whether the ID token always has `auth_time`.
    pub require_auth_time: bool,
    /// Authentication classes asked for where the request says nothing.
    pub default_acr_values: Vec<String>,
    /// Where a tile click starts the sign-in (OIDC Core §4).
    pub initiate_login_uri: Option<String>,
    /// Where a browser may go after signing out (OIDC RP-Initiated Logout §2).
    pub post_logout_redirect_uris: Vec<String>,
    /// Where logout tokens go (OIDC Back-Channel Logout §2.2).
    pub backchannel_logout_uri: Option<String>,
    /// Whether logout tokens must have `sid`.
    pub backchannel_logout_session_required: bool,
    /// Page that signs the browser out of the client (OIDC Front-Channel Logout §2).
    pub frontchannel_logout_uri: Option<String>,
    /// Whether that page gets `iss` and `sid`.
    pub frontchannel_logout_session_required: bool,
    /// The vendor's page about the application.
    pub client_uri: Option<String>,
    /// The application's picture.
    pub logo_uri: Option<String>,
    /// The vendor's privacy policy.
    pub policy_uri: Option<String>,
    /// The vendor's terms of service.
    pub tos_uri: Option<String>,
    /// E-mail addresses of those responsible at the vendor.
    pub contacts: Vec<String>,
    /// Names the software, the same in every installation.
    pub software_id: Option<String>,
    /// Its version.
    pub software_version: Option<String>,

    /// Ours: whether a request needs PKCE with S256 (RFC 7636). Default yes; no is for confidential clients only.
    pub require_pkce: bool,
    /// Ours: the claims that the district lets this client see, by name. Default: none but `sub`.
    pub approved_claims: Vec<String>,
    /// Ours: whether claims of scopes stand in the ID token too, for vendors that read nothing else. Default no
    /// (OIDC Core §5.4 sends them to userinfo).
    pub claims_in_id_token: bool,
    /// Ours: whether every launch asks for the password, as `prompt=login` does. Default no.
    pub require_login_each_launch: bool,
    /// Ours: life of its access tokens, in seconds, 60 to 600. Default: the setting `tokens.access_token`.
    pub access_token_lifetime: Option<Lifetime>,
    /// Ours: life of its ID tokens, in seconds, 60 to 3600. Default: the setting `tokens.id_token`.
    pub id_token_lifetime: Option<Lifetime>,
}

impl Default for Client {
    fn default() -> Self {
        Self {
            client_id: ClientId::new(""),
            client_name: String::new(),
            application_type: ApplicationType::Web,
            redirect_uris: Vec::new(),
            response_types: vec![ResponseType::Code],
            grant_types: vec![GrantType::AuthorizationCode],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            token_endpoint_auth_signing_alg: None,
            scope: ["openid", "profile", "email", "address", "phone", "roster"]
                .into_iter()
                .collect(),
            jwks: None,
            jwks_uri: None,
            subject_type: SubjectType::Pairwise,
            sector_identifier_uri: None,
            id_token_signed_response_alg: SigningAlgorithm::RS256,
            id_token_encrypted_response_alg: None,
            id_token_encrypted_response_enc: None,
            userinfo_signed_response_alg: None,
            userinfo_encrypted_response_alg: None,
            userinfo_encrypted_response_enc: None,
            authorization_signed_response_alg: None,
            request_object_signing_alg: None,
            require_signed_request_object: false,
            request_uris: Vec::new(),
            require_pushed_authorization_requests: false,
            dpop_bound_access_tokens: false,
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            initiate_login_uri: None,
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            contacts: Vec::new(),
            software_id: None,
            software_version: None,
            require_pkce: true,
            approved_claims: Vec::new(),
            claims_in_id_token: false,
            require_login_each_launch: false,
            access_token_lifetime: None,
            id_token_lifetime: None,
        }
    }
}

impl Client {
    /// Whether the client can keep no secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthMethod::None
    }

    /// Whether the client proves itself by a shared secret.
    pub fn has_secret(&self) -> bool {
        matches!(
            self.token_endpoint_auth_method,
            AuthMethod::ClientSecretBasic
                | AuthMethod::ClientSecretPost
                | AuthMethod::ClientSecretJwt
        )
    }

    /// Whether it registered this response type.
    pub fn allows_response(&self, response_type: ResponseType) -> bool {
        self.response_types.contains(&response_type)
    }

    /// Whether it registered this grant type.
    pub fn allows_grant(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    /// Checks every rule of registration.
    ///
    /// # Errors
    /// The first rule broken: the field, what was found, what to do.
    pub fn check(&self) -> Result<(), Refused> {
        registration::check(self)
    }
}

/// A closed list of values, each with the text that it has in metadata and requests.
macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// As written in metadata and requests.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Reads the text, letter by letter.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

values!(
    /// Where the client runs (OIDC Registration §2).
    ApplicationType {
        /// On a server, or as a page.
        Web = "web",
        /// On the person's own device.
        Native = "native",
    }
);
values!(
    /// What the authorization endpoint answers with (OAuth 2.0 Multiple Response Types §3). No access token ever.
    ResponseType {
        /// A code.
        Code = "code",
        /// An ID token.
        IdToken = "id_token",
        /// Both.
        CodeIdToken = "code id_token",
    }
);
values!(
    /// What the token endpoint takes (RFC 6749 §1.3).
    GrantType {
        /// A code (RFC 6749 §4.1).
        AuthorizationCode = "authorization_code",
        /// A refresh token (RFC 6749 §6).
        RefreshToken = "refresh_token",
        /// The client itself (RFC 6749 §4.4).
        ClientCredentials = "client_credentials",
        /// A device code (RFC 8628).
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// Named by clients whose response type has an ID token (OIDC Registration §2); opens nothing at the token endpoint.
        Implicit = "implicit",
    }
);
values!(
    /// How a client proves itself at the token endpoint (OIDC Core §9).
    AuthMethod {
        /// Secret in the `Authorization` header.
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the body.
        ClientSecretPost = "client_secret_post",
        /// Assertion under the secret (RFC 7523).
        ClientSecretJwt = "client_secret_jwt",
        /// Assertion under a private key (RFC 7523).
        PrivateKeyJwt = "private_key_jwt",
        /// Not at all: a public client.
        None = "none",
    }
);
values!(
    /// Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1). There is no `none`.
    SigningAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        RS256 = "RS256",
        /// RSASSA-PSS with SHA-256.
        PS256 = "PS256",
        /// ECDSA on P-256 with SHA-256.
        ES256 = "ES256",
        /// Ed25519.
        EdDSA = "EdDSA",
    }
);
values!(
    /// Whether two clients see the same subject for a person (OIDC Core §8).
    SubjectType {
        /// No: one subject per sector.
        Pairwise = "pairwise",
        /// Yes.
        Public = "public",
    }
);

impl ResponseType {
    /// Reads the `response_type` parameter: tokens in any order (OAuth 2.0 Multiple Response Types §3).
    pub fn from_request(text: &str) -> Option<Self> {
        let mut tokens: Vec<&str> = text.split(' ').collect();
        tokens.sort_unstable();
        Self::parse(&tokens.join(" "))
    }

    /// Whether the answer has a code.
    pub const fn has_code(self) -> bool {
        matches!(self, Self::Code | Self::CodeIdToken)
    }

    /// Whether the answer has an ID token.
    pub const fn has_id_token(self) -> bool {
        matches!(self, Self::IdToken | Self::CodeIdToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_registration_is_a_confidential_web_client_with_the_code_flow() {
        let client: Client = serde_json::from_str("{}").unwrap();
        assert_eq!(client, Client::default());
        assert!(client.has_secret() && !client.is_public() && client.require_pkce);
        assert!(client.approved_claims.is_empty());
        assert!(!client.scope.contains("roster.ids"));
    }

    #[test]
    fn metadata_survives_being_stored() {
        let client = Client {
            client_id: ClientId::new("grade-book"),
            redirect_uris: vec!["https://grades.example.org/cb".into()],
            response_types: vec![ResponseType::Code, ResponseType::CodeIdToken],
            id_token_signed_response_alg: SigningAlgorithm::EdDSA,
            access_token_lifetime: Some(Lifetime::seconds(120)),
            ..Client::default()
        };
        let stored = serde_json::to_string(&client).unwrap();
        assert_eq!(serde_json::from_str::<Client>(&stored).unwrap(), client);
    }

    #[test]
    fn response_types_are_read_in_any_order() {
        for (text, expected) in [
            ("code", Some(ResponseType::Code)),
            ("code id_token", Some(ResponseType::CodeIdToken)),
            ("id_token code", Some(ResponseType::CodeIdToken)),
            ("id_token", Some(ResponseType::IdToken)),
            ("token", None),
            ("code token", None),
            ("code code", None),
            ("", None),
            ("code ", None),
            ("CODE", None),
        ] {
            assert_eq!(ResponseType::from_request(text), expected, "{text:?}");
        }
    }
}
