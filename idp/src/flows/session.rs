//! Sessions of browsers: begun at sign-in, looked up at every page, ended at sign-out or by a raised `auth_epoch`.

use super::{Context, FlowError, token};
use crate::district::person::Population;
use crate::ephemeral::Kind;
use crate::ids::{PersonId, Sid};
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::store;

/// Begins a session and answers it with the value of its cookie, 256 random bits that are kept as a digest only.
pub async fn create(
    cx: &Context,
    person_id: &PersonId,
    auth_epoch: i64,
    population: Population,
    amr: Vec<String>,
) -> Result<(Session, Secret), FlowError> {
    let policy = &cx.app.settings.policy;
    let (idle, absolute) = match population {
        Population::Student => policy.student_session(),
        Population::Staff | Population::Guardian => policy.staff_session(),
    };
    let expires_at = cx.now.plus(absolute);
    let factors = amr.iter().filter(|method| *method != "mfa").count();
    let session = Session {
        sid: Sid::new(cx.app.random.token().expose()),
        person_id: person_id.clone(),
        auth_epoch,
        auth_time: cx.now,
        acr: if factors > 1 { "2" } else { "1" }.to_owned(),
        amr,
        created_at: cx.now,
        last_seen_at: cx.now,
        idle,
        idle_until: cx.now.plus(idle).min(expires_at),
        expires_at,
    };
    let cookie = cx.app.random.token();
    put(cx, &cookie, &session).await?;
    Ok((session, cookie))
}

/// The session of a cookie, if it lives: known, neither idle too long nor too old. Moves its idle end on, at most once a
/// minute. Whether the account has since moved to a later epoch is asked with [`is_current`].
pub async fn load(cx: &Context, cookie: &Secret) -> Result<Option<Session>, FlowError> {
    let id = cookie.digest(Kind::Session.as_str());
    let Some(session) = cx
        .app
        .ephemeral
        .get::<Session>(Kind::Session, id.as_str(), cx.now)
        .await?
    else {
        return Ok(None);
    };
    if !session.is_live(cx.now) {
        return Ok(None);
    }
    match session.touched(cx.now) {
        Some(touched) => {
            put(cx, cookie, &touched).await?;
            // A sign-out that came between our read and our write marked the session before it deleted it: what we have put
            // back goes again.
            if token::is_session_marked(cx, &touched.sid).await? {
                end(cx, cookie).await?;
                return Ok(None);
            }
            Ok(Some(touched))
        }
        None => Ok(Some(session)),
    }
}

/// Whether the account is still at the epoch of the session. One small read; nothing is issued without it.
pub async fn is_current(cx: &Context, session: &Session) -> Result<bool, FlowError> {
    let account = store::people::find_account(cx.app.store.read(), &session.person_id).await?;
    Ok(account.is_some_and(|account| account.auth_epoch <= session.auth_epoch))
}

/// Ends the session of a cookie.
pub async fn end(cx: &Context, cookie: &Secret) -> Result<(), FlowError> {
    let id = cookie.digest(Kind::Session.as_str());
    Ok(cx.app.ephemeral.delete(Kind::Session, id.as_str()).await?)
}

/// Writes a session back under its cookie, as after a second factor or a fresh password.
pub async fn put(cx: &Context, cookie: &Secret, session: &Session) -> Result<(), FlowError> {
    let id = cookie.digest(Kind::Session.as_str());
    let until = session.idle_until.min(session.expires_at);
    Ok(cx
        .app
        .ephemeral
        .put(Kind::Session, id.as_str(), session, until)
        .await?)
}
