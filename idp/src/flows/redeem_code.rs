//! The grant `authorization_code`: a code becomes tokens, once. RFC 6749 §4.1.3, RFC 7636 §4.6.

use super::audit::{self, Event};
use super::live::LivePerson;
use super::token::{self, EndpointError, Grounds, TokenResponse};
use super::{Context, FlowError, refresh};
use crate::ephemeral::Kind;
use crate::protocol::authorization_code::{self, AuthorizationCode};
use crate::protocol::client::{Client, GrantType};
use crate::protocol::error::OAuthError;
use crate::protocol::refresh_token::{Grant, Terms};
use crate::protocol::scope::OFFLINE_ACCESS;
use crate::protocol::token_request::CodeRequest;
use crate::secret::Secret;
use crate::store;

/// Redeems a code that was found.
///
/// Pure checks come before the mark of use, so a stranger who holds a code without its verifier cannot burn it; a failure
/// after the mark does burn it: at most once, never twice.
pub async fn redeem(
    cx: &Context,
    (client, person): (&Client, Option<LivePerson>),
    request: &CodeRequest,
    code: &AuthorizationCode,
) -> Result<TokenResponse, EndpointError> {
    authorization_code::redeem(code, request, &client.client_id, cx.now)?;
    let authentication = &code.authentication;
    let person = person
        .filter(|person| person.is_at(authentication.auth_epoch))
        .ok_or(OAuthError::invalid_grant())?;
    token::check_access(cx, &person, client).await?;
    if !first_use(cx, &request.code, code).await? {
        revoke_yield(cx, code).await?;
        return Err(OAuthError::invalid_grant().into());
    }
    // The person signed out while the code was on its way. Asked after the mark: whoever signs out later marks the session
    // before answering, and every use of the tokens asks again.
    if token::is_session_marked(cx, &authentication.sid).await? {
        return Err(OAuthError::invalid_grant().into());
    }
    let ends_with_session = !code.scope.contains(OFFLINE_ACCESS);
    let grounds = Grounds {
        client,
        person: &person,
        scope: &code.scope,
        claims: &code.claims,
        nonce: code.nonce.as_deref(),
        authentication,
        line: &code.line,
        ends_with_session,
    };
    let refresh_token = if client.allows_grant(GrantType::RefreshToken) {
        Some(begin_line(cx, code, ends_with_session).await?)
    } else {
        None
    };
    let mut response = token::mint(cx, &grounds, "authorization_code").await?;
    response.refresh_token = refresh_token;
    Ok(response)
}

/// True for the one request that uses the code. The mark outlives the code and everything it yields.
async fn first_use(
    cx: &Context,
    secret: &Secret,
    code: &AuthorizationCode,
) -> Result<bool, FlowError> {
    let id = secret.digest(Kind::CodeSpent.as_str());
    let until = code.expires_at.plus(crate::clock::Lifetime::minutes(15));
    Ok(cx
        .app
        .ephemeral
        .first_use(Kind::CodeSpent, id.as_str(), until, cx.now)
        .await?)
}

/// RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the request and
/// SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
async fn revoke_yield(cx: &Context, code: &AuthorizationCode) -> Result<(), FlowError> {
    // The mark first: a redemption that is under way looks for it after it has written its grant.
    token::mark_line(cx, &code.line).await?;
    store::grants::revoke(cx.app.store.durable(), &code.line, cx.now).await?;
    let event = Event::new("redeem_code")
        .actor(&code.authentication.person_id)
        .client(&code.client_id)
        .session(&code.authentication.sid)
        .refused("code_replayed");
    audit::record(cx, event).await;
    Ok(())
}

/// Writes the grant and its first refresh token, on disk before the client hears of them.
async fn begin_line(
    cx: &Context,
    code: &AuthorizationCode,
    ends_with_session: bool,
) -> Result<Secret, EndpointError> {
    let authentication = &code.authentication;
    let grant = Grant {
        id: code.line.clone(),
        person_id: authentication.person_id.clone(),
        client_id: code.client_id.clone(),
        sid: ends_with_session.then(|| authentication.sid.clone()),
        scope: code.scope.clone(),
        terms: Terms {
            claims: code.claims.clone(),
            sid: authentication.sid.clone(),
            acr: authentication.acr.clone(),
            amr: authentication.amr.clone(),
        },
        auth_time: authentication.auth_time,
        auth_epoch: authentication.auth_epoch,
        created_at: cx.now,
        expires_at: token::grant_end(cx, authentication, ends_with_session),
        revoked_at: None,
    };
    let secret = cx.app.random.token();
    let first = refresh::new_token(cx, &grant, &secret, 0);
    let tx = cx.app.store.begin_relaxed().await?;
    store::grants::insert(&tx, &grant).await?;
    store::refresh_tokens::insert(&tx, &first).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    // A replay, or a sign-out, that came between our mark and our row did not see the row; so we look for its mark.
    let replayed = token::is_line_marked(cx, &grant.id).await?;
    let signed_out = token::is_session_marked(cx, &authentication.sid).await?;
    if replayed || signed_out {
        store::grants::revoke(cx.app.store.durable(), &grant.id, cx.now).await?;
    }
    if signed_out {
        return Err(OAuthError::invalid_grant().into());
    }
    Ok(secret)
}
