//! Signing in: a username on the first page, a password on the second. Names that nobody has take the same path, the same
//! time and the same limits.

use serde::{Deserialize, Serialize};

use super::audit::{self, Event};
use super::batch::Write;
use super::known_device::Device;
use super::limits::{self, Stop, account_key};
use super::{Context, FlowError, Network, end_session, session, temporary_secret};
use crate::clock::Lifetime;
use crate::credentials::{Urgency, Verdict};
use crate::district::number::TypedNumber;
use crate::district::person::{Account, AccountState, Person, Population};
use crate::district::throttling::Lane;
use crate::district::username::TypedUsername;
use crate::ephemeral::Kind;
use crate::ids::PersonId;
use crate::protocol::session::Session;
use crate::secret::{Digest, Secret};
use crate::store::{self, accounts};

/// How long a typed username waits for its password.
const LIVES: Lifetime = Lifetime::minutes(15);

/// The browser that signs in.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Its pre-session cookie.
    pub pre_session: &'a Secret,
    /// Its device cookie, as sent.
    pub device: Option<&'a Secret>,
    /// The session it has had so far and its cookie: it ends with a new one.
    pub session: Option<(&'a Session, &'a Secret)>,
    /// The pending authorization that the sign-in is for.
    pub flow: Option<&'a str>,
}

/// How the second page ended.
#[derive(Debug)]
pub enum SignIn {
    /// In.
    Done(Box<Entered>),
    /// Not in.
    Refused(Refusal),
    /// No username is known for this browser: back to the first page.
    NoUsername,
}

/// Somebody who has signed in.
#[derive(Debug)]
pub struct Entered {
    /// The session.
    pub session: Session,
    /// The value of its cookie.
    pub cookie: Secret,
    /// The value of the device's cookie.
    pub device: Secret,
    /// What stands before everything else.
    pub first: First,
}

/// What a person must do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Nothing.
    Nothing,
    /// Set a new password.
    NewPassword,
    /// Answer the questions that the claim left open.
    Questions,
}

/// Why somebody is not in. The same for names that nobody has, unclaimed and disabled accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Username and password do not go together.
    Mismatch,
    /// Too many tries: nothing is evaluated for so long.
    Wait(Lifetime),
    /// Too many tries in all from where this browser is.
    Closed,
}

/// Keeps the typed username for the second page. Answers whether anything was typed.
pub async fn identify(
    cx: &Context,
    pre_session: &Secret,
    flow: Option<&str>,
    typed: &str,
) -> Result<bool, FlowError> {
    let username = TypedUsername::read(typed);
    if username.as_str().is_empty() {
        return Ok(false);
    }
    let id = page_id(pre_session, flow);
    let until = cx.now.plus(LIVES);
    cx.app
        .ephemeral
        .put(Kind::SignInPage, &id, &username.as_str(), until)
        .await?;
    Ok(true)
}

/// The username that waits for its password in this browser, as the second page shows it.
pub async fn waiting_username(
    cx: &Context,
    pre_session: &Secret,
    flow: Option<&str>,
) -> Result<Option<String>, FlowError> {
    let id = page_id(pre_session, flow);
    Ok(cx.app.ephemeral.get(Kind::SignInPage, &id, cx.now).await?)
}

/// The second page: evaluates the password, unless a limit stops it. A one-time code or a temporary password of a helper may
/// stand in its place; whoever comes in with one sets a new password first.
pub async fn authenticate(
    cx: &Context,
    visitor: Visitor<'_>,
    password: &Secret,
) -> Result<SignIn, FlowError> {
    let Some(typed) = waiting_username(cx, visitor.pre_session, visitor.flow).await? else {
        return Ok(SignIn::NoUsername);
    };
    let found = find(cx, &typed).await?;
    let device = Device::read(cx, visitor.device);
    let proof = evaluate(cx, device.as_ref(), &typed, found.as_ref(), password).await?;
    match (proof, found) {
        (Proof::Stopped(refusal), _) => Ok(SignIn::Refused(refusal)),
        (Proof::Given { lane, method }, Some((account, person))) => {
            let device = device.unwrap_or_else(|| Device::new(cx));
            let person = Entering {
                account: &account,
                person: &person,
                method,
            };
            enter(cx, visitor, person, (&device, lane)).await
        }
        (Proof::Given { .. } | Proof::Wrong, _) => Ok(SignIn::Refused(Refusal::Mismatch)),
    }
}

/// How confirming ended.
#[derive(Debug)]
pub enum Confirmed {
    /// The same person: a new session with a fresh `auth_time`, and the value of its cookie. The old one has ended.
    Done(Session, Secret),
    /// Not.
    Refused(Refusal),
    /// The session belongs to nobody any more.
    SignedOut,
}

/// Asks a signed-in person for the password once more, as before an act that needs a fresh sign-in. Passes the same guard.
pub async fn confirm(
    cx: &Context,
    visitor: Visitor<'_>,
    session: &Session,
    password: &Secret,
) -> Result<Confirmed, FlowError> {
    let db = cx.app.store.read();
    let account = store::people::find_account(db, &session.person_id).await?;
    let person = store::people::find(db, &session.person_id).await?;
    let Some(found) = account.zip(person) else {
        return Ok(Confirmed::SignedOut);
    };
    if found.0.auth_epoch > session.auth_epoch {
        return Ok(Confirmed::SignedOut);
    }
    let device = Device::read(cx, visitor.device);
    let typed = found.0.username.clone().unwrap_or_default();
    match evaluate(cx, device.as_ref(), &typed, Some(&found), password).await? {
        Proof::Stopped(refusal) => Ok(Confirmed::Refused(refusal)),
        Proof::Given { method: "pwd", .. } => {
            if let Some((_, cookie)) = visitor.session {
                session::end(cx, cookie).await?;
            }
            let (population, epoch) = (found.1.population, found.0.auth_epoch);
            let amr = session.amr.clone();
            let (fresh, cookie) =
                session::create(cx, &session.person_id, epoch, population, amr).await?;
            // The same person goes on: what apps hold belongs to this session until it is signed out.
            let fresh = Session {
                sid: session.sid.clone(),
                ..fresh
            };
            session::put(cx, &cookie, &fresh).await?;
            let event = Event::new("confirm_password")
                .actor(&session.person_id)
                .session(&fresh.sid);
            audit::record(cx, event).await;
            Ok(Confirmed::Done(fresh, cookie))
        }
        Proof::Given { .. } | Proof::Wrong => Ok(Confirmed::Refused(Refusal::Mismatch)),
    }
}

/// What a typed secret has shown.
enum Proof {
    /// It is the person's: by `pwd`, the password, or `otp`, what a helper handed out (RFC 8176 §2).
    Given { lane: Lane, method: &'static str },
    /// It is not, or there is nobody.
    Wrong,
    /// Nothing was evaluated.
    Stopped(Refusal),
}

/// The one guard and the one hash that every typed password passes, whoever it is typed for.
async fn evaluate(
    cx: &Context,
    device: Option<&Device>,
    typed: &str,
    found: Option<&(Account, Person)>,
    password: &Secret,
) -> Result<Proof, FlowError> {
    let id = found.map(|(account, _)| &account.person_id);
    let lane = lane(cx, device, id);
    let account = account_key(cx, id, typed);
    if let Some(stop) = limits::stopped(cx, &account, lane).await? {
        return Ok(stopped(cx, id, lane, stop).await);
    }
    let urgency = match lane {
        Lane::KnownDevice | Lane::SchoolNetwork => Urgency::Preferred,
        Lane::Anywhere => Urgency::Ordinary,
    };
    // The place in the queue comes first: who is sent away because the queue is full has not tried.
    let permit = cx.app.passwords.admit(urgency).await?;
    let attempt = match limits::begin(cx, &account, lane).await? {
        Ok(attempt) => attempt,
        Err(stop) => return Ok(stopped(cx, id, lane, stop).await),
    };
    let stored = found.and_then(|(account, person)| eligible(cx, account, person));
    let verdict = cx.app.passwords.verify(permit, password, stored).await?;
    if let (Verdict::Right | Verdict::RightButStale, Some((account, _))) = (verdict, found) {
        attempt.succeeded(cx).await?;
        if verdict == Verdict::RightButStale {
            hash_again(cx, account, password).await?;
        }
        return Ok(Proof::Given {
            lane,
            method: "pwd",
        });
    }
    // Names that nobody has cost the same question.
    let nobody = PersonId::new("-");
    let asked = stored.and(id).unwrap_or(&nobody);
    if temporary_secret::redeem(cx, asked, password).await? {
        attempt.succeeded(cx).await?;
        return Ok(Proof::Given {
            lane,
            method: "otp",
        });
    }
    attempt.failed(cx).await?;
    let reason = match found {
        None => "unknown_username",
        Some((account, _)) if account.state == AccountState::Unclaimed => "unclaimed",
        Some((_, person)) if !person.is_current(&cx.today()) => "not_active",
        Some(_) => "wrong_password",
    };
    record_refusal(cx, id, lane, reason).await;
    Ok(Proof::Wrong)
}

/// Signs out: ends the session, and what apps have of it.
pub async fn sign_out(cx: &Context, session: &Session, cookie: &Secret) -> Result<(), FlowError> {
    end_session::end_tokens(cx, &session.sid).await?;
    session::end(cx, cookie).await?;
    let event = Event::new("sign_out")
        .actor(&session.person_id)
        .session(&session.sid);
    audit::record(cx, event).await;
    Ok(())
}

/// The account that a typed name stands for. A bare number stands for a username where only one person can be meant.
pub async fn find(cx: &Context, typed: &str) -> Result<Option<(Account, Person)>, FlowError> {
    let db = cx.app.store.read();
    let settings = &cx.app.settings;
    let number = match TypedUsername::read(typed) {
        TypedUsername::BareNumber(number) if settings.policy.bare_number_signs_in() => number,
        TypedUsername::Username(name) | TypedUsername::BareNumber(name) => {
            let found = store::people::find_by_username(db, &name).await?;
            if found.is_none() {
                // As many questions as for a name that somebody has.
                store::people::find(db, &PersonId::new("-")).await?;
            }
            return Ok(found);
        }
    };
    let read = TypedNumber::read(&number, settings.district.student_number_digits, &[]);
    let candidates = accounts::list_candidates(db, &read.candidates).await?;
    let exact = |number: Option<&str>| number == read.bare();
    let any_exact = candidates
        .iter()
        .any(|found| exact(found.person.number.as_deref()));
    let mut meant = candidates
        .into_iter()
        .filter(|found| found.person.population != Population::Guardian)
        .filter(|found| !any_exact || exact(found.person.number.as_deref()));
    Ok(match (meant.next(), meant.next()) {
        (Some(one), None) => Some((one.account, one.person)),
        _ => None,
    })
}

/// The hash to compare with: of a claimed account of somebody whom the roster lets in.
fn eligible<'a>(cx: &Context, account: &'a Account, person: &Person) -> Option<&'a str> {
    let guardian = person.population == Population::Guardian;
    let allowed = !guardian || cx.app.settings.district.guardians_sign_in;
    (account.state == AccountState::Active && person.is_current(&cx.today()) && allowed)
        .then_some(account.password_hash.as_ref()?.expose())
}

fn lane(cx: &Context, device: Option<&Device>, id: Option<&PersonId>) -> Lane {
    match (device, id) {
        (Some(device), Some(id)) if device.knows(cx, id) => Lane::KnownDevice,
        _ if cx.peer.network == Network::School => Lane::SchoolNetwork,
        _ => Lane::Anywhere,
    }
}

/// Somebody who has shown who they are.
struct Entering<'a> {
    account: &'a Account,
    person: &'a Person,
    method: &'static str,
}

async fn enter(
    cx: &Context,
    visitor: Visitor<'_>,
    entering: Entering<'_>,
    (device, lane): (&Device, Lane),
) -> Result<SignIn, FlowError> {
    let Entering {
        account,
        person,
        method,
    } = entering;
    if let Some((old, cookie)) = visitor.session {
        end_session::end_tokens(cx, &old.sid).await?;
        session::end(cx, cookie).await?;
    }
    let amr = vec![method.to_owned()];
    let (session, cookie) =
        session::create(cx, &person.id, account.auth_epoch, person.population, amr).await?;
    let id = page_id(visitor.pre_session, visitor.flow);
    cx.app.ephemeral.delete(Kind::SignInPage, &id).await?;
    cx.app
        .batch
        .write(Write::SignedIn(person.id.clone(), cx.now))
        .await;
    let event = Event::new("sign_in")
        .actor(&person.id)
        .session(&session.sid)
        .field("lane", lane.as_str())
        .field("network", cx.peer.network.as_str());
    audit::record(cx, event).await;
    let first = if account.must_change_password {
        First::NewPassword
    } else if account.recovery_pending {
        First::Questions
    } else {
        First::Nothing
    };
    let device = device.with(cx, &person.id);
    Ok(SignIn::Done(Box::new(Entered {
        session,
        cookie,
        device,
        first,
    })))
}

/// Nothing was evaluated, and right and wrong look the same.
async fn stopped(cx: &Context, id: Option<&PersonId>, lane: Lane, stop: Stop) -> Proof {
    let (refusal, reason) = match stop {
        Stop::Wait(wait) => (Refusal::Wait(wait), "waiting"),
        Stop::Closed => (Refusal::Closed, "closed"),
    };
    record_refusal(cx, id, lane, reason).await;
    Proof::Stopped(refusal)
}

async fn record_refusal(cx: &Context, id: Option<&PersonId>, lane: Lane, reason: &str) {
    let mut event = Event::new("sign_in")
        .refused(reason)
        .field("lane", lane.as_str())
        .field("network", cx.peer.network.as_str());
    if let Some(id) = id {
        event = event.target(id);
    }
    audit::record(cx, event).await;
}

/// Hashes a right password with today's parameters. Losing a race to a change of password is as it should be.
async fn hash_again(cx: &Context, account: &Account, password: &Secret) -> Result<(), FlowError> {
    let Some(old) = &account.password_hash else {
        return Ok(());
    };
    // Only when there is room: the next sign-in will do as well.
    let Ok(permit) = cx.app.passwords.admit(Urgency::Ordinary).await else {
        return Ok(());
    };
    let new = cx
        .app
        .passwords
        .hash(permit, &cx.app.random, password)
        .await?;
    accounts::replace_hash(cx.app.store.relaxed(), &account.person_id, old, &new).await?;
    Ok(())
}

fn page_id(pre_session: &Secret, flow: Option<&str>) -> String {
    let flow = Digest::of("flow", flow.unwrap_or_default().as_bytes());
    format!("{}:{flow}", pre_session.digest(Kind::SignInPage.as_str()))
}
