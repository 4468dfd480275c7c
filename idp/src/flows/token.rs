//! `/token`: the pipeline, the same for every grant. A grant's own file holds only its difference. RFC 6749 §3.2, §5.

use serde_json::Value;

use super::audit::{self, Event};
use super::authenticate_client::authenticate_client;
use super::claims::{self, About, Asked};
use super::live::{self, LivePerson};
use super::{Context, FlowError, access, redeem_code, refresh};
use crate::clock::{Lifetime, Timestamp};
use crate::ephemeral::{EphemeralError, Kind};
use crate::ids::{GrantId, PersonId, Sid};
use crate::protocol::access_token::AccessToken;
use crate::protocol::authorization_code::{Authentication, AuthorizationCode};
use crate::protocol::authorization_request::permitted;
use crate::protocol::claims::ClaimsRequest;
use crate::protocol::client::{Client, SigningAlgorithm};
use crate::protocol::client_authentication;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::form::Params;
use crate::protocol::id_token::{IdTokenClaims, half_hash};
use crate::protocol::refresh_token::{Grant, RefreshToken};
use crate::protocol::scope::ScopeSet;
use crate::protocol::token_request::{self, TokenRequest};
use crate::secret::{Digest, Secret};
use crate::store::{self, StoreError};

/// Why a client endpoint does not answer as asked.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The client did something wrong.
    #[error(transparent)]
    OAuth(#[from] OAuthError),
    /// Too many failures from there.
    #[error("too many failures")]
    Wait {
        /// Seconds until the next try.
        retry_after: Lifetime,
    },
    /// We could not do our part.
    #[error(transparent)]
    Failed(#[from] FlowError),
}

impl From<StoreError> for EndpointError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<EphemeralError> for EndpointError {
    fn from(error: EphemeralError) -> Self {
        Self::Failed(error.into())
    }
}

/// A successful answer (RFC 6749 §5.1, OIDC Core §3.1.3.3). The type is always `Bearer`.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// Opaque, 43 characters.
    pub access_token: Secret,
    /// Life of the access token.
    pub expires_in: Lifetime,
    /// What the access token reaches; may be less than what was asked for.
    pub scope: ScopeSet,
    /// A signed JWT.
    pub id_token: String,
    /// For clients with the grant type.
    pub refresh_token: Option<Secret>,
}

/// What a request's code or refresh token stands for. Looked up before the client has proved itself, so that one read tells
/// how client and person stand; nothing hangs on it until then.
enum Held {
    Nothing,
    Code(AuthorizationCode),
    Refresh(RefreshToken, Box<Grant>),
}

/// Answers a token request. `authorization` is the header of that name.
pub async fn exchange(
    cx: &Context,
    authorization: Option<&str>,
    params: &Params,
) -> Result<TokenResponse, EndpointError> {
    let presented = client_authentication::read(authorization, params)?;
    let request = token_request::parse(params);
    let held = match &request {
        Ok(request) => find(cx, request).await?,
        Err(_) => Held::Nothing,
    };
    let live = live::look(cx, &presented.client_id, held.person()).await?;
    let client = authenticate_client(cx, &presented, live.as_ref()).await?;
    let client = client.client();
    let request = request?;
    if !client.allows_grant(request.grant_type()) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "This client did not register this grant_type.",
        )
        .into());
    }
    let person = live.and_then(|live| live.person);
    match (&request, held) {
        (TokenRequest::Code(request), Held::Code(code)) => {
            redeem_code::redeem(cx, (client, person), request, &code).await
        }
        (TokenRequest::Refresh(request), Held::Refresh(token, grant)) => {
            refresh::refresh(cx, (client, person), request, (token, *grant)).await
        }
        _ => Err(OAuthError::invalid_grant().into()),
    }
}

impl Held {
    fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Nothing => None,
            Self::Code(code) => Some(&code.authentication.person_id),
            Self::Refresh(_, grant) => Some(&grant.person_id),
        }
    }
}

async fn find(cx: &Context, request: &TokenRequest) -> Result<Held, FlowError> {
    match request {
        TokenRequest::Code(request) => {
            let id = request.code.digest(Kind::Code.as_str());
            let code = cx.app.ephemeral.get(Kind::Code, id.as_str(), cx.now);
            Ok(code.await?.map_or(Held::Nothing, Held::Code))
        }
        TokenRequest::Refresh(request) => {
            let db = cx.app.store.read();
            let digest = refresh::digest(&request.refresh_token);
            let Some(token) = store::refresh_tokens::find(db, &digest).await? else {
                return Ok(Held::Nothing);
            };
            let grant = store::grants::find(db, &token.grant_id).await?;
            Ok(grant.map_or(Held::Nothing, |grant| Held::Refresh(token, Box::new(grant))))
        }
    }
}

/// What tokens are made from.
pub(super) struct Grounds<'a> {
    /// For whom.
    pub client: &'a Client,
    /// About whom.
    pub person: &'a LivePerson,
    /// What is granted; what the client may no longer have is taken off here.
    pub scope: &'a ScopeSet,
    /// Single claims asked for.
    pub claims: &'a ClaimsRequest,
    /// Goes into the ID token.
    pub nonce: Option<&'a str>,
    /// How the person signed in.
    pub authentication: &'a Authentication,
    /// All that is revoked together.
    pub line: &'a GrantId,
    /// Whether the tokens end with the session.
    pub ends_with_session: bool,
}

/// Makes an access token and an ID token. One signature, no durable write.
pub(super) async fn mint(
    cx: &Context,
    grounds: &Grounds<'_>,
    grant_type: &'static str,
) -> Result<TokenResponse, FlowError> {
    let scope = permitted(grounds.scope, grounds.client);
    let lifetime = grounds
        .client
        .access_token_lifetime
        .unwrap_or(cx.app.settings.tokens.access_token);
    let access_token = cx.app.random.token();
    let record = AccessToken {
        person_id: grounds.person.person.id.clone(),
        client_id: grounds.client.client_id.clone(),
        scope: scope.clone(),
        claims: grounds.claims.clone(),
        sid: grounds
            .ends_with_session
            .then(|| grounds.authentication.sid.clone()),
        line: grounds.line.clone(),
        auth_epoch: grounds.authentication.auth_epoch,
        expires_at: cx.now.plus(lifetime),
    };
    let id = access_token.digest(Kind::AccessToken.as_str());
    cx.app
        .ephemeral
        .put(Kind::AccessToken, id.as_str(), &record, record.expires_at)
        .await?;
    let bound = Bound {
        access_token: Some(&access_token),
        code: None,
    };
    let id_token = id_token(cx, grounds, &scope, bound).await?;
    let event = Event::new("token")
        .actor(&record.person_id)
        .client(&record.client_id)
        .session(&grounds.authentication.sid)
        .field("grant_type", grant_type)
        .field("scope", scope.to_string());
    audit::record(cx, event).await;
    Ok(TokenResponse {
        access_token,
        expires_in: lifetime,
        scope,
        id_token,
        refresh_token: None,
    })
}

/// What an ID token is bound to by hashes.
#[derive(Clone, Copy, Default)]
pub(super) struct Bound<'a> {
    /// The access token that comes with it.
    pub access_token: Option<&'a Secret>,
    /// The code that comes with it.
    pub code: Option<&'a Secret>,
}

/// Makes an ID token.
pub(super) async fn id_token(
    cx: &Context,
    grounds: &Grounds<'_>,
    scope: &ScopeSet,
    bound: Bound<'_>,
) -> Result<String, FlowError> {
    let client = grounds.client;
    let about = About {
        person: &grounds.person.person,
        account: &grounds.person.account,
    };
    let asked = Asked {
        client,
        scopes: scope,
        request: grounds.claims,
    };
    let has_access_token = bound.access_token.is_some() || bound.code.is_some();
    let told = claims::for_id_token(cx, about, asked, has_access_token).await?;
    let algorithm = client.id_token_signed_response_alg;
    let hash = |secret: &Secret| half_hash(algorithm, secret.expose());
    let lifetime = client
        .id_token_lifetime
        .unwrap_or(cx.app.settings.tokens.id_token);
    let authentication = grounds.authentication;
    let claims = IdTokenClaims {
        iss: cx.app.settings.issuer(),
        sub: &told.subject,
        aud: client.client_id.as_str(),
        exp: cx.now.plus(lifetime),
        iat: cx.now,
        auth_time: authentication.auth_time,
        nonce: grounds.nonce,
        acr: &authentication.acr,
        amr: &authentication.amr,
        sid: authentication.sid.as_str(),
        at_hash: bound.access_token.map(hash),
        c_hash: bound.code.map(hash),
        about: told.claims,
    };
    let key = signing(algorithm);
    cx.app.keys.sign(key, keys::Typ::Jwt, &claims, cx.now)
}

/// The key that a registered algorithm needs.
pub(super) const fn signing(algorithm: SigningAlgorithm) -> keys::Algorithm {
    match algorithm {
        SigningAlgorithm::RS256 => keys::Algorithm::Rs256,
        SigningAlgorithm::PS256 => keys::Algorithm::Ps256,
        SigningAlgorithm::ES256 => keys::Algorithm::Es256,
        SigningAlgorithm::EdDSA => keys::Algorithm::EdDsa,
    }
}

/// Whether the district still gives the person the client's resource.
pub(super) async fn check_access(
    cx: &Context,
    person: &LivePerson,
    client: &Client,
) -> Result<(), EndpointError> {
    match access::may_use(cx, &person.person, &client.client_id).await? {
        access::Access::Granted(_) => Ok(()),
        access::Access::Refused(..) => Err(OAuthError::invalid_grant().into()),
    }
}

/// How long a mark of revocation must stand: longer than any access token or code lives.
const MARK: Lifetime = Lifetime::minutes(15);

/// Marks a line of tokens as revoked, on every node at once.
pub(super) async fn mark_line(cx: &Context, line: &GrantId) -> Result<(), FlowError> {
    mark(cx, &line_mark(line)).await
}

/// Marks all that ends with a session as revoked, on every node at once.
pub(super) async fn mark_session(cx: &Context, sid: &Sid) -> Result<(), FlowError> {
    mark(cx, &session_mark(sid)).await
}

/// Whether a line was marked.
pub(super) async fn is_line_marked(cx: &Context, line: &GrantId) -> Result<bool, FlowError> {
    is_marked(cx, &line_mark(line)).await
}

/// Whether a session was marked.
pub(super) async fn is_session_marked(cx: &Context, sid: &Sid) -> Result<bool, FlowError> {
    is_marked(cx, &session_mark(sid)).await
}

async fn mark(cx: &Context, id: &str) -> Result<(), FlowError> {
    let until = cx.now.plus(MARK);
    Ok(cx.app.ephemeral.put(Kind::Revoked, id, &1, until).await?)
}

async fn is_marked(cx: &Context, id: &str) -> Result<bool, FlowError> {
    let found: Option<Value> = cx.app.ephemeral.get(Kind::Revoked, id, cx.now).await?;
    Ok(found.is_some())
}

fn line_mark(line: &GrantId) -> String {
    format!("line:{line}")
}

fn session_mark(sid: &Sid) -> String {
    // A digest, as everywhere: a dump of the store names no session.
    let digest = Digest::of("session-mark", sid.as_str().as_bytes());
    format!("sid:{digest}")
}

/// When a grant ends: with the session, or after the longest life of a refresh token.
pub(super) fn grant_end(
    cx: &Context,
    authentication: &Authentication,
    ends_with_session: bool,
) -> Timestamp {
    let longest = cx.now.plus(cx.app.settings.tokens.refresh_absolute);
    if ends_with_session {
        longest.min(authentication.session_ends_at)
    } else {
        longest
    }
}
