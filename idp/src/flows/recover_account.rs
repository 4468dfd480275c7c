//! Forgot my password: a username, then the person's three questions, all at once against one joint hash, then a new password.
//! Names that nobody has are asked three questions too, always the same ones, for the same time and with the same words.
//!
//! Five tries a day and ten in thirty days, counted in SQL before anything is evaluated; then only people help. Success
//! signs nobody in and ends whatever is open.

use serde::{Deserialize, Serialize};

use super::audit::{self, Event};
use super::claim_account::{known_words, password_minimum};
use super::enroll_questions::asked;
use super::limits::{self, account_key};
use super::support_codes::{self, Refusal as CodeFor};
use super::{Context, FlowError, sign_in};
use crate::clock::Lifetime;
use crate::credentials::{Urgency, Verdict};
use crate::district::help::NOTICE;
use crate::district::password_policy;
use crate::district::person::{Account, AccountState, Person, Population};
use crate::district::questions::{self, Question, bank};
use crate::district::username::TypedUsername;
use crate::ephemeral::Kind;
use crate::secret::{Digest, Secret, keyed_hash};
use crate::store::notices::{self, Notice};
use crate::store::reset_tickets::{self, ResetTicket};
use crate::store::{self, StoreError, accounts, challenge_answers, failure_counts};

/// How long a browser may take for the steps.
const LIVES: Lifetime = Lifetime::minutes(20);
/// How long right answers are good for a new password.
const TICKET_LIVES: Lifetime = Lifetime::minutes(10);
/// Tries of one account on one day.
const PER_DAY: i64 = 5;
/// Tries of one account in [`WINDOW`].
const PER_WINDOW: i64 = 10;
const WINDOW: Lifetime = Lifetime::days(30);

/// Where a browser stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Progress {
    username: String,
    ticket: Option<String>,
}

/// What the page with the questions shows.
#[derive(Clone, Debug)]
pub struct Questions {
    /// The username as typed, known or not.
    pub username: String,
    /// Three questions.
    pub questions: Vec<&'static Question>,
}

/// How the answers ended.
#[derive(Clone, Debug)]
pub enum Answered {
    /// Right: set a new password.
    Right,
    /// Wrong, or too many tries, or nobody: the person cannot tell which.
    Wrong {
        /// For staff of the school.
        support_code: String,
    },
    /// No username is known for this browser.
    NoUsername,
}

/// How setting the new password ended.
#[derive(Clone, Debug)]
pub enum Recovered {
    /// Done; sign in with it.
    Done,
    /// The password is refused.
    Refused(password_policy::Refusal),
    /// The ticket is used, too old, or was overtaken: from the start.
    NoTicket,
}

/// Whether questions recover passwords at all; if not, everybody is sent to people, known or not.
pub fn is_offered(cx: &Context) -> bool {
    cx.app.settings.policy.questions_enabled()
}

/// Step 1: keeps the username. Answers whether anything was typed.
pub async fn begin(cx: &Context, pre_session: &Secret, typed: &str) -> Result<bool, FlowError> {
    let username = TypedUsername::read(typed).as_str().to_owned();
    if username.is_empty() {
        return Ok(false);
    }
    put(
        cx,
        pre_session,
        &Progress {
            username,
            ticket: None,
        },
    )
    .await?;
    Ok(true)
}

/// Step 2: the questions for the username of this browser.
pub async fn questions(cx: &Context, pre_session: &Secret) -> Result<Option<Questions>, FlowError> {
    let Some(progress) = progress(cx, pre_session).await? else {
        return Ok(None);
    };
    let found = sign_in::find(cx, &progress.username).await?;
    let enrolled = enrolled(cx, found.as_ref()).await?;
    let questions = match enrolled {
        Some(enrolled) => enrolled.questions,
        None => decoys(cx, &progress.username),
    };
    Ok(Some(Questions {
        username: progress.username,
        questions,
    }))
}

/// Step 2: compares the answers, pairs of a question's id and what was typed.
pub async fn answer(
    cx: &Context,
    pre_session: &Secret,
    typed: &[(&'static Question, String)],
) -> Result<Answered, FlowError> {
    let Some(progress) = progress(cx, pre_session).await? else {
        return Ok(Answered::NoUsername);
    };
    let found = sign_in::find(cx, &progress.username).await?;
    let id = found.as_ref().map(|(account, _)| &account.person_id);
    let account = account_key(cx, id, &progress.username);
    let enrolled = enrolled(cx, found.as_ref()).await?;
    let permit = cx.app.passwords.admit(Urgency::Ordinary).await?;
    if !is_offered(cx) || !count(cx, &account).await? {
        return refuse(cx, found.as_ref(), "throttled").await;
    }
    let mut answers: Vec<(&str, String)> = typed
        .iter()
        .map(|(question, answer)| (question.id, questions::read(question, answer)))
        .collect();
    answers.sort_by_key(|(id, _)| *id);
    let pairs: Vec<(&str, &str)> = answers
        .iter()
        .map(|(id, text)| (*id, text.as_str()))
        .collect();
    let stored = enrolled.as_ref().map(|enrolled| enrolled.hash.expose());
    let verdict = cx
        .app
        .passwords
        .verify_answers(permit, &pairs, stored)
        .await?;
    match (verdict, found) {
        (Verdict::Right | Verdict::RightButStale, Some((found, _))) => {
            failure_counts::clear(cx.app.store.relaxed(), &account, &lane(cx)).await?;
            let ticket = cx.app.random.token();
            let row = ResetTicket {
                digest: digest(&ticket),
                person_id: found.person_id.clone(),
                auth_epoch: found.auth_epoch,
                created_at: cx.now,
                expires_at: cx.now.plus(TICKET_LIVES),
            };
            reset_tickets::insert(cx.app.store.durable(), &row).await?;
            let ticket = Some(ticket.expose().to_owned());
            put(cx, pre_session, &Progress { ticket, ..progress }).await?;
            audit::record(cx, Event::new("answer_questions").target(&found.person_id)).await;
            Ok(Answered::Right)
        }
        (_, found) => {
            let reason = match &found {
                None => "unknown_username",
                Some((account, _)) if account.state == AccountState::Unclaimed => "unclaimed",
                Some((_, person)) if !person.is_current(&cx.today()) => "not_active",
                Some(_) if enrolled.is_none() => "not_enrolled",
                Some(_) => "wrong_answers",
            };
            refuse(cx, found.as_ref(), reason).await
        }
    }
}

/// Step 3: whose new password this browser may set, and how long it must be.
pub async fn minimum(cx: &Context, pre_session: &Secret) -> Result<Option<u32>, FlowError> {
    let Some((_, person, _)) = ticket(cx, pre_session).await? else {
        return Ok(None);
    };
    Ok(Some(password_minimum(cx, person.population)))
}

/// Step 3: sets the new password. Ends all sessions, codes and refresh tokens, and signs nobody in.
pub async fn set_password(
    cx: &Context,
    pre_session: &Secret,
    password: &Secret,
    again: &Secret,
) -> Result<Recovered, FlowError> {
    let Some((ticket, person, account)) = ticket(cx, pre_session).await? else {
        return Ok(Recovered::NoTicket);
    };
    let known = known_words(cx, &person, &account).await?;
    let minimum = password_minimum(cx, person.population);
    let checked = password_policy::check(password.expose(), again.expose(), minimum, &known);
    if let Err(refusal) = checked {
        return Ok(Recovered::Refused(refusal));
    }
    let permit = cx.app.passwords.admit(Urgency::Preferred).await?;
    let hash = cx
        .app
        .passwords
        .hash(permit, &cx.app.random, password)
        .await?;
    let tx = cx.app.store.begin().await?;
    let taken = reset_tickets::use_once(&tx, &ticket.digest, cx.now).await?
        && accounts::set_password(&tx, &person.id, ticket.auth_epoch, &hash, cx.now).await?;
    if !taken {
        return Ok(Recovered::NoTicket);
    }
    store::temporary_secrets::void(&tx, &person.id, cx.now).await?;
    let notice = Notice {
        id: cx.app.random.id(cx.now),
        person_id: person.id.clone(),
        kind: "password_recovered".into(),
        actor: None,
        at: cx.now,
        until: cx.now.plus(NOTICE),
    };
    notices::insert(&tx, &notice).await?;
    audit::record_in(&tx, cx, Event::new("recover_password").target(&person.id)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    limits::lift(cx, &person.id).await?;
    forget(cx, pre_session).await?;
    Ok(Recovered::Done)
}

/// What somebody has enrolled, where it may be used.
struct Enrolled {
    questions: Vec<&'static Question>,
    hash: Secret,
}

async fn enrolled(
    cx: &Context,
    found: Option<&(Account, Person)>,
) -> Result<Option<Enrolled>, FlowError> {
    let db = cx.app.store.read();
    let Some((account, person)) = found else {
        // As many questions to the database as for a name that somebody has.
        challenge_answers::find(db, &crate::ids::PersonId::new("-")).await?;
        return Ok(None);
    };
    let row = challenge_answers::find(db, &account.person_id).await?;
    let open = account.state == AccountState::Active
        && person.is_current(&cx.today())
        && asked(&cx.app.settings, person.population).is_some();
    let Some(row) = row.filter(|_| open) else {
        return Ok(None);
    };
    let questions: Vec<&'static Question> = row
        .question_ids
        .iter()
        .filter_map(|id| bank::find(id))
        .collect();
    // A question that is asked no longer leaves a set that cannot be answered.
    let whole = questions.len() == row.question_ids.len();
    Ok(whole.then_some(Enrolled {
        questions,
        hash: row.hash,
    }))
}

/// Three questions for a name that nobody has, or that has enrolled none: always the same for one name.
fn decoys(cx: &Context, username: &str) -> Vec<&'static Question> {
    let settings = &cx.app.settings;
    let staff = username.starts_with(&settings.district.staff_prefix);
    let population = if staff {
        Population::Staff
    } else {
        Population::Student
    };
    let listed = [population, Population::Student]
        .into_iter()
        .map(|population| bank::questions(settings.policy.profile, population))
        .find(|bank| bank.len() >= 3)
        .unwrap_or_default();
    let count = asked(settings, population).map_or(3, |asked| asked.rule.min);
    let draw = keyed_hash(&cx.app.secrets.decoys, &[b"questions", username.as_bytes()]);
    let mut chosen: Vec<&'static Question> = Vec::new();
    for byte in draw {
        let question = listed.get(usize::from(byte) % listed.len().max(1));
        if let Some(question) = question
            && chosen.len() < count
            && chosen.iter().all(|other| other.id != question.id)
        {
            chosen.push(question);
        }
    }
    // Real ones come in the order of their ids.
    chosen.sort_by_key(|question| question.id);
    chosen
}

/// Counts a try before it is evaluated. False when there is no room.
async fn count(cx: &Context, account: &str) -> Result<bool, FlowError> {
    if cx.app.settings.testing.unthrottled() {
        return Ok(true);
    }
    let store = cx.app.store.relaxed();
    let since = cx.now.minus(WINDOW);
    if failure_counts::sum(store, account, "answers-", since).await? >= PER_WINDOW {
        return Ok(false);
    }
    Ok(failure_counts::add(store, account, &lane(cx), PER_DAY, cx.now).await?)
}

fn lane(cx: &Context) -> String {
    format!("answers-{}", cx.today())
}

async fn refuse(
    cx: &Context,
    found: Option<&(Account, Person)>,
    reason: &str,
) -> Result<Answered, FlowError> {
    let person = found.map(|(_, person)| person);
    let code = CodeFor {
        flow: "recover",
        reason,
        person_id: person.map(|person| &person.id),
        school_id: person.and_then(|person| person.primary_school_id.as_ref()),
        detail: serde_json::Map::new(),
    };
    let support_code = support_codes::issue(cx, code).await?;
    let mut event = Event::new("answer_questions").refused(reason);
    if let Some(person) = person {
        event = event.target(&person.id);
    }
    audit::record(cx, event).await;
    Ok(Answered::Wrong { support_code })
}

async fn ticket(
    cx: &Context,
    pre_session: &Secret,
) -> Result<Option<(ResetTicket, Person, Account)>, FlowError> {
    let Some(Progress {
        ticket: Some(ticket),
        ..
    }) = progress(cx, pre_session).await?
    else {
        return Ok(None);
    };
    let db = cx.app.store.read();
    let digest = digest(&Secret::new(ticket));
    let Some(ticket) = reset_tickets::find(db, &digest, cx.now).await? else {
        return Ok(None);
    };
    let person = store::people::find(db, &ticket.person_id).await?;
    let account = store::people::find_account(db, &ticket.person_id).await?;
    Ok(person
        .zip(account)
        .filter(|(_, account)| account.auth_epoch == ticket.auth_epoch)
        .map(|(person, account)| (ticket, person, account)))
}

fn digest(ticket: &Secret) -> Digest {
    ticket.digest("reset-ticket")
}

fn id(pre_session: &Secret) -> String {
    format!("recover:{}", pre_session.digest("recover"))
}

async fn progress(cx: &Context, pre_session: &Secret) -> Result<Option<Progress>, FlowError> {
    Ok(cx
        .app
        .ephemeral
        .get(Kind::QuestionsTicket, &id(pre_session), cx.now)
        .await?)
}

async fn put(cx: &Context, pre_session: &Secret, progress: &Progress) -> Result<(), FlowError> {
    let until = cx.now.plus(LIVES);
    Ok(cx
        .app
        .ephemeral
        .put(Kind::QuestionsTicket, &id(pre_session), progress, until)
        .await?)
}

async fn forget(cx: &Context, pre_session: &Secret) -> Result<(), FlowError> {
    Ok(cx
        .app
        .ephemeral
        .delete(Kind::QuestionsTicket, &id(pre_session))
        .await?)
}
