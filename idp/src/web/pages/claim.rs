//! The pages of the claim: who are you, your password, your questions, done.

pub mod steps;

use askama::Template;

use super::questions::{self, AnswerView, CountRule, QuestionView};
use crate::texts::Language;
use crate::web::frame::{Frame, Problems};

pub use self::steps::{
    done, minutes, name_form, name_sent, password_form, password_problem, password_sent,
    questions_form, questions_sent, retry_after,
};

/// Step 1, `/claim`. No field ever carries a value from the server (S56).
#[derive(Debug, Template)]
#[template(path = "pages/claim_name.html")]
pub struct ClaimNamePage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits for a sign-in.
    pub flow: Option<String>,
    /// Why the last try failed.
    pub refusal: Option<ClaimRefusalView>,
    /// What is wrong with the fields `last_name`, `first_name`, `number`, `claim_code`, `population`.
    pub problems: Problems,
    /// How many digits a student number has.
    pub number_digits: u32,
    /// Whether a claim code is asked for.
    pub asks_proof: bool,
    /// Whether name and number fit a student and an employee, so that the page asks which.
    pub asks_population: bool,
    /// To recovery.
    pub forgot_href: String,
}

/// A refused claim as its page tells it: the same words for every cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRefusalView {
    /// The code that staff of the school can look up, as `K7F-2QX`.
    pub support_code: String,
    /// Minutes until the next try, where there have been too many.
    pub wait_minutes: Option<u32>,
}

/// Step 2, `/claim/password`.
#[derive(Debug, Template)]
#[template(path = "pages/claim_password.html")]
pub struct ClaimPasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits for a sign-in.
    pub flow: Option<String>,
    /// Names the claim that this form belongs to.
    pub ticket: String,
    /// What is wrong with the fields `password` and `verify`.
    pub problems: Problems,
    /// Fewest characters for this person.
    pub min_length: u32,
    /// Whether a letter was left out of the number in step 1.
    pub letter_dropped: bool,
}

/// Step 3, `/claim/questions`.
#[derive(Debug, Template)]
#[template(path = "pages/claim_questions.html")]
pub struct ClaimQuestionsPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits for a sign-in.
    pub flow: Option<String>,
    /// Names the claim that this form belongs to.
    pub ticket: String,
    /// The new username.
    pub username: String,
    /// The portal's address, for the printed card, as `my.district.org`.
    pub address: String,
    /// How many answers.
    pub rule: CountRule,
    /// The questions, in order.
    pub questions: Vec<QuestionView>,
    /// What is wrong, by the questions' fields; `questions` for all of them.
    pub problems: Problems,
}

/// The end, `/claim/done`. Nothing of the person is on it.
#[derive(Debug, Template)]
#[template(path = "pages/claim_done.html")]
pub struct ClaimDonePage {
    /// The frame.
    pub frame: Frame,
    /// The app that waits for a sign-in.
    pub app: Option<String>,
    /// To sign-in: `/`, or the pending authorization.
    pub sign_in_href: String,
}

impl ClaimNamePage {
    /// The page and what can go wrong on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = || Self {
            frame: Frame::sample(language, None),
            flow: None,
            refusal: None,
            problems: Problems::none(),
            number_digits: 7,
            asks_proof: false,
            asks_population: false,
            forgot_href: "/forgot".into(),
        };
        let mut own_device = page();
        own_device.frame.shared_device = false;
        let refused = |wait_minutes| {
            Some(ClaimRefusalView {
                support_code: "K7F-2QX".into(),
                wait_minutes,
            })
        };
        vec![
            ("claim-name-own-device", own_device),
            ("claim-name", page()),
            (
                "claim-name-failed",
                Self {
                    refusal: refused(None),
                    ..page()
                },
            ),
            (
                "claim-name-wait",
                Self {
                    refusal: refused(Some(10)),
                    ..page()
                },
            ),
            (
                "claim-name-problems",
                Self {
                    problems: Problems::none()
                        .with("last_name", language.t("claim-last-name-empty"))
                        .with("number", language.t("claim-number-empty")),
                    asks_proof: true,
                    asks_population: true,
                    ..page()
                },
            ),
        ]
    }
}

impl ClaimPasswordPage {
    /// The page and what can go wrong on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = || Self {
            frame: Frame::sample(language, None),
            flow: None,
            ticket: "sample-ticket".into(),
            problems: Problems::none(),
            min_length: 8,
            letter_dropped: true,
        };
        let problems = Problems::none()
            .with(
                "password",
                language.ta("password-refused-short", &[("count", &8_u32)]),
            )
            .with("verify", language.t("password-refused-mismatch"));
        vec![
            ("claim-password", page()),
            ("claim-password-problems", Self { problems, ..page() }),
        ]
    }
}

impl ClaimQuestionsPage {
    /// Eight questions of a student, four of staff, and what can go wrong.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |rule, questions| Self {
            frame: Frame::sample(language, None),
            flow: None,
            ticket: "sample-ticket".into(),
            username: "s0123456".into(),
            address: "my.clayton.k12.ga.us".into(),
            rule,
            questions,
            problems: Problems::none(),
        };
        let exactly = CountRule {
            min: 3,
            max: Some(3),
        };
        let pupil = || page(exactly, questions::sample_questions(language));
        let problems = Problems::none()
            .with(
                "questions",
                language.ta("questions-too-few", &[("count", &3_u32)]),
            )
            .with(
                "q-homeroom",
                language.ta("questions-too-short", &[("count", &2_u32)]),
            );
        vec![
            ("claim-questions", pupil()),
            (
                "claim-questions-problems",
                Self {
                    problems,
                    ..pupil()
                },
            ),
            (
                "claim-questions-staff",
                Self {
                    username: "e99999".into(),
                    ..page(
                        CountRule { min: 3, max: None },
                        questions::sample_questions(language),
                    )
                },
            ),
        ]
    }
}

impl ClaimDonePage {
    /// With and without an app that waits.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |app: Option<&str>| Self {
            frame: Frame::sample(language, None),
            app: app.map(Into::into),
            sign_in_href: "/".into(),
        };
        vec![
            ("claim-done", page(None)),
            ("claim-done-app", page(Some("Reading Library"))),
        ]
    }
}
