//! The handlers of the claim. A form is always answered by a redirect; what was wrong with it waits for the page that
//! follows, so that "back" and "reload" show a page and send nothing.

use axum::extract::RawQuery;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    ClaimDonePage, ClaimNamePage, ClaimPasswordPage, ClaimQuestionsPage, ClaimRefusalView,
};
use crate::clock::Lifetime;
use crate::district::password_policy::Refusal;
use crate::district::person::Population;
use crate::flows::claim_account::{
    self, Claimant, PasswordSet, QuestionsSet, Step, Typed, Verified,
};
use crate::flows::{Context, Network, enroll_questions, flash};
use crate::protocol::form::Params;
use crate::secret::Secret;
use crate::texts::Audience;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, Problems};
use crate::web::page;
use crate::web::pages::pending::OnTheWay;
use crate::web::pages::questions::{self, AnswersLeft, CountRule};

const NAME: &str = "/claim";
const PASSWORD: &str = "/claim/password";
const QUESTIONS: &str = "/claim/questions";
const DONE: &str = "/claim/done";

/// What step 1 leaves for the page that follows.
#[derive(Default, Serialize, Deserialize)]
struct NameLeft {
    support_code: Option<String>,
    wait: Option<Lifetime>,
    problems: Vec<(String, String)>,
    asks_population: bool,
    typed: Vec<(String, String)>,
}

/// `GET /claim`: step 1, always from the start. Somebody else may sit here now.
pub async fn name_form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let left: NameLeft = flash::take(&cx, &browser.pre_session, NAME)
        .await?
        .unwrap_or_default();
    let frame = browser.frame(&cx, &way.path(NAME)).await?;
    let mut problems = Problems::none();
    for (field, key) in &left.problems {
        problems.add(field.clone(), frame.t(key));
    }
    for (field, value) in &left.typed {
        problems.keep(field.clone(), value);
    }
    let minutes = left.wait.map(minutes);
    let view = ClaimNamePage {
        refusal: left.support_code.map(|support_code| ClaimRefusalView {
            support_code,
            wait_minutes: minutes,
        }),
        problems,
        number_digits: cx.app.settings.district.student_number_digits,
        asks_proof: asks_proof(&cx),
        asks_population: left.asks_population,
        forgot_href: way.path("/forgot"),
        frame,
        flow: way.flow.clone(),
    };
    match left.wait {
        Some(wait) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let response = page::show(&browser, status, &view, &way.options)?;
            Ok(retry_after(response, wait))
        }
        None => page::show(&browser, StatusCode::OK, &view, &way.options),
    }
}

/// `POST /claim`: looks for the person.
pub async fn name_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let back = way.path(NAME);
    let mut left = NameLeft {
        typed: typed_fields(&params),
        ..NameLeft::default()
    };
    left.problems = empty_fields(&cx, &params);
    if !left.problems.is_empty() {
        left.asks_population = params.has("population");
        flash::leave(&cx, &browser.pre_session, NAME, &left).await?;
        return Ok(browser.see_other(&back));
    }
    let field = |name| params.get(name).unwrap_or_default();
    let typed = Typed {
        last_name: field("last_name"),
        first_name: field("first_name"),
        number: field("number"),
        claim_code: field("claim_code"),
        population: params.get("population").and_then(population),
    };
    match claim_account::verify(&cx, claimant(&browser), &typed).await? {
        Verified::Matched => return Ok(browser.see_other(&way.path(PASSWORD))),
        Verified::AskWhich => {
            left.asks_population = true;
            left.problems = vec![("population".into(), "claim-population-empty".into())];
        }
        Verified::Refused { support_code, wait } => {
            left.support_code = Some(support_code);
            left.wait = wait;
            left.asks_population = params.has("population");
        }
    }
    flash::leave(&cx, &browser.pre_session, NAME, &left).await?;
    Ok(browser.see_other(&back))
}

/// `GET /claim/password`: step 2, for a browser that has done step 1.
pub async fn password_form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let progress = claim_account::progress(&cx, &browser.pre_session).await?;
    let Some(progress) = progress.filter(|progress| progress.step == Step::Password) else {
        return elsewhere(&cx, &browser, &way).await;
    };
    let refusal: Option<Refusal> = flash::take(&cx, &browser.pre_session, PASSWORD).await?;
    let min_length = claim_account::password_minimum(&cx, progress.population);
    let mut frame = browser.frame(&cx, &way.path(PASSWORD)).await?;
    frame.audience = audience(progress.population);
    let view = ClaimPasswordPage {
        problems: refusal.map_or_else(Problems::none, |refusal| password_problem(&frame, refusal)),
        ticket: progress.ticket,
        min_length,
        letter_dropped: progress.letter_dropped,
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /claim/password`: sets the password, which claims the account.
pub async fn password_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let field = |name| params.get(name).unwrap_or_default();
    let (password, again) = (Secret::new(field("password")), Secret::new(field("verify")));
    let claimant = claimant(&browser);
    let set =
        claim_account::set_password(&cx, claimant, field("ticket"), &password, &again).await?;
    let next = match set {
        PasswordSet::Claimed => QUESTIONS,
        PasswordSet::Refused(refusal) => {
            flash::leave(&cx, &browser.pre_session, PASSWORD, &refusal).await?;
            PASSWORD
        }
        PasswordSet::Lost { support_code } => {
            let left = NameLeft {
                support_code: Some(support_code),
                ..NameLeft::default()
            };
            flash::leave(&cx, &browser.pre_session, NAME, &left).await?;
            NAME
        }
        PasswordSet::NoClaim => return elsewhere(&cx, &browser, &way).await,
    };
    Ok(browser.see_other(&way.path(next)))
}

/// `GET /claim/questions`: step 3, the username and the questions.
pub async fn questions_form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let progress = claim_account::progress(&cx, &browser.pre_session).await?;
    let Some(progress) = progress.filter(|progress| progress.step == Step::Questions) else {
        return elsewhere(&cx, &browser, &way).await;
    };
    let left: Option<AnswersLeft> = flash::take(&cx, &browser.pre_session, QUESTIONS).await?;
    let username = claim_account::username(&cx, &progress)
        .await?
        .unwrap_or_default();
    let asked = enroll_questions::asked(&cx.app.settings, progress.population);
    let mut frame = browser.frame(&cx, &way.path(QUESTIONS)).await?;
    frame.audience = audience(progress.population);
    let public_url = &cx.app.settings.public_url;
    let view = ClaimQuestionsPage {
        ticket: progress.ticket,
        username,
        address: public_url
            .split("://")
            .last()
            .unwrap_or(public_url)
            .to_owned(),
        rule: asked.map_or(CountRule { min: 0, max: None }, CountRule::of),
        questions: asked
            .map(|asked| questions::views(&frame, asked.bank))
            .unwrap_or_default(),
        problems: left.map_or_else(Problems::none, |left| left.problems(&frame)),
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /claim/questions`: keeps the answers.
pub async fn questions_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let progress = claim_account::progress(&cx, &browser.pre_session).await?;
    let asked = progress
        .and_then(|progress| enroll_questions::asked(&cx.app.settings, progress.population));
    let texts = asked.map(|asked| questions::texts(browser.language, asked.bank));
    let answers = texts
        .as_ref()
        .map(|texts| questions::typed(texts, &params))
        .unwrap_or_default();
    let ticket = params.get("ticket").unwrap_or_default();
    let set = claim_account::set_questions(&cx, &browser.pre_session, ticket, &answers).await?;
    let next = match set {
        QuestionsSet::Done => DONE,
        QuestionsSet::Problems(problems) => {
            let left = AnswersLeft::new(&problems, &answers);
            flash::leave(&cx, &browser.pre_session, QUESTIONS, &left).await?;
            QUESTIONS
        }
        QuestionsSet::NoClaim => return elsewhere(&cx, &browser, &way).await,
    };
    Ok(browser.see_other(&way.path(next)))
}

/// `GET /claim/done`: the end. Nothing of the person is on it, and nobody is signed in by it.
pub async fn done(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let progress = claim_account::progress(&cx, &browser.pre_session).await?;
    if progress.is_none_or(|progress| progress.step != Step::Done) {
        return elsewhere(&cx, &browser, &way).await;
    }
    let view = ClaimDonePage {
        frame: browser.frame(&cx, &way.path(DONE)).await?,
        app: way.app.clone(),
        sign_in_href: way.path("/"),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// To the step where this browser stands: from "back", a bookmark, a form that is too old.
async fn elsewhere(cx: &Context, browser: &Browser, way: &OnTheWay) -> Result<Response, Failed> {
    let progress = claim_account::progress(cx, &browser.pre_session).await?;
    let path = match progress.map(|progress| progress.step) {
        None => NAME,
        Some(Step::Password) => PASSWORD,
        Some(Step::Questions) => QUESTIONS,
        Some(Step::Done) => DONE,
    };
    Ok(browser.see_other(&way.path(path)))
}

fn claimant(browser: &Browser) -> Claimant<'_> {
    Claimant {
        pre_session: &browser.pre_session,
        device: browser.device.as_ref(),
    }
}

/// Whether a claim code is asked for: where the policy wants a third proof and the network is none.
fn asks_proof(cx: &Context) -> bool {
    cx.app.settings.policy.claim_needs_proof() && cx.peer.network != Network::School
}

/// What is plainly missing: said at the field, since it tells nothing about anybody.
fn empty_fields(cx: &Context, params: &Params) -> Vec<(String, String)> {
    let needed = [
        ("last_name", "claim-last-name-empty"),
        ("first_name", "claim-first-name-empty"),
        ("number", "claim-number-empty"),
        ("claim_code", "claim-code-empty"),
    ];
    let empty = |name: &str| params.get(name).is_none_or(|value| value.trim().is_empty());
    needed
        .into_iter()
        .filter(|(name, _)| *name != "claim_code" || asks_proof(cx))
        .filter(|(name, _)| empty(name))
        .map(|(name, key)| (name.to_owned(), key.to_owned()))
        .collect()
}

fn typed_fields(params: &Params) -> Vec<(String, String)> {
    [
        "last_name",
        "first_name",
        "number",
        "claim_code",
        "population",
    ]
    .into_iter()
    .filter_map(|name| Some((name.to_owned(), params.get(name)?.to_owned())))
    .collect()
}

/// How the person is spoken to, once it is known who claims.
const fn audience(population: Population) -> Audience {
    match population {
        Population::Student => Audience::Students,
        Population::Staff | Population::Guardian => Audience::Staff,
    }
}

fn population(word: &str) -> Option<Population> {
    match word {
        "student" => Some(Population::Student),
        "staff" => Some(Population::Staff),
        _ => None,
    }
}

/// What is wrong with a new password, at its field.
pub fn password_problem(frame: &Frame, refusal: Refusal) -> Problems {
    let text = match refusal {
        Refusal::TooShort(count) => frame.ta(refusal.key(), &[("count", &count)]),
        _ => frame.t(refusal.key()),
    };
    let field = if refusal == Refusal::Mismatch {
        "verify"
    } else {
        "password"
    };
    Problems::none().with(field, text)
}

/// A wait in whole minutes, at least one.
pub fn minutes(wait: Lifetime) -> u32 {
    wait.as_seconds().div_ceil(60).max(1)
}

/// Tells machines too when to come back.
pub fn retry_after(mut response: Response, wait: Lifetime) -> Response {
    let seconds = HeaderValue::from(wait.as_seconds().max(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}
