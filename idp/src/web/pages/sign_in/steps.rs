//! The handlers of sign-in: username, password, and the way out.

use axum::extract::RawQuery;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use super::{PasswordPage, SignInRefusal};
use crate::flows::sign_in::{self, First, Refusal, SignIn, Visitor};
use crate::flows::{Context, flash};
use crate::secret::Secret;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::Problems;
use crate::web::page::{self, PageOptions};
use crate::web::pages::claim::{minutes, retry_after};
use crate::web::pages::landing::LandingPage;
use crate::web::pages::pending::OnTheWay;
use crate::web::pages::signed_out::SignedOutPage;

const START: &str = "/";
const PASSWORD: &str = "/sign-in/password";

/// The first page: asks for the username. For whoever is not signed in, and for an app that wants a fresh sign-in.
pub async fn start(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let problem: Option<String> = flash::take(&cx, &browser.pre_session, START).await?;
    let frame = browser.frame(&cx, &way.path(START)).await?;
    let mut view = LandingPage::new(frame, way.flow, way.app);
    if let Some(key) = problem {
        view.problems = Problems::none().with("username", view.frame.t(&key));
    }
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// `POST /sign-in`: keeps the username for the second page. Nothing is looked up.
pub async fn username_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let typed = params.get("username").unwrap_or_default();
    let next = if sign_in::identify(&cx, &browser.pre_session, way.flow.as_deref(), typed).await? {
        PASSWORD
    } else {
        flash::leave(&cx, &browser.pre_session, START, &"username-empty").await?;
        START
    };
    Ok(browser.see_other(&way.path(next)))
}

/// `GET /sign-in/password`: the second page, for a browser that has given a username.
pub async fn password_form(
    cx: Context,
    mut browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_query(&cx, &mut browser, query.as_deref()).await?;
    let waiting = sign_in::waiting_username(&cx, &browser.pre_session, way.flow.as_deref()).await?;
    let Some(username) = waiting else {
        return Ok(browser.see_other(&way.path(START)));
    };
    let refusal: Option<Refusal> = flash::take(&cx, &browser.pre_session, PASSWORD).await?;
    let view = PasswordPage {
        frame: browser.frame(&cx, &way.path(PASSWORD)).await?,
        username,
        refusal: refusal.map(|refusal| match refusal {
            Refusal::Mismatch => SignInRefusal::Mismatch,
            Refusal::Wait(wait) => SignInRefusal::Wait {
                minutes: minutes(wait),
            },
            Refusal::Closed => SignInRefusal::Closed,
        }),
        problems: Problems::none(),
        other_href: way.path(START),
        claim_href: way.path("/claim"),
        forgot_href: way.path("/forgot"),
        flow: way.flow.clone(),
    };
    match refusal {
        Some(Refusal::Wait(wait)) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let response = page::show(&browser, status, &view, &way.options)?;
            Ok(retry_after(response, wait))
        }
        _ => page::show(&browser, StatusCode::OK, &view, &way.options),
    }
}

/// `POST /sign-in/password`: evaluates the password.
pub async fn password_sent(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let way = OnTheWay::of_form(&cx, &mut browser, &params).await?;
    let password = Secret::new(params.get("password").unwrap_or_default());
    let visitor = Visitor {
        pre_session: &browser.pre_session,
        device: browser.device.as_ref(),
        session: browser
            .session
            .as_ref()
            .zip(browser.session_cookie.as_ref()),
        flow: way.flow.as_deref(),
    };
    match sign_in::authenticate(&cx, visitor, &password).await? {
        SignIn::Done(entered) => {
            browser.set(Cookie::Device, entered.device.expose());
            browser.begin_session(entered.session, entered.cookie);
            speak_their_language(&cx, &mut browser).await?;
            // With an app waiting, what comes next is decided where its request is kept.
            Ok(match (&way.flow, entered.first) {
                (None, First::NewPassword) => browser.see_other("/account/password"),
                (None, First::Questions) => browser.see_other("/questions"),
                _ => browser.see_other(&way.onward()),
            })
        }
        SignIn::Refused(refusal) => {
            flash::leave(&cx, &browser.pre_session, PASSWORD, &refusal).await?;
            Ok(browser.see_other(&way.path(PASSWORD)))
        }
        SignIn::NoUsername => Ok(browser.see_other(&way.path(START))),
    }
}

/// The language that a person chose before goes before the one that this device speaks.
async fn speak_their_language(cx: &Context, browser: &mut Browser) -> Result<(), Failed> {
    let chosen = browser
        .identity(cx)
        .await?
        .and_then(|identity| identity.account.locale);
    if let Some(language) = chosen.as_deref().and_then(Language::from_tag) {
        browser.set(Cookie::Language, language.tag());
    }
    Ok(())
}

/// `POST /sign-out`: ends the session and what the browser has cached of it.
pub async fn sign_out(
    cx: Context,
    mut browser: Browser,
    PageForm(_): PageForm,
) -> Result<Response, Failed> {
    if let (Some(session), Some(cookie)) = (&browser.session, &browser.session_cookie) {
        sign_in::sign_out(&cx, session, cookie).await?;
    }
    browser.end_session();
    let mut response = browser.see_other("/signed-out");
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

/// `GET /signed-out`: what the person sees after signing out.
pub async fn signed_out(cx: Context, browser: Browser) -> Result<Response, Failed> {
    if browser.session.is_some() {
        return Ok(browser.see_other(START));
    }
    let view = SignedOutPage {
        frame: browser.frame(&cx, START).await?,
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}
