//! A signed-in person sets a new password: by the old one, or because a helper's one-time secret let them in. Everything that
//! was open ends; this browser goes on with a new session.

use super::audit::{self, Event};
use super::claim_account::{known_words, password_minimum};
use super::sign_in::{self, Confirmed, Visitor};
use super::{Context, FlowError, limits, session};
use crate::clock::Lifetime;
use crate::credentials::Urgency;
use crate::district::help::NOTICE;
use crate::district::password_policy;
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::store::notices::{self, Notice};
use crate::store::{self, StoreError, accounts};

/// How old a sign-in by a one-time secret may be.
const FORCED: Lifetime = Lifetime::minutes(15);

/// How it ended.
#[derive(Debug)]
pub enum Changed {
    /// Done: the new session and the value of its cookie.
    Done(Session, Secret),
    /// The new password is refused.
    Refused(password_policy::Refusal),
    /// The old password is not right, or was tried too often.
    NotConfirmed(sign_in::Refusal),
    /// The session is over, or too old for this.
    SignInAgain,
}

/// What was typed.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The password so far; not asked where a new one must be set.
    pub current: &'a Secret,
    /// The new one.
    pub password: &'a Secret,
    /// The new one once more.
    pub again: &'a Secret,
}

/// Sets a new password for whoever `session` is.
#[expect(
    clippy::too_many_lines,
    reason = "one act, from the check to the new session"
)]
pub async fn change(
    cx: &Context,
    visitor: Visitor<'_>,
    session: &Session,
    typed: Typed<'_>,
) -> Result<Changed, FlowError> {
    let db = cx.app.store.read();
    let person = store::people::find(db, &session.person_id).await?;
    let account = store::people::find_account(db, &session.person_id).await?;
    let Some((person, account)) = person.zip(account) else {
        return Ok(Changed::SignInAgain);
    };
    if account.auth_epoch > session.auth_epoch {
        return Ok(Changed::SignInAgain);
    }
    let forced = account.must_change_password;
    if forced && cx.now >= session.auth_time.plus(FORCED) {
        return Ok(Changed::SignInAgain);
    }
    let known = known_words(cx, &person, &account).await?;
    let minimum = password_minimum(cx, person.population);
    let (new, again) = (typed.password.expose(), typed.again.expose());
    if let Err(refusal) = password_policy::check(new, again, minimum, &known) {
        return Ok(Changed::Refused(refusal));
    }
    if !forced {
        match sign_in::confirm(cx, visitor, session, typed.current).await? {
            Confirmed::Done(fresh, cookie) => {
                // Replaced below by a session of the new epoch.
                session::end(cx, &cookie).await?;
                drop(fresh);
            }
            Confirmed::Refused(refusal) => return Ok(Changed::NotConfirmed(refusal)),
            Confirmed::SignedOut => return Ok(Changed::SignInAgain),
        }
    }
    let permit = cx.app.passwords.admit(Urgency::Preferred).await?;
    let hash = cx
        .app
        .passwords
        .hash(permit, &cx.app.random, typed.password)
        .await?;
    let tx = cx.app.store.begin().await?;
    let epoch = account.auth_epoch;
    if !accounts::set_password(&tx, &person.id, epoch, &hash, cx.now).await? {
        return Ok(Changed::SignInAgain);
    }
    store::temporary_secrets::void(&tx, &person.id, cx.now).await?;
    let notice = Notice {
        id: cx.app.random.id(cx.now),
        person_id: person.id.clone(),
        kind: "password_changed".into(),
        actor: None,
        at: cx.now,
        until: cx.now.plus(NOTICE),
    };
    notices::insert(&tx, &notice).await?;
    let event = Event::new("change_password")
        .actor(&person.id)
        .target(&person.id);
    audit::record_in(&tx, cx, event.field("forced", forced)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    limits::lift(cx, &person.id).await?;
    if let Some((_, old)) = visitor.session {
        session::end(cx, old).await?;
    }
    let amr = vec!["pwd".to_owned()];
    let (fresh, cookie) =
        session::create(cx, &person.id, epoch + 1, person.population, amr).await?;
    Ok(Changed::Done(fresh, cookie))
}
