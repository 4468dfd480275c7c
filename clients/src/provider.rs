//! The portal as this app sees it: discovery, the token and userinfo endpoints, and the checks of what they answer.
//! The `openidconnect` crate does the reading and the checking; nothing here knows the portal's code.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use openidconnect::core::{CoreClient, CoreGenderClaim, CoreTokenResponse};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AdditionalProviderMetadata, AuthType, AuthorizationCode,
    ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LogoutProviderMetadata, Nonce, OAuth2TokenResponse as _, PkceCodeVerifier, ProviderMetadata,
    RedirectUrl, RefreshToken, RequestTokenError, StandardErrorResponse, SubjectIdentifier,
    TokenResponse as _, UserInfoClaims,
};
use openidconnect::{core, core::CoreErrorResponseType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::outbound::{Outbound, OutboundError};
use crate::session::Session;
use crate::settings::{ClientAuthentication, Settings};

/// Metadata older than this is read again.
const METADATA_LIFETIME: Duration = Duration::from_hours(1);

/// After an unknown key, metadata is read again at most this often.
const METADATA_REST: Duration = Duration::from_secs(10);

/// What the portal's metadata says beyond the crate's own fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Extra {
    /// Whether every authorization response carries `iss` (RFC 9207 §3).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

/// The portal's metadata with its keys.
pub type Metadata = ProviderMetadata<
    LogoutProviderMetadata<Extra>,
    core::CoreAuthDisplay,
    core::CoreClientAuthMethod,
    core::CoreClaimName,
    core::CoreClaimType,
    core::CoreGrantType,
    core::CoreJweContentEncryptionAlgorithm,
    core::CoreJweKeyManagementAlgorithm,
    core::CoreJsonWebKey,
    core::CoreResponseMode,
    core::CoreResponseType,
    core::CoreSubjectIdentifierType,
>;

/// This app as a client of the portal.
pub type RelyingParty = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Every claim of a userinfo answer that the crate has no field for.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OtherClaims(Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

/// Why the portal's help was not to be had.
#[derive(Debug)]
pub enum Problem {
    /// No answer, or one that is no OpenID Connect.
    Unreachable(String),
    /// The portal said no.
    Refused {
        /// Its `error`.
        error: String,
        /// Its `error_description`.
        description: Option<String>,
    },
    /// An answer came that must not be believed.
    Untrusted(String),
    /// No sign-in of this browser awaits this answer.
    Unexpected,
}

/// The portal and our registration there.
#[derive(Debug)]
pub struct Provider {
    settings: Settings,
    issuer: IssuerUrl,
    http: Outbound,
    known: RwLock<Option<(Arc<Metadata>, Instant)>>,
}

impl Provider {
    /// A portal that was not asked yet.
    pub fn new(settings: Settings) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: IssuerUrl::new(settings.issuer.clone())?,
            settings,
            http: Outbound::new()?,
            known: RwLock::new(None),
        })
    }

    /// The portal's metadata, read at most once an hour. The crate checks that `issuer` in it is the one we asked.
    pub async fn metadata(&self) -> Result<Arc<Metadata>, Problem> {
        self.metadata_younger_than(METADATA_LIFETIME).await
    }

    async fn metadata_younger_than(&self, age: Duration) -> Result<Arc<Metadata>, Problem> {
        let known = self
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some((metadata, read)) = known
            && read.elapsed() < age
        {
            return Ok(metadata);
        }
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(|error| Problem::Unreachable(chain(&error)))?;
        let metadata = Arc::new(metadata);
        let read = Instant::now();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) =
            Some((Arc::clone(&metadata), read));
        Ok(metadata)
    }

    /// The metadata read anew after a key was not found, since keys are rotated; not more often than every 10 s.
    pub async fn metadata_with_new_keys(&self) -> Result<Arc<Metadata>, Problem> {
        self.metadata_younger_than(METADATA_REST).await
    }

    /// This app as the crate's client.
    pub fn relying_party(&self, metadata: &Metadata) -> Result<RelyingParty, Problem> {
        let redirect = RedirectUrl::new(self.settings.redirect_uri())
            .map_err(|error| Problem::Unreachable(error.to_string()))?;
        Ok(CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(self.settings.client_secret.clone())),
        )
        .set_auth_type(match self.settings.authentication {
            ClientAuthentication::Basic => AuthType::BasicAuth,
            ClientAuthentication::Post => AuthType::RequestBody,
        })
        .set_redirect_uri(redirect))
    }

    /// Redeems a code and checks what comes back: the ID token's signature, `iss`, `aud`, `exp`, `nonce` and `at_hash`, and
    /// the `sub` of userinfo (OIDC Core §3.1.3.7, §5.3.2).
    pub async fn redeem(
        &self,
        code: String,
        verifier: String,
        nonce: &Nonce,
    ) -> Result<Session, Problem> {
        let metadata = self.metadata().await?;
        let party = self.relying_party(&metadata)?;
        let tokens = party
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Problem::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&self.http)
            .await
            .map_err(token_problem)?;
        let mut session = match session_from(&party, &tokens, Some(nonce)) {
            Err(Checked::UnknownKey) => {
                let metadata = self.metadata_with_new_keys().await?;
                session_from(&self.relying_party(&metadata)?, &tokens, Some(nonce))
            }
            other => other,
        }?;
        session.userinfo = self.userinfo(&party, &tokens, &session.sub).await?;
        Ok(session)
    }

    /// Renews a session with its refresh token: new tokens, claims as they are today (OIDC Core §12).
    pub async fn renew(&self, old: &Session, refresh_token: String) -> Result<Session, Problem> {
        let metadata = self.metadata().await?;
        let party = self.relying_party(&metadata)?;
        let refresh_token = RefreshToken::new(refresh_token);
        let tokens = party
            .exchange_refresh_token(&refresh_token)
            .map_err(|error| Problem::Unreachable(error.to_string()))?
            .request_async(&self.http)
            .await
            .map_err(token_problem)?;
        let mut session = if tokens.id_token().is_some() {
            match session_from(&party, &tokens, None) {
                Err(Checked::UnknownKey) => {
                    let metadata = self.metadata_with_new_keys().await?;
                    session_from(&self.relying_party(&metadata)?, &tokens, None)
                }
                other => other,
            }?
        } else {
            old.clone()
        };
        if session.sub != old.sub {
            return Err(Problem::Untrusted(
                "the renewed ID token is about another person".to_owned(),
            ));
        }
        session.userinfo = self.userinfo(&party, &tokens, &session.sub).await?;
        session.renewals = old.renewals + 1;
        session.refresh_token = Some(tokens.refresh_token().map_or_else(
            || refresh_token.secret().clone(),
            |next| next.secret().clone(),
        ));
        Ok(session)
    }

    async fn userinfo(
        &self,
        party: &RelyingParty,
        tokens: &CoreTokenResponse,
        sub: &str,
    ) -> Result<Map<String, Value>, Problem> {
        let subject = SubjectIdentifier::new(sub.to_owned());
        let request = party
            .user_info(tokens.access_token().to_owned(), Some(subject))
            .map_err(|error| Problem::Unreachable(error.to_string()))?;
        let claims: UserInfoClaims<OtherClaims, CoreGenderClaim> = request
            .request_async(&self.http)
            .await
            .map_err(|error| Problem::Untrusted(format!("userinfo: {}", chain(&error))))?;
        match serde_json::to_value(claims) {
            Ok(Value::Object(claims)) => Ok(claims),
            _ => Err(Problem::Untrusted("userinfo is no JSON object".to_owned())),
        }
    }
}

/// What checking an ID token ended with.
enum Checked {
    /// It names a key that we do not have yet.
    UnknownKey,
    /// It must not be believed.
    Bad(String),
}

impl From<Checked> for Problem {
    fn from(checked: Checked) -> Self {
        match checked {
            Checked::UnknownKey => {
                Self::Untrusted("the ID token is signed by a key that is not published".to_owned())
            }
            Checked::Bad(why) => Self::Untrusted(why),
        }
    }
}

/// Checks the ID token of a token response. `nonce` is `None` on refresh, where none is required (OIDC Core §12.2).
fn session_from(
    party: &RelyingParty,
    tokens: &CoreTokenResponse,
    nonce: Option<&Nonce>,
) -> Result<Session, Checked> {
    use openidconnect::{
        ClaimsVerificationError as Claims, SignatureVerificationError as Signature,
    };
    let bad = |why: String| Checked::Bad(format!("ID token: {why}"));
    let token = tokens
        .id_token()
        .ok_or_else(|| bad("the answer has none".to_owned()))?;
    let verifier = party.id_token_verifier();
    let accept = |given: Option<&Nonce>| match nonce {
        Some(nonce) if given.map(Nonce::secret) != Some(nonce.secret()) => {
            Err("it is not for this sign-in".to_owned())
        }
        _ => Ok(()),
    };
    let claims = match token.claims(&verifier, accept) {
        Ok(claims) => claims,
        Err(Claims::SignatureVerification(Signature::NoMatchingKey)) => {
            return Err(Checked::UnknownKey);
        }
        Err(error) => return Err(bad(chain(&error))),
    };
    if let Some(expected) = claims.access_token_hash() {
        let algorithm = token.signing_alg().map_err(|error| bad(chain(&error)))?;
        let key = token
            .signing_key(&verifier)
            .map_err(|error| bad(chain(&error)))?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
            .map_err(|error| bad(chain(&error)))?;
        if actual != *expected {
            return Err(bad("at_hash does not fit the access token".to_owned()));
        }
    }
    let sub = claims.subject().as_str().to_owned();
    let mut session = Session::new(token.clone(), sub, payload(&token.to_string()));
    session.refresh_token = tokens.refresh_token().map(|token| token.secret().clone());
    Ok(session)
}

/// The payload of a JWT that was verified before, as it stands in it.
fn payload(jwt: &str) -> Map<String, Value> {
    jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(jwt)
        .map(|token| token.claims)
        .unwrap_or_default()
}

type TokenError = RequestTokenError<OutboundError, StandardErrorResponse<CoreErrorResponseType>>;

fn token_problem(error: TokenError) -> Problem {
    match error {
        RequestTokenError::ServerResponse(said) => Problem::Refused {
            error: said.error().to_string(),
            description: said.error_description().cloned(),
        },
        other => Problem::Unreachable(chain(&other)),
    }
}

/// An error and its causes in one line; causes that say nothing new are left out.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !line.contains(&words) {
            line.push_str(": ");
            line.push_str(&words);
        }
        cause = error.source();
    }
    line
}
