//! Forgot my password: username, three questions, a new password, done. The same pages for names that nobody has.

use std::borrow::Cow;

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::claim::steps::password_problem;
use super::pending::OnTheWay;
use super::questions::{AnswerView, CountRule, QuestionView, field, views};
use crate::district::password_policy::Refusal;
use crate::district::questions::Question;
use crate::flows::recover_account::{self, Answered, Recovered};
use crate::flows::{Context, flash};
use crate::secret::Secret;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, Problems};
use crate::web::page;

const START: &str = "/forgot";
const QUESTIONS: &str = "/forgot/questions";
const PASSWORD: &str = "/forgot/password";
const DONE: &str = "/forgot/done";

/// `/forgot`: the username, and what went wrong.
#[derive(Debug, Template)]
#[template(path = "pages/forgot.html")]
pub struct ForgotPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization.
    pub flow: Option<String>,
    /// Whether questions recover passwords in this district.
    pub offered: bool,
    /// The support code of a refusal.
    pub support_code: Option<String>,
    /// What is wrong with the field `username`.
    pub problems: Problems,
    /// Back to the sign-in.
    pub back_href: String,
}

/// `/forgot/questions`.
#[derive(Debug, Template)]
#[template(path = "pages/forgot_questions.html")]
pub struct ForgotQuestionsPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization.
    pub flow: Option<String>,
    /// The username as typed.
    pub username: String,
    /// The questions.
    pub questions: Vec<QuestionView>,
    /// All of them must be answered.
    pub rule: CountRule,
    /// Nothing is ever wrong with one answer alone.
    pub problems: Problems,
    /// Back to the username.
    pub other_href: String,
}

/// `/forgot/password`.
#[derive(Debug, Template)]
#[template(path = "pages/forgot_password.html")]
pub struct ForgotPasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization.
    pub flow: Option<String>,
    /// Fewest characters.
    pub min_length: u32,
    /// What is wrong with the new password.
    pub problems: Problems,
}

/// `/forgot/done`.
#[derive(Debug, Template)]
#[template(path = "pages/forgot_done.html")]
pub struct ForgotDonePage {
    /// The frame.
    pub frame: Frame,
    /// To the sign-in.
    pub sign_in_href: String,
}

/// What a refusal leaves for the first page.
#[derive(Default, Serialize, Deserialize)]
struct Left {
    support_code: Option<String>,
    problem: Option<String>,
}

/// `GET /forgot`
pub async fn start(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let left: Left = flash::take(&cx, &browser.pre_session, START)
        .await?
        .unwrap_or_default();
    let frame = browser.frame(&cx, &way.path(START)).await?;
    let problems = match &left.problem {
        Some(key) => Problems::none().with("username", frame.t(key)),
        None => Problems::none(),
    };
    let view = ForgotPage {
        offered: recover_account::is_offered(&cx),
        support_code: left.support_code,
        problems,
        back_href: way.path("/"),
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /forgot`
pub async fn started(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let typed = params.get("username").unwrap_or_default();
    if recover_account::begin(&cx, &browser.pre_session, typed).await? {
        return Ok(browser.see_other(&way.path(QUESTIONS)));
    }
    let left = Left {
        problem: Some("username-empty".into()),
        ..Left::default()
    };
    flash::leave(&cx, &browser.pre_session, START, &left).await?;
    Ok(browser.see_other(&way.path(START)))
}

/// `GET /forgot/questions`
pub async fn questions(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let asked = match recover_account::is_offered(&cx) {
        true => recover_account::questions(&cx, &browser.pre_session).await?,
        false => None,
    };
    let Some(asked) = asked else {
        return Ok(browser.see_other(&way.path(START)));
    };
    let frame = browser.frame(&cx, &way.path(QUESTIONS)).await?;
    let bank: Vec<Question> = asked.questions.iter().map(|question| **question).collect();
    let count = u32::try_from(bank.len()).unwrap_or_default();
    let mut shown = views(&frame, &bank);
    for question in &mut shown {
        // What an answer must be like was for setting it.
        question.hint = Cow::Borrowed("");
    }
    let view = ForgotQuestionsPage {
        username: asked.username,
        questions: shown,
        rule: CountRule {
            min: count,
            max: Some(count),
        },
        problems: Problems::none(),
        other_href: way.path(START),
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /forgot/questions`
pub async fn answered(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let Some(asked) = recover_account::questions(&cx, &browser.pre_session).await? else {
        return Ok(browser.see_other(&way.path(START)));
    };
    let typed: Vec<(&'static Question, String)> = asked
        .questions
        .iter()
        .map(|question| {
            (
                *question,
                params
                    .get(&field(question.id))
                    .unwrap_or_default()
                    .to_owned(),
            )
        })
        .collect();
    let next = match recover_account::answer(&cx, &browser.pre_session, &typed).await? {
        Answered::Right => PASSWORD,
        Answered::NoUsername => START,
        Answered::Wrong { support_code } => {
            let left = Left {
                support_code: Some(support_code),
                ..Left::default()
            };
            flash::leave(&cx, &browser.pre_session, START, &left).await?;
            START
        }
    };
    Ok(browser.see_other(&way.path(next)))
}

/// `GET /forgot/password`
pub async fn password(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let Some(min_length) = recover_account::minimum(&cx, &browser.pre_session).await? else {
        return Ok(browser.see_other(&way.path(START)));
    };
    let refusal: Option<Refusal> = flash::take(&cx, &browser.pre_session, PASSWORD).await?;
    let frame = browser.frame(&cx, &way.path(PASSWORD)).await?;
    let view = ForgotPasswordPage {
        problems: refusal.map_or_else(Problems::none, |refusal| password_problem(&frame, refusal)),
        min_length,
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /forgot/password`
pub async fn password_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let field = |name| Secret::new(params.get(name).unwrap_or_default());
    let (password, again) = (field("password"), field("verify"));
    let set = recover_account::set_password(&cx, &browser.pre_session, &password, &again).await?;
    let next = match set {
        Recovered::Done => DONE,
        Recovered::NoTicket => START,
        Recovered::Refused(refusal) => {
            flash::leave(&cx, &browser.pre_session, PASSWORD, &refusal).await?;
            PASSWORD
        }
    };
    Ok(browser.see_other(&way.path(next)))
}

/// `GET /forgot/done`
pub async fn done(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let frame = browser.frame(&cx, &way.path(DONE)).await?;
    let view = ForgotDonePage {
        sign_in_href: way.path("/"),
        frame,
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

impl ForgotPage {
    /// The page and what can go wrong on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |offered, code: Option<&str>| Self {
            frame: Frame::sample(language, None),
            flow: None,
            offered,
            support_code: code.map(Into::into),
            problems: Problems::none(),
            back_href: "/".into(),
        };
        vec![
            ("forgot", page(true, None)),
            ("forgot-refused", page(true, Some("K7F-2QX"))),
            ("forgot-off", page(false, None)),
        ]
    }
}

impl ForgotQuestionsPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let question = |id: &str, answer| QuestionView {
            field: field(id),
            text: language.t(&format!("question-{}", id.replace('_', "-"))),
            hint: Cow::Borrowed(""),
            answer,
        };
        let page = Self {
            frame: Frame::sample(language, None),
            flow: None,
            username: "s0123456".into(),
            questions: vec![
                question("birth_year", AnswerView::Year),
                question("mascot", AnswerView::Text),
                question("middle_name", AnswerView::Text),
            ],
            rule: CountRule {
                min: 3,
                max: Some(3),
            },
            problems: Problems::none(),
            other_href: "/forgot".into(),
        };
        vec![("forgot-questions", page)]
    }
}

impl ForgotPasswordPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: Frame::sample(language, None),
            flow: None,
            min_length: 8,
            problems: Problems::none(),
        };
        vec![("forgot-password", page)]
    }
}

impl ForgotDonePage {
    /// The page.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        vec![(
            "forgot-done",
            Self {
                frame: Frame::sample(language, None),
                sign_in_href: "/".into(),
            },
        )]
    }
}
