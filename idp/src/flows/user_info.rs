//! `/userinfo`: claims for a bearer token. OIDC Core §5.3, RFC 6750.

use serde_json::{Map, Value};

use super::claims::{self, About, Asked};
use super::live;
use super::token::{is_line_marked, is_session_marked, signing};
use super::{Context, FlowError};
use crate::ephemeral::Kind;
use crate::protocol::access_token::{self, AccessToken, BearerError};
use crate::protocol::authorization_request::permitted;
use crate::secret::Secret;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// The token is not good for it.
    #[error("{0:?}")]
    Bearer(BearerError),
    /// We could not do our part.
    #[error(transparent)]
    Failed(#[from] FlowError),
}

impl From<BearerError> for UserInfoError {
    fn from(error: BearerError) -> Self {
        Self::Bearer(error)
    }
}

/// The answer.
#[derive(Clone, Debug)]
pub enum UserInfo {
    /// Plain JSON.
    Json(Map<String, Value>),
    /// A signed JWT, for a client that registered one (OIDC Core §5.3.2).
    Jwt(String),
}

/// Answers for a token: it lives, nobody revoked its line, its session was not signed out, the account is at its epoch, the
/// client may be used.
pub async fn user_info(cx: &Context, token: &Secret) -> Result<UserInfo, UserInfoError> {
    let id = token.digest(Kind::AccessToken.as_str());
    let found = cx
        .app
        .ephemeral
        .get(Kind::AccessToken, id.as_str(), cx.now)
        .await
        .map_err(FlowError::from)?;
    let token = access_token::check(found, cx.now)?;
    let (live, revoked) = tokio::join!(
        live::look(cx, &token.client_id, Some(&token.person_id)),
        is_revoked(cx, &token)
    );
    let (live, revoked) = (live?, revoked?);
    let live = live
        .filter(|_| !revoked)
        .and_then(|live| Some((live.registration, live.person?)));
    let (registration, person) = live
        .filter(|(_, person)| person.is_at(token.auth_epoch))
        .ok_or(BearerError::Invalid)?;
    let client = &registration.client;
    let about = About {
        person: &person.person,
        account: &person.account,
    };
    let asked = Asked {
        client,
        scopes: &permitted(&token.scope, client),
        request: &token.claims,
    };
    let told = claims::for_user_info(cx, about, asked).await?;
    let mut answer = Map::with_capacity(told.claims.len() + 3);
    answer.insert("sub".into(), told.subject.into());
    answer.extend(told.claims);
    match client.userinfo_signed_response_alg {
        None => Ok(UserInfo::Json(answer)),
        Some(algorithm) => {
            // OIDC Core §5.3.2: signed, it "SHOULD contain the Claims iss (issuer) and aud (audience)".
            answer.insert("iss".into(), cx.app.settings.issuer().into());
            answer.insert("aud".into(), client.client_id.as_str().into());
            let key = signing(algorithm);
            let jwt = cx.app.keys.sign(key, keys::Typ::Jwt, &answer, cx.now)?;
            Ok(UserInfo::Jwt(jwt))
        }
    }
}

async fn is_revoked(cx: &Context, token: &AccessToken) -> Result<bool, FlowError> {
    let session = async {
        match &token.sid {
            Some(sid) => is_session_marked(cx, sid).await,
            None => Ok(false),
        }
    };
    let (line, session) = tokio::join!(is_line_marked(cx, &token.line), session);
    Ok(line? || session?)
}
