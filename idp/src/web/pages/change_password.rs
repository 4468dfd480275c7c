//! `/account/password`: a new password, by the old one or because a helper's one-time secret let the person in.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::claim::steps::{minutes, password_problem};
use super::pending::OnTheWay;
use crate::district::password_policy::Refusal;
use crate::flows::change_password::{self, Changed, Typed};
use crate::flows::sign_in::{self, Visitor};
use crate::flows::{Context, claim_account, flash};
use crate::secret::Secret;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, Problems, SignedIn};
use crate::web::page;

const PATH: &str = "/account/password";

/// `/account/password`.
#[derive(Debug, Template)]
#[template(path = "pages/change_password.html")]
pub struct ChangePasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization.
    pub flow: Option<String>,
    /// Whether a new password must be set before anything else.
    pub forced: bool,
    /// Fewest characters.
    pub min_length: u32,
    /// What is wrong.
    pub problems: Problems,
}

/// What a refusal leaves for the page that follows.
#[derive(Serialize, Deserialize)]
enum Left {
    Refused(Refusal),
    NotConfirmed(sign_in::Refusal),
}

/// `GET /account/password`
pub async fn form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let Some(identity) = browser.identity(&cx).await? else {
        return Ok(browser.see_other(&way.onward()));
    };
    let left: Option<Left> = flash::take(&cx, &browser.pre_session, PATH).await?;
    let frame = browser.frame_for(&cx, &way.path(PATH), Some(&identity));
    let problems = match left {
        None => Problems::none(),
        Some(Left::Refused(refusal)) => password_problem(&frame, refusal),
        Some(Left::NotConfirmed(refusal)) => {
            let text = match refusal {
                sign_in::Refusal::Mismatch => frame.t("change-password-wrong"),
                sign_in::Refusal::Wait(wait) => {
                    frame.ta("wait-advice", &[("count", &minutes(wait))])
                }
                sign_in::Refusal::Closed => frame.t("password-closed-advice"),
            };
            Problems::none().with("current", text)
        }
    };
    let view = ChangePasswordPage {
        forced: identity.account.must_change_password,
        min_length: claim_account::password_minimum(&cx, identity.person.population),
        problems,
        frame,
        flow: way.flow.clone(),
    };
    page::show(&browser, StatusCode::OK, &view, &way.options)
}

/// `POST /account/password`
pub async fn sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let Some((session, cookie)) = browser.session.clone().zip(browser.session_cookie.clone())
    else {
        return Ok(browser.see_other(&way.onward()));
    };
    let field = |name| Secret::new(params.get(name).unwrap_or_default());
    let (current, password, again) = (field("current"), field("password"), field("verify"));
    let visitor = Visitor {
        pre_session: &browser.pre_session,
        device: browser.device.as_ref(),
        session: Some((&session, &cookie)),
        flow: way.flow.as_deref(),
    };
    let typed = Typed {
        current: &current,
        password: &password,
        again: &again,
    };
    let left = match change_password::change(&cx, visitor, &session, typed).await? {
        Changed::Done(fresh, cookie) => {
            browser.begin_session(fresh, cookie);
            return Ok(browser.see_other(&way.onward()));
        }
        Changed::SignInAgain => {
            browser.end_session();
            return Ok(browser.see_other(&way.path("/")));
        }
        Changed::Refused(refusal) => Left::Refused(refusal),
        Changed::NotConfirmed(refusal) => Left::NotConfirmed(refusal),
    };
    flash::leave(&cx, &browser.pre_session, PATH, &left).await?;
    Ok(browser.see_other(&way.path(PATH)))
}

impl ChangePasswordPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |forced| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            flow: None,
            forced,
            min_length: 8,
            problems: Problems::none(),
        };
        vec![
            ("change-password", page(false)),
            ("change-password-forced", page(true)),
        ]
    }
}
