//! The guide: to read, to show to a class, to print.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::config::NameMatch;
use crate::flows::Context;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::frame::Frame;
use crate::web::page::{self, PageOptions};

/// `/help`.
#[derive(Debug, Template)]
#[template(path = "pages/help.html")]
pub struct HelpPage {
    /// The frame.
    pub frame: Frame,
    /// The portal's address, as `my.district.org`.
    pub address: String,
    /// How many digits a student number has.
    pub number_digits: u32,
    /// Fewest characters of a student's password.
    pub password_min: u32,
    /// How many questions a student answers; 0: none.
    pub question_count: u32,
    /// Whether names are compared letter by letter.
    pub names_exact: bool,
}

/// `GET /help`: for everybody.
pub async fn show(cx: Context, browser: Browser) -> Result<Response, Failed> {
    let settings = &cx.app.settings;
    let policy = &settings.policy;
    let view = HelpPage {
        frame: browser.frame(&cx, "/help").await?,
        address: address(&settings.public_url).to_owned(),
        number_digits: settings.district.student_number_digits,
        password_min: policy.student_password_min(),
        question_count: if policy.questions_enabled() {
            policy.student_questions()
        } else {
            0
        },
        names_exact: policy.name_match() == NameMatch::Exact,
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// The portal's address as people type it.
pub fn address(public_url: &str) -> &str {
    public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest)
}

impl HelpPage {
    /// The guide in both ways of comparing names.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |names_exact| Self {
            frame: Frame::sample(language, None),
            address: "my.clayton.k12.ga.us".into(),
            number_digits: 7,
            password_min: 8,
            question_count: 3,
            names_exact,
        };
        vec![("help", page(false)), ("help-exact", page(true))]
    }
}
