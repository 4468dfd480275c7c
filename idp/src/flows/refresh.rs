//! The grant `refresh_token`: a token is exchanged for its successor, once; RFC 6749 §6, RFC 9700 §4.14.2. Who wins is decided
//! by the database's conditional updates, on all nodes and after every kind of death alike.

use super::audit::{self, Event};
use super::live::LivePerson;
use super::token::{self, EndpointError, Grounds, TokenResponse};
use super::{Context, FlowError};
use crate::clock::Timestamp;
use crate::protocol::authorization_code::Authentication;
use crate::protocol::client::Client;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::refresh_token::{Decision, Grant, RefreshToken, decide};
use crate::protocol::scope::OFFLINE_ACCESS;
use crate::protocol::token_request::RefreshRequest;
use crate::secret::{Digest, Secret};
use crate::store::{self, StoreError};

/// How often a lost race is looked at anew before we give up: more racers than one token ever has.
const TURNS: usize = 32;

/// What is kept of a refresh token.
pub(super) fn digest(token: &Secret) -> Digest {
    token.digest("refresh")
}

/// The record of a new token of `grant`.
pub(super) fn new_token(
    cx: &Context,
    grant: &Grant,
    secret: &Secret,
    generation: i64,
) -> RefreshToken {
    let idle = cx.now.plus(cx.app.settings.tokens.refresh_idle);
    RefreshToken {
        digest: digest(secret),
        grant_id: grant.id.clone(),
        generation,
        issued_at: cx.now,
        expires_at: idle.min(grant.expires_at),
        used_at: None,
        successor: None,
    }
}

/// Exchanges a refresh token that was found, and its grant.
pub async fn refresh(
    cx: &Context,
    (client, person): (&Client, Option<LivePerson>),
    request: &RefreshRequest,
    (token, grant): (RefreshToken, Grant),
) -> Result<TokenResponse, EndpointError> {
    // Whose grant it is comes before everything that could tell a stranger something.
    if grant.client_id != client.client_id {
        return Err(OAuthError::invalid_grant().into());
    }
    let person = person
        .filter(|person| person.is_at(grant.auth_epoch))
        .ok_or(OAuthError::invalid_grant())?;
    token::check_access(cx, &person, client).await?;
    let scope = match &request.scope {
        // RFC 6749 §6: "MUST NOT include any scope not originally granted by the resource owner".
        Some(asked) if !asked.is_subset(&grant.scope) => {
            return Err(OAuthError::new(
                ErrorCode::InvalidScope,
                "The scope is beyond what was granted.",
            )
            .into());
        }
        Some(asked) => asked.clone(),
        None => grant.scope.clone(),
    };
    let successor = advance(cx, token, &grant).await?;
    let authentication = Authentication {
        person_id: grant.person_id.clone(),
        auth_epoch: grant.auth_epoch,
        sid: grant.terms.sid.clone(),
        session_ends_at: grant.expires_at,
        auth_time: grant.auth_time,
        acr: grant.terms.acr.clone(),
        amr: grant.terms.amr.clone(),
    };
    let grounds = Grounds {
        client,
        person: &person,
        scope: &scope,
        claims: &grant.terms.claims,
        // OIDC Core §12.2: the new ID token "SHOULD NOT have a nonce Claim".
        nonce: None,
        authentication: &authentication,
        line: &grant.id,
        ends_with_session: !grant.scope.contains(OFFLINE_ACCESS),
    };
    let mut response = token::mint(cx, &grounds, "refresh_token").await?;
    response.refresh_token = Some(successor);
    Ok(response)
}

/// Takes the line one step on and answers the new token.
async fn advance(
    cx: &Context,
    token: RefreshToken,
    grant: &Grant,
) -> Result<Secret, EndpointError> {
    let presented = token.digest.clone();
    // An unused token has no successor: what was read already is all there is to know.
    let mut seen = match token.used_at {
        None => Some((token, grant.clone(), None)),
        Some(_) => look(cx, &presented).await?,
    };
    for _ in 0..TURNS {
        let Some((token, grant, successor)) = seen else {
            break;
        };
        let secret = cx.app.random.token();
        let new = new_token(cx, &grant, &secret, token.generation + 1);
        let window = cx.app.settings.tokens.refresh_retry;
        let decision = decide(
            &token,
            &grant,
            successor.as_ref(),
            &grant.client_id,
            (window, cx.now),
        );
        let done = match (decision, successor) {
            (Decision::Rotate, _) => rotate(cx, &token, &new).await?,
            (Decision::Retry, Some(lost)) => replace(cx, &token, &lost, &new).await?,
            (Decision::Revoke, _) | (Decision::Retry, None) => {
                revoke(cx, &grant).await?;
                break;
            }
            (Decision::Refuse, _) => break,
        };
        if done {
            return Ok(secret);
        }
        // Somebody was faster by a hair: what the token is now decides.
        seen = look(cx, &presented).await?;
    }
    Err(OAuthError::invalid_grant().into())
}

/// A token, its grant, and the token that took its place, as the database has them now.
async fn look(
    cx: &Context,
    presented: &Digest,
) -> Result<Option<(RefreshToken, Grant, Option<RefreshToken>)>, FlowError> {
    let db = cx.app.store.read();
    let Some(mut token) = store::refresh_tokens::find(db, presented).await? else {
        return Ok(None);
    };
    let Some(grant) = store::grants::find(db, &token.grant_id).await? else {
        return Ok(None);
    };
    for _ in 0..TURNS {
        let Some(digest) = &token.successor else {
            break;
        };
        let successor = store::refresh_tokens::find(db, digest).await?;
        if successor.as_ref().is_some_and(|s| s.used_at.is_none()) {
            return Ok(Some((token, grant, successor)));
        }
        // A used successor means theft, unless it was replaced between our two reads; then the token points elsewhere by now.
        let again = store::refresh_tokens::find(db, presented).await?;
        match again {
            Some(again) if again.successor != token.successor => token = again,
            _ => return Ok(Some((token, grant, successor))),
        }
    }
    Ok(Some((token, grant, None)))
}

/// First use: false if another was first.
async fn rotate(
    cx: &Context,
    token: &RefreshToken,
    new: &RefreshToken,
) -> Result<bool, StoreError> {
    let tx = cx.app.store.begin_relaxed().await?;
    if !store::refresh_tokens::spend(&tx, &token.digest, &new.digest, cx.now).await? {
        return Ok(false);
    }
    store::refresh_tokens::insert(&tx, new).await?;
    tx.commit().await?;
    Ok(true)
}

/// The honest retry: the lost successor goes out of use as the new one comes in, in one transaction, so there is never more
/// than one living line. False if the successor was used, or replaced by another retry, in between.
async fn replace(
    cx: &Context,
    token: &RefreshToken,
    lost: &RefreshToken,
    new: &RefreshToken,
) -> Result<bool, StoreError> {
    let tx = cx.app.store.begin_relaxed().await?;
    let retired = store::refresh_tokens::retire(&tx, &lost.digest, cx.now).await?
        && store::refresh_tokens::replace_successor(&tx, &token.digest, &lost.digest, &new.digest)
            .await?;
    if !retired {
        return Ok(false);
    }
    store::refresh_tokens::insert(&tx, new).await?;
    tx.commit().await?;
    Ok(true)
}

/// Reuse: somebody else has the token too. The whole line dies, access tokens included.
async fn revoke(cx: &Context, grant: &Grant) -> Result<(), FlowError> {
    token::mark_line(cx, &grant.id).await?;
    let tx = cx.app.store.begin().await?;
    if store::grants::revoke(&tx, &grant.id, cx.now).await? {
        let event = Event::new("refresh")
            .actor(&grant.person_id)
            .client(&grant.client_id)
            .refused("refresh_token_reused");
        audit::record_in(&tx, cx, event).await?;
    }
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// Deletes lines that are over, a few hundred at a time. Run hourly.
pub async fn forget_ended(cx: &Context) -> Result<usize, FlowError> {
    let mut gone = 0;
    // Kept for a day after the end, so that a late replay is still told from nonsense in the log.
    let before: Timestamp = cx.now.minus(crate::clock::Lifetime::days(1));
    loop {
        let tx = cx.app.store.begin_relaxed().await?;
        let count = store::grants::delete_ended(&tx, before, 500).await?;
        tx.commit().await.map_err(StoreError::from)?;
        gone += count;
        if count < 500 {
            return Ok(gone);
        }
    }
}
