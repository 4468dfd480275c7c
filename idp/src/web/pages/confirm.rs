//! The password once more, before an act that needs a fresh sign-in.

use askama::Template;
use axum::response::Response;
use http::{StatusCode, Uri};

use super::language::is_own_path;
use super::sign_in::SignInRefusal;
use crate::flows::sign_in::{self, Confirmed, Refusal, Visitor};
use crate::flows::{Context, flash};
use crate::protocol::form;
use crate::secret::Secret;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, Problems, SignedIn};
use crate::web::page::{self, PageOptions};

/// `/confirm?to=…`
#[derive(Debug, Template)]
#[template(path = "pages/confirm.html")]
pub struct ConfirmPage {
    /// The frame.
    pub frame: Frame,
    /// Where to go on, a path of ours.
    pub to: String,
    /// Why the last try failed.
    pub refusal: Option<SignInRefusal>,
    /// What is wrong with the field `password`.
    pub problems: Problems,
}

/// `GET /confirm`
pub async fn show(cx: Context, browser: Browser, uri: Uri) -> Result<Response, Failed> {
    let params =
        form::parse(uri.query().unwrap_or_default().as_bytes()).map_err(|_| Failed::BadRequest)?;
    let to = own(params.get("to"));
    let Some(identity) = browser.identity(&cx).await? else {
        return Ok(browser.see_other("/"));
    };
    let refusal = flash::take::<Refusal>(&cx, &browser.pre_session, "/confirm").await?;
    let view = ConfirmPage {
        frame: browser.frame_for(&cx, "/confirm", Some(&identity)),
        to: to.to_owned(),
        refusal: refusal.map(shown),
        problems: Problems::none(),
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// `POST /confirm`
pub async fn post(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let to = own(params.get("to"));
    let Some(session) = browser.session.clone() else {
        return Ok(browser.see_other("/"));
    };
    let password = Secret::new(params.value("password").unwrap_or_default());
    let visitor = Visitor {
        pre_session: &browser.pre_session,
        device: browser.device.as_ref(),
        session: browser
            .session
            .as_ref()
            .zip(browser.session_cookie.as_ref()),
        flow: None,
    };
    match sign_in::confirm(&cx, visitor, &session, &password).await? {
        Confirmed::Done(fresh, cookie) => {
            browser.begin_session(fresh, cookie);
            Ok(browser.see_other(to))
        }
        Confirmed::SignedOut => Ok(browser.see_other("/")),
        Confirmed::Refused(refusal) => {
            flash::leave(&cx, &browser.pre_session, "/confirm", &refusal).await?;
            Ok(browser.see_other(&format!("/confirm?to={to}")))
        }
    }
}

fn own(path: Option<&str>) -> &str {
    path.filter(|path| is_own_path(path) && !path.contains(['?', '&']))
        .unwrap_or("/")
}

fn shown(refusal: Refusal) -> SignInRefusal {
    match refusal {
        Refusal::Mismatch => SignInRefusal::Mismatch,
        Refusal::Wait(wait) => SignInRefusal::Wait {
            minutes: wait.as_seconds().div_ceil(60).max(1),
        },
        Refusal::Closed => SignInRefusal::Closed,
    }
}

impl ConfirmPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |refusal| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            to: "/help-desk".into(),
            refusal,
            problems: Problems::none(),
        };
        vec![
            ("confirm", page(None)),
            ("confirm-mismatch", page(Some(SignInRefusal::Mismatch))),
        ]
    }
}
