//! Help at the right level: teachers for pupils of own classes, technicians for own school, the desk for the district. The
//! power to act is asked for inside the transaction that acts, so that a class or a role taken away in between counts.

use super::audit::{Event, record_in};
use super::{Context, FlowError, limits, support_codes, temporary_secret};
use crate::district::authority::{Act, Ground, Relation, Standing, may};
use crate::district::help::{ClassLine, FRESH, Helped, NOTICE, Powers, TemporaryKind, UNDO_CLAIM};
use crate::district::name_match::normalize_name;
use crate::ids::{ClassId, PersonId};
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::store::helped;
use crate::store::notices::{self, Notice};
use crate::store::support_codes::SupportCode;
use crate::store::{self, StoreError, Tx, accounts, challenge_answers, standing};

/// Most people of one list.
const LIMIT: u64 = 60;

/// What became of an act.
#[derive(Debug)]
pub enum Helping {
    /// It is done. A secret is there to be shown once.
    Done(Option<Secret>),
    /// The helper must sign in again first: the last time was too long ago.
    SignInAgain,
    /// Not allowed, or nobody is there: the helper cannot tell which.
    NotAllowed,
    /// The account is not in a state for it, as a code for an unclaimed account.
    NotNow,
}

/// Why a support code was given, with the person it concerns if the helper may know.
#[derive(Debug)]
pub struct Explained {
    /// The refusal.
    pub code: SupportCode,
    /// Whom it concerns.
    pub helped: Option<Helped>,
}

/// The standing of whoever is signed in, if there is anybody they may help.
pub async fn helper(cx: &Context, session: &Session) -> Result<Option<Standing>, FlowError> {
    let found = standing::find(cx.app.store.read(), &session.person_id, &cx.today()).await?;
    Ok(found.filter(Standing::helps))
}

/// Searches among those whom `helper` may help. Fewer than two letters find nobody.
pub async fn search(
    cx: &Context,
    helper: &Standing,
    typed: &str,
) -> Result<Vec<Helped>, FlowError> {
    let words: Vec<String> = typed
        .split_whitespace()
        .map(normalize_name)
        .filter(|word| !word.is_empty())
        .take(6)
        .collect();
    if words.iter().map(|word| word.chars().count()).sum::<usize>() < 2 {
        return Ok(Vec::new());
    }
    Ok(helped::search(cx.app.store.read(), helper, &words, &cx.today(), LIMIT).await?)
}

/// The classes of a teacher.
pub async fn classes(cx: &Context, helper: &Standing) -> Result<Vec<ClassLine>, FlowError> {
    Ok(helped::list_classes(cx.app.store.read(), &helper.id, &cx.today()).await?)
}

/// The pupils of an own class, by name; nothing where the class is somebody else's.
pub async fn class(
    cx: &Context,
    helper: &Standing,
    id: &ClassId,
) -> Result<Option<(ClassLine, Vec<Helped>)>, FlowError> {
    let Some(line) = classes(cx, helper)
        .await?
        .into_iter()
        .find(|line| line.id == *id)
    else {
        return Ok(None);
    };
    let pupils = helped::list_class(cx.app.store.read(), id, &cx.today()).await?;
    Ok(Some((line, pupils)))
}

/// A person with what the helper may do for them; nothing where the helper may not even see them.
pub async fn look(
    cx: &Context,
    helper: &Standing,
    id: &PersonId,
) -> Result<Option<(Helped, Powers)>, FlowError> {
    let db = cx.app.store.read();
    let today = cx.today();
    let Some(other) = standing::find(db, id, &today).await? else {
        return Ok(None);
    };
    let relation = standing::relation(db, &helper.id, id, &today).await?;
    let Some(ground) = may(helper, Act::See, &other, relation) else {
        return Ok(None);
    };
    let acts = [
        Act::GiveCode,
        Act::GiveTemporaryPassword,
        Act::ClearWaits,
        Act::UndoClaim,
        Act::ResetToUnclaimed,
    ]
    .into_iter()
    .filter(|act| may(helper, *act, &other, relation).is_some())
    .collect();
    let mut loaded = store::people::list_with_accounts(db, &[id.to_string()]).await?;
    let Some((person, account)) = loaded.remove(id.as_str()) else {
        return Ok(None);
    };
    let school = match &person.primary_school_id {
        Some(school) => store::people::find_school(db, school)
            .await?
            .map(|school| school.name),
        None => None,
    };
    let powers = Powers {
        ground,
        acts,
        rank: helper.rank(),
    };
    Ok(Some((
        Helped {
            person,
            account,
            school,
        },
        powers,
    )))
}

/// The true reason behind a support code, for staff whose reach it is in. Codes about nobody are anybody's of the helpers.
pub async fn explain(
    cx: &Context,
    helper: &Standing,
    typed: &str,
) -> Result<Option<Explained>, FlowError> {
    let Some(code) = support_codes::find(cx, typed).await? else {
        return Ok(None);
    };
    match &code.person_id {
        None => Ok(Some(Explained { code, helped: None })),
        Some(id) => {
            let seen = look(cx, helper, id).await?;
            Ok(seen.map(|(helped, _)| Explained {
                code,
                helped: Some(helped),
            }))
        }
    }
}

/// Does `act` for `other` in the name of whoever `session` is.
pub async fn act(
    cx: &Context,
    session: &Session,
    act: Act,
    other: &PersonId,
) -> Result<Helping, FlowError> {
    if cx.now >= session.auth_time.plus(FRESH) {
        return Ok(Helping::SignInAgain);
    }
    let today = cx.today();
    let tx = cx.app.store.begin().await?;
    let current = store::people::find_account(&tx, &session.person_id).await?;
    if current.is_none_or(|account| account.auth_epoch > session.auth_epoch) {
        return Ok(Helping::SignInAgain);
    }
    let (Some(helper), Some(their)) = (
        standing::find(&tx, &session.person_id, &today).await?,
        standing::find(&tx, other, &today).await?,
    ) else {
        return Ok(Helping::NotAllowed);
    };
    let relation: Relation = standing::relation(&tx, &helper.id, other, &today).await?;
    let Some(ground) = may(&helper, act, &their, relation) else {
        return Ok(Helping::NotAllowed);
    };
    let Some(secret) = carry_out(cx, &tx, act, &helper, other).await? else {
        return Ok(Helping::NotNow);
    };
    note(cx, &tx, (act, ground), session, other).await?;
    tx.commit().await.map_err(StoreError::from)?;
    // The waits live in the ephemeral store; lifting them is no part of what the transaction proves.
    limits::lift(cx, other).await?;
    Ok(Helping::Done(secret))
}

/// The act itself. `None`: the account is not in a state for it.
async fn carry_out(
    cx: &Context,
    tx: &Tx,
    act: Act,
    helper: &Standing,
    other: &PersonId,
) -> Result<Option<Option<Secret>>, FlowError> {
    let done = match act {
        Act::GiveCode => {
            let kind = TemporaryKind::Code;
            return Ok(temporary_secret::make(cx, tx, kind, other, &helper.id)
                .await?
                .map(Some));
        }
        Act::GiveTemporaryPassword => {
            let kind = TemporaryKind::Password;
            return Ok(temporary_secret::make(cx, tx, kind, other, &helper.id)
                .await?
                .map(Some));
        }
        Act::UndoClaim => {
            let since = cx.now.minus(UNDO_CLAIM);
            unclaim(tx, other, Some(since)).await?
        }
        Act::ResetToUnclaimed => unclaim(tx, other, None).await?,
        Act::ClearWaits => true,
        Act::See => false,
    };
    Ok(done.then_some(None))
}

async fn unclaim(
    tx: &Tx,
    other: &PersonId,
    since: Option<crate::clock::Timestamp>,
) -> Result<bool, FlowError> {
    let done = accounts::unclaim(tx, other, since).await?;
    if done {
        challenge_answers::delete(tx, other).await?;
    }
    Ok(done)
}

/// The audit row and the notice to the person helped.
async fn note(
    cx: &Context,
    tx: &Tx,
    (act, ground): (Act, Ground),
    session: &Session,
    other: &PersonId,
) -> Result<(), FlowError> {
    let (action, kind) = match act {
        Act::GiveCode => ("help_code_given", "code_given"),
        Act::GiveTemporaryPassword => ("help_password_given", "password_reset"),
        Act::ClearWaits => ("help_waits_cleared", "waits_cleared"),
        Act::UndoClaim => ("help_claim_undone", "claim_undone"),
        Act::ResetToUnclaimed => ("help_account_reset", "account_reset"),
        Act::See => ("help_seen", "seen"),
    };
    let event = Event::new(action)
        .actor(&session.person_id)
        .session(&session.sid)
        .target(other)
        .field("ground", ground.as_str());
    record_in(tx, cx, event).await?;
    let by = store::people::find(tx, &session.person_id).await?;
    let notice = Notice {
        id: cx.app.random.id(cx.now),
        person_id: other.clone(),
        kind: kind.to_owned(),
        actor: by.map(|person| person.display_name()),
        at: cx.now,
        until: cx.now.plus(NOTICE),
    };
    notices::insert(tx, &notice).await?;
    Ok(())
}
