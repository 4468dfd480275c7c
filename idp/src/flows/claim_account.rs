//! Claiming an account: who are you, your password, your questions. Nobody is signed in by it.
//!
//! Where a browser stands is kept here, under its pre-session cookie; a form names the ticket it was drawn for, so that a
//! second claim in another tab cannot take its password. The password is what claims: one conditional update.

mod matching;

use serde::{Deserialize, Serialize};

pub use self::matching::code_digest;
use self::matching::{look_up, refuse, tallies, throttled};
use super::audit::{self, Event};
use super::enroll_questions::{self, Enrolled, asked};
use super::limits;
use super::{Context, FlowError, Network};
use crate::clock::{Lifetime, Timestamp};
use crate::credentials::Urgency;
use crate::district::claiming::{Candidate, Decision, Reason, Refused};
use crate::district::number::TypedNumber;
use crate::district::password_policy::{self, Known};
use crate::district::person::{Account, AccountState, Person, Population};
use crate::district::questions::Typed as TypedAnswer;
use crate::ephemeral::Kind;
use crate::ids::PersonId;
use crate::secret::{Digest, Secret};
use crate::store::{self, StoreError, accounts, claim_codes};

/// How long the steps may take.
const LIVES: Lifetime = Lifetime::minutes(20);

/// The browser that claims.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    /// Its pre-session cookie.
    pub pre_session: &'a Secret,
    /// Its device cookie, as sent.
    pub device: Option<&'a Secret>,
}

/// The fields of step 1, as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed<'a> {
    /// Last name.
    pub last_name: &'a str,
    /// First name.
    pub first_name: &'a str,
    /// Employee or student number.
    pub number: &'a str,
    /// Printed claim code, where one is asked for.
    pub claim_code: &'a str,
    /// Student or staff, where the person was asked.
    pub population: Option<Population>,
}

/// How step 1 ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// On to the password.
    Matched,
    /// A student and an employee share names and number: ask which one it is.
    AskWhich,
    /// No, for whatever cause.
    Refused {
        /// For staff of the school, as `K7F-2QX`.
        support_code: String,
        /// When the next try is evaluated, where there have been too many.
        wait: Option<Lifetime>,
    },
}

/// Where a browser stands in its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Name and number matched; the password is next.
    Password,
    /// Claimed; the questions are next.
    Questions,
    /// Done.
    Done,
}

/// A claim under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// Names this claim in the browser's forms. Opens nothing without the browser's cookie.
    pub ticket: String,
    /// Where it stands.
    pub step: Step,
    /// Whose account.
    pub person_id: PersonId,
    /// What they are.
    pub population: Population,
    /// Whether a letter was left out of the typed number.
    pub letter_dropped: bool,
    /// Digest of the claim code that was shown, used up with the claim.
    claim_code: Option<String>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// How step 2 ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordSet {
    /// The account is this person's.
    Claimed,
    /// The password is refused.
    Refused(password_policy::Refusal),
    /// Somebody else was first, or the roster has changed since step 1.
    Lost {
        /// For staff of the school.
        support_code: String,
    },
    /// There is no such claim in this browser: back to the start.
    NoClaim,
}

/// How step 3 ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionsSet {
    /// The end.
    Done,
    /// Something is wrong with the answers.
    Problems(Vec<crate::district::questions::Problem>),
    /// There is no such claim in this browser: back to the start.
    NoClaim,
}

/// Step 1: looks for the one person whose names and number these are.
pub async fn verify(
    cx: &Context,
    claimant: Claimant<'_>,
    typed: &Typed<'_>,
) -> Result<Verified, FlowError> {
    let district = &cx.app.settings.district;
    let number = TypedNumber::read(
        typed.number,
        district.student_number_digits,
        &[&district.student_prefix, &district.staff_prefix],
    );
    let counted = match limits::count(cx, tallies(cx, claimant, typed, &number)).await? {
        Ok(counted) => counted,
        Err(wait) => return throttled(cx, claimant, wait).await,
    };
    let found = look_up(cx, typed, &number).await?;
    let candidate = match &found.decision {
        Decision::Granted(index) => found.candidates.get(*index),
        Decision::AskWhich => {
            counted.succeeded(cx).await?;
            return Ok(Verified::AskWhich);
        }
        Decision::Refused(refused) => {
            let support_code = refuse(cx, typed, &found.candidates, refused).await?;
            return Ok(Verified::Refused {
                support_code,
                wait: None,
            });
        }
    };
    let person = &candidate
        .ok_or_else(|| FlowError::bug("a claim granted to nobody"))?
        .person;
    let progress = Progress {
        ticket: cx.app.random.token().expose().to_owned(),
        step: Step::Password,
        person_id: person.id.clone(),
        population: person.population,
        letter_dropped: number.dropped.is_some(),
        claim_code: found.claim_code,
        expires_at: cx.now.plus(LIVES),
    };
    put(cx, claimant.pre_session, &progress).await?;
    counted.succeeded(cx).await?;
    Ok(Verified::Matched)
}

/// Where this browser's claim stands, if there is one.
pub async fn progress(cx: &Context, pre_session: &Secret) -> Result<Option<Progress>, FlowError> {
    let id = pre_session.digest(Kind::ClaimTicket.as_str());
    let found: Option<Progress> = cx
        .app
        .ephemeral
        .get(Kind::ClaimTicket, id.as_str(), cx.now)
        .await?;
    Ok(found.filter(|progress| cx.now < progress.expires_at))
}

/// Fewest characters of a password of people of `population`.
pub fn password_minimum(cx: &Context, population: Population) -> u32 {
    let policy = &cx.app.settings.policy;
    match population {
        Population::Student => policy.student_password_min(),
        Population::Staff | Population::Guardian => policy.staff_password_min(),
    }
}

/// Step 2: sets the password, which takes the account.
pub async fn set_password(
    cx: &Context,
    claimant: Claimant<'_>,
    ticket: &str,
    password: &Secret,
    again: &Secret,
) -> Result<PasswordSet, FlowError> {
    let Some(progress) = current(cx, claimant.pre_session, ticket).await? else {
        return Ok(PasswordSet::NoClaim);
    };
    if progress.step != Step::Password {
        // Sent twice: the first one has claimed.
        return Ok(PasswordSet::Claimed);
    }
    let Some((person, account)) = load(cx, &progress.person_id).await? else {
        return Ok(PasswordSet::NoClaim);
    };
    let known = known_words(cx, &person, &account).await?;
    let minimum = password_minimum(cx, person.population);
    if let Err(refusal) = password_policy::check(password.expose(), again.expose(), minimum, &known)
    {
        return Ok(PasswordSet::Refused(refusal));
    }
    let urgency = match cx.peer.network {
        Network::School => Urgency::Preferred,
        Network::Elsewhere => Urgency::Ordinary,
    };
    let permit = cx.app.passwords.admit(urgency).await?;
    let hash = cx
        .app
        .passwords
        .hash(permit, &cx.app.random, password)
        .await?;
    let questions = asked(&cx.app.settings, person.population).is_some();
    if let Some(reason) = take(cx, &progress, &hash, questions).await? {
        let refused = Refused {
            reason,
            about: Some(0),
            near_miss: None,
        };
        let candidates = [Candidate { person, account }];
        let support_code = refuse(cx, &Typed::default(), &candidates, &refused).await?;
        forget(cx, claimant.pre_session).await?;
        return Ok(PasswordSet::Lost { support_code });
    }
    let next = Progress {
        step: Step::Questions,
        ..progress
    };
    put(cx, claimant.pre_session, &next).await?;
    Ok(PasswordSet::Claimed)
}

/// Step 3: keeps the answers. `answers` is empty where the policy asks nothing.
pub async fn set_questions(
    cx: &Context,
    pre_session: &Secret,
    ticket: &str,
    answers: &[TypedAnswer<'_>],
) -> Result<QuestionsSet, FlowError> {
    let Some(progress) = current(cx, pre_session, ticket).await? else {
        return Ok(QuestionsSet::NoClaim);
    };
    match progress.step {
        Step::Password => return Ok(QuestionsSet::NoClaim),
        Step::Done => return Ok(QuestionsSet::Done),
        Step::Questions => {}
    }
    let digest = ticket_digest(&progress.ticket);
    let db = cx.app.store.read();
    // An account whose claim was undone in between takes no answers of the first claimant.
    if !accounts::was_claimed_with(db, &progress.person_id, &digest).await? {
        return Ok(QuestionsSet::NoClaim);
    }
    let Some((person, account)) = load(cx, &progress.person_id).await? else {
        return Ok(QuestionsSet::NoClaim);
    };
    if let Enrolled::Problems(problems) =
        enroll_questions::enroll(cx, &person, &account, answers).await?
    {
        return Ok(QuestionsSet::Problems(problems));
    }
    let done = Progress {
        step: Step::Done,
        expires_at: cx.now.plus(Lifetime::minutes(5)),
        ..progress
    };
    put(cx, pre_session, &done).await?;
    Ok(QuestionsSet::Done)
}

/// The username of a claim that has its password.
pub async fn username(cx: &Context, progress: &Progress) -> Result<Option<String>, FlowError> {
    let account = store::people::find_account(cx.app.store.read(), &progress.person_id).await?;
    Ok(account.and_then(|account| account.username))
}

/// The transaction of the claim. Answers why it lost, if it did.
async fn take(
    cx: &Context,
    progress: &Progress,
    password_hash: &str,
    recovery_pending: bool,
) -> Result<Option<Reason>, FlowError> {
    let ticket = ticket_digest(&progress.ticket);
    let person_id = &progress.person_id;
    let tx = cx.app.store.begin().await?;
    let claim = accounts::Claim {
        person_id,
        password_hash,
        recovery_pending,
        from: cx.peer.network.as_str(),
        ticket: &ticket,
        at: cx.now,
    };
    if !accounts::claim(&tx, &claim).await? {
        drop(tx);
        let db = cx.app.store.read();
        if accounts::was_claimed_with(db, person_id, &ticket).await? {
            // Sent twice at one moment: both were this browser's.
            return Ok(None);
        }
        let account = store::people::find_account(db, person_id).await?;
        let taken = account.is_some_and(|account| account.state == AccountState::Active);
        return Ok(Some(if taken {
            Reason::AlreadyClaimed
        } else {
            Reason::NotActive
        }));
    }
    if let Some(code) = &progress.claim_code
        && !claim_codes::use_up(&tx, person_id, code, cx.now).await?
    {
        return Ok(Some(Reason::WrongCode));
    }
    let event = Event::new("claim_account")
        .actor(person_id)
        .target(person_id)
        .field("network", cx.peer.network.as_str())
        .field("with_code", progress.claim_code.is_some());
    audit::record_in(&tx, cx, event).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(None)
}

/// The browser's claim, if it is the one that the form was drawn for.
async fn current(
    cx: &Context,
    pre_session: &Secret,
    ticket: &str,
) -> Result<Option<Progress>, FlowError> {
    let ticket = Secret::new(ticket);
    let found = progress(cx, pre_session).await?;
    Ok(found.filter(|progress| Secret::new(progress.ticket.as_str()) == ticket))
}

async fn put(cx: &Context, pre_session: &Secret, progress: &Progress) -> Result<(), FlowError> {
    let id = pre_session.digest(Kind::ClaimTicket.as_str());
    let until = progress.expires_at;
    Ok(cx
        .app
        .ephemeral
        .put(Kind::ClaimTicket, id.as_str(), progress, until)
        .await?)
}

async fn forget(cx: &Context, pre_session: &Secret) -> Result<(), FlowError> {
    let id = pre_session.digest(Kind::ClaimTicket.as_str());
    Ok(cx
        .app
        .ephemeral
        .delete(Kind::ClaimTicket, id.as_str())
        .await?)
}

async fn load(cx: &Context, id: &PersonId) -> Result<Option<(Person, Account)>, FlowError> {
    let db = cx.app.store.read();
    let person = store::people::find(db, id).await?;
    Ok(person.zip(store::people::find_account(db, id).await?))
}

/// What everybody knows of a person: their password is not made of it.
pub async fn known_words(
    cx: &Context,
    person: &Person,
    account: &Account,
) -> Result<Known, FlowError> {
    let school = match &person.primary_school_id {
        Some(id) => store::people::find_school(cx.app.store.read(), id).await?,
        None => None,
    };
    let branding = &cx.app.settings.branding;
    let texts =
        |texts: &[Option<&String>]| texts.iter().flatten().map(ToString::to_string).collect();
    Ok(Known {
        names: texts(&[
            Some(&person.given_name),
            Some(&person.family_name),
            person.middle_name.as_ref(),
            person.preferred_given_name.as_ref(),
            person.preferred_family_name.as_ref(),
        ]),
        numbers: texts(&[account.username.as_ref(), person.number.as_ref()]),
        places: texts(&[
            school.as_ref().map(|school| &school.name),
            Some(&branding.portal_name),
            Some(&branding.district_name),
            Some(&branding.place),
        ]),
    })
}

fn ticket_digest(ticket: &str) -> Digest {
    Digest::of("claim-ticket", ticket.as_bytes())
}
