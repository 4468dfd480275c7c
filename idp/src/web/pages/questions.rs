//! Challenge questions as pages show them: at the end of the claim, and at the next sign-in where they were left open.

mod answers;

use std::borrow::Cow;

use askama::Template;

pub use self::answers::{AnswersLeft, field, form, sent, texts, typed, views};
use crate::texts::Language;
use crate::web::frame::{Frame, Problems, SignedIn};

/// `/questions`: signed in, and the answers are still missing.
#[derive(Debug, Template)]
#[template(path = "pages/questions.html")]
pub struct QuestionsPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits.
    pub flow: Option<String>,
    /// How many answers.
    pub rule: CountRule,
    /// The questions, in order.
    pub questions: Vec<QuestionView>,
    /// What is wrong, by the questions' fields; `questions` for all of them.
    pub problems: Problems,
    /// Whether the person may do this another time.
    pub may_skip: bool,
}

/// How many answers the policy wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRule {
    /// At least.
    pub min: u32,
    /// At most; none is "all of them".
    pub max: Option<u32>,
}

impl CountRule {
    /// Whether there is only one right number.
    pub fn is_exact(&self) -> bool {
        self.max == Some(self.min)
    }

    /// The rule in words.
    pub fn words(&self, frame: &Frame) -> Cow<'static, str> {
        let key = if self.is_exact() {
            "questions-rule-exactly"
        } else {
            "questions-rule-at-least"
        };
        frame.ta(key, &[("count", &self.min)])
    }
}

/// A question with its field.
#[derive(Clone, Debug)]
pub struct QuestionView {
    /// Id and name of the field: `q-` and the question's id with hyphens.
    pub field: String,
    /// The question in the reader's language.
    pub text: Cow<'static, str>,
    /// What an answer looks like; may be empty.
    pub hint: Cow<'static, str>,
    /// What the field takes.
    pub answer: AnswerView,
}

/// What a question's field takes.
#[derive(Clone, Debug)]
pub enum AnswerView {
    /// One of these: id and words.
    Choice(Vec<(String, Cow<'static, str>)>),
    /// Four digits.
    Year,
    /// Words.
    Text,
}

impl QuestionsPage {
    /// Of a student, who must, and of staff, who may skip.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |rule, may_skip| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            flow: None,
            rule,
            questions: sample_questions(language),
            problems: Problems::none(),
            may_skip,
        };
        vec![
            (
                "questions",
                page(
                    CountRule {
                        min: 3,
                        max: Some(3),
                    },
                    false,
                ),
            ),
            (
                "questions-staff",
                page(CountRule { min: 3, max: None }, true),
            ),
        ]
    }
}

/// Questions of each kind, for samples.
pub(super) fn sample_questions(language: Language) -> Vec<QuestionView> {
    let choices = |ids: &[&str], prefix: &str| {
        AnswerView::Choice(
            ids.iter()
                .map(|id| ((*id).to_owned(), language.t(&format!("{prefix}-{id}"))))
                .collect(),
        )
    };
    let view = |id: &str, hint, answer| QuestionView {
        field: format!("q-{id}"),
        text: language.t(&format!("question-{id}")),
        hint,
        answer,
    };
    let none = || Cow::Borrowed("");
    let letters = |count: u32| language.ta("questions-hint-text", &[("count", &count)]);
    let months = ["january", "february", "march", "april", "may", "june"];
    let fruit = ["apple", "banana", "orange", "peach"];
    vec![
        view(
            "birth-month",
            none(),
            choices(&months, "question-birth-month"),
        ),
        view("middle-name", letters(1), AnswerView::Text),
        view(
            "birth-year",
            language.t("questions-hint-year"),
            AnswerView::Year,
        ),
        view("mascot", letters(3), AnswerView::Text),
        view("homeroom", letters(2), AnswerView::Text),
        view("school-password", letters(8), AnswerView::Text),
        view("fruit", none(), choices(&fruit, "question-fruit")),
    ]
}
