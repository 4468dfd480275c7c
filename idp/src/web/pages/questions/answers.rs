//! Questions and answers between a form and the rules; and the handlers of `/questions`.

use std::borrow::Cow;

use axum::extract::RawQuery;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{AnswerView, CountRule, QuestionView, QuestionsPage};
use crate::district::questions::{Kind, Problem, Question, Typed};
use crate::flows::enroll_questions::{self, Asked, Enrolled};
use crate::flows::identity::Identity;
use crate::flows::{Context, flash};
use crate::protocol::form::Params;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, Problems};
use crate::web::page;
use crate::web::pages::pending::OnTheWay;

const PATH: &str = "/questions";

/// What a refused set of answers leaves for the page that follows.
#[derive(Serialize, Deserialize)]
pub struct AnswersLeft {
    /// Field, key of the sentence, the number in it.
    problems: Vec<(String, String, Option<usize>)>,
    typed: Vec<(String, String)>,
}

impl AnswersLeft {
    /// What is wrong, and what was typed.
    pub fn new(problems: &[Problem], typed: &[Typed<'_>]) -> Self {
        let at = |problem: &Problem| {
            problem
                .question_id
                .map_or_else(|| "questions".into(), field)
        };
        Self {
            problems: problems
                .iter()
                .map(|problem| {
                    let refusal = problem.refusal;
                    (at(problem), refusal.key().to_owned(), refusal.number())
                })
                .collect(),
            typed: typed
                .iter()
                .map(|typed| (field(typed.question_id), typed.answer.to_owned()))
                .collect(),
        }
    }

    /// In the reader's language.
    pub fn problems(self, frame: &Frame) -> Problems {
        let mut problems = Problems::none();
        for (field, key, number) in self.problems {
            let text = match number.and_then(|number| u32::try_from(number).ok()) {
                Some(count) => frame.ta(&key, &[("count", &count)]),
                None => frame.t(&key),
            };
            problems.add(field, text);
        }
        for (field, value) in self.typed {
            problems.keep(field, &value);
        }
        problems
    }
}

impl CountRule {
    /// The rule in the numbers of the page.
    pub fn of(asked: Asked) -> Self {
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Self {
            min: number(asked.rule.min),
            max: asked.rule.max.map(number),
        }
    }
}

/// The questions of a bank with their fields.
pub fn views(frame: &Frame, bank: &[Question]) -> Vec<QuestionView> {
    bank.iter()
        .map(|question| {
            let (hint, answer) = match question.kind {
                Kind::Choice(choices) => {
                    let words = |id: &&str| ((*id).to_owned(), frame.t(&question.choice_key(id)));
                    (
                        Cow::Borrowed(""),
                        AnswerView::Choice(choices.iter().map(words).collect()),
                    )
                }
                Kind::Year => (frame.t("questions-hint-year"), AnswerView::Year),
                Kind::Text { min, .. } => {
                    let count = u32::try_from(min).unwrap_or(u32::MAX);
                    (
                        frame.ta("questions-hint-text", &[("count", &count)]),
                        AnswerView::Text,
                    )
                }
            };
            let text = frame.t(&question.text_key());
            QuestionView {
                field: field(question.id),
                text,
                hint,
                answer,
            }
        })
        .collect()
}

/// The words of each question, as the reader saw them: an answer must not repeat them.
pub fn texts(
    language: Language,
    bank: &'static [Question],
) -> Vec<(&'static Question, Cow<'static, str>)> {
    bank.iter()
        .map(|question| (question, language.t(&question.text_key())))
        .collect()
}

/// The answers of a form.
pub fn typed<'a>(
    texts: &'a [(&'static Question, Cow<'static, str>)],
    params: &'a Params,
) -> Vec<Typed<'a>> {
    texts
        .iter()
        .filter_map(|(question, text)| {
            let answer = params.get(&field(question.id))?;
            Some(Typed {
                question_id: question.id,
                question_text: text,
                answer,
            })
        })
        .collect()
}

/// The field of a question: `q-` and its id with hyphens.
pub fn field(id: &str) -> String {
    format!("q-{}", id.replace('_', "-"))
}

/// `GET /questions`: for somebody who is signed in and has left them open.
pub async fn form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let Some((identity, asked)) = open_questions(&cx, &browser).await? else {
        return Ok(browser.see_other(&way.onward()));
    };
    let left: Option<AnswersLeft> = flash::take(&cx, &browser.pre_session, PATH).await?;
    let frame = browser.frame_for(&cx, &way.path(PATH), Some(&identity));
    let view = QuestionsPage {
        rule: CountRule::of(asked),
        questions: views(&frame, asked.bank),
        problems: left.map_or_else(Problems::none, |left| left.problems(&frame)),
        may_skip: asked.may_skip,
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /questions`: keeps the answers, or leaves them for another time where the policy lets the person.
pub async fn sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let Some((identity, asked)) = open_questions(&cx, &browser).await? else {
        return Ok(browser.see_other(&way.onward()));
    };
    if params.has("skip") && asked.may_skip {
        enroll_questions::skip(&cx, &identity.person).await?;
        return Ok(browser.see_other(&way.onward()));
    }
    let texts = texts(browser.language, asked.bank);
    let answers = typed(&texts, &params);
    let Identity {
        person, account, ..
    } = &identity;
    if let Enrolled::Problems(problems) =
        enroll_questions::enroll(&cx, person, account, &answers).await?
    {
        let left = AnswersLeft::new(&problems, &answers);
        flash::leave(&cx, &browser.pre_session, PATH, &left).await?;
        return Ok(browser.see_other(&way.path(PATH)));
    }
    Ok(browser.see_other(&way.onward()))
}

/// Who is signed in with questions left open, and what they are asked. What the policy asks no longer is closed here.
async fn open_questions(
    cx: &Context,
    browser: &Browser,
) -> Result<Option<(Identity, Asked)>, Failed> {
    let Some(identity) = browser.identity(cx).await? else {
        return Ok(None);
    };
    if !identity.account.recovery_pending {
        return Ok(None);
    }
    if let Some(asked) = enroll_questions::asked(&cx.app.settings, identity.person.population) {
        return Ok(Some((identity, asked)));
    }
    enroll_questions::skip(cx, &identity.person).await?;
    Ok(None)
}
