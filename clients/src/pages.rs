//! The app's own pages, and the small answers that all handlers share.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ORIGIN, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::provider::Problem;
use crate::session::{self, Session, cookie, drop_cookie};
use crate::vendor::Vendor;
use crate::views::{About, Front, Home, Notice, Person, claim_rows};

/// The living session of a request, with its cookie's value.
pub fn signed_in(vendor: &Vendor, headers: &HeaderMap) -> Option<(String, Arc<Session>)> {
    let key = cookie(headers, &vendor.session_cookie())?;
    let session = vendor.sessions.find(&key)?;
    Some((key, session))
}

/// `GET /`: the product, or the front door.
pub async fn home(State(vendor): State<Arc<Vendor>>, headers: HeaderMap) -> Response {
    let portal = vendor.settings.issuer.clone();
    let page = match signed_in(&vendor, &headers) {
        Some((_, session)) => vendor.look.home(&Home {
            person: Person::of(&session),
            portal,
        }),
        None => vendor.look.front(&Front { portal }),
    };
    html(StatusCode::OK, page)
}

/// `GET /about-you`: who came in and which claims arrived. Signs in first where nobody is.
pub async fn about(State(vendor): State<Arc<Vendor>>, headers: HeaderMap) -> Response {
    let Some((_, session)) = signed_in(&vendor, &headers) else {
        return Redirect::to("/login/start?target_link_uri=%2Fabout-you").into_response();
    };
    let page = vendor.look.about(&About {
        person: Person::of(&session),
        portal: vendor.settings.issuer.clone(),
        claims: claim_rows(&session),
        renewable: session.refresh_token.is_some(),
        renewals: session.renewals,
    });
    html(StatusCode::OK, page)
}

/// `POST /renew`: uses the refresh token. It is taken out of the session meanwhile, so that two clicks do not send it twice.
pub async fn renew(State(vendor): State<Arc<Vendor>>, headers: HeaderMap) -> Response {
    if !from_this_app(&vendor, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some((key, session)) = signed_in(&vendor, &headers) else {
        return Redirect::to("/").into_response();
    };
    let Some(token) = vendor.sessions.take_refresh_token(&key) else {
        return Redirect::to("/about-you").into_response();
    };
    match vendor.provider.renew(&session, token.clone()).await {
        Ok(renewed) => {
            vendor.sessions.renew(&key, renewed);
            Redirect::to("/about-you").into_response()
        }
        Err(problem @ Problem::Unreachable(_)) => {
            // The answer may be lost, the token still good.
            let mut kept = Session::clone(&session);
            kept.refresh_token = Some(token);
            vendor.sessions.renew(&key, kept);
            problem_page(&vendor, &problem)
        }
        Err(problem) => {
            vendor.sessions.end(&key);
            let gone = drop_cookie(&vendor.session_cookie());
            with_cookie(problem_page(&vendor, &problem), &gone)
        }
    }
}

/// `GET /style.css`.
pub async fn style(State(vendor): State<Arc<Vendor>>) -> Response {
    asset("text/css; charset=utf-8", vendor.look.style())
}

/// `GET /icon.svg`.
pub async fn icon(State(vendor): State<Arc<Vendor>>) -> Response {
    asset("image/svg+xml", vendor.look.icon())
}

fn asset(kind: &'static str, body: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "max-age=300")];
    (headers, body).into_response()
}

/// A drawn page, or a bare 500 where drawing failed.
pub fn html(status: StatusCode, page: askama::Result<String>) -> Response {
    page.map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |page| (status, Html(page)).into_response(),
    )
}

/// A notice as a page.
pub fn notice_page(vendor: &Vendor, status: StatusCode, notice: Notice) -> Response {
    let portal = vendor.settings.issuer.clone();
    html(status, vendor.look.notice(&Notice { portal, ..notice }))
}

/// A problem in plain words, with what the portal said.
pub fn problem_page(vendor: &Vendor, problem: &Problem) -> Response {
    let (status, notice) = match problem {
        Problem::Unreachable(why) => (
            StatusCode::SERVICE_UNAVAILABLE,
            Notice {
                title: "The portal does not answer".to_owned(),
                words: "Wait a moment, then sign in again.".to_owned(),
                detail: Some(why.clone()),
                ..Notice::default()
            },
        ),
        Problem::Refused { error, description } => {
            let (title, words) = refusal_words(error);
            (
                StatusCode::OK,
                Notice {
                    title: title.to_owned(),
                    words: words.to_owned(),
                    error: Some(error.clone()),
                    detail: description.clone(),
                    ..Notice::default()
                },
            )
        }
        Problem::Untrusted(why) => (
            StatusCode::BAD_GATEWAY,
            Notice {
                title: "We could not check this sign-in".to_owned(),
                words: "The answer was not what we asked for, so nobody was signed in.".to_owned(),
                detail: Some(why.clone()),
                ..Notice::default()
            },
        ),
        Problem::Unexpected => (
            StatusCode::BAD_REQUEST,
            Notice {
                title: "This sign-in is no longer open".to_owned(),
                words:
                    "It was finished, or began too long ago or in another browser. Sign in again."
                        .to_owned(),
                ..Notice::default()
            },
        ),
    };
    notice_page(vendor, status, notice)
}

fn refusal_words(error: &str) -> (&'static str, &'static str) {
    match error {
        "login_required" | "interaction_required" => (
            "You are not signed in at the portal",
            "We asked the portal without showing a page. Nobody is signed in there.",
        ),
        "consent_required" => (
            "The portal has a question for you",
            "Sign in with its page open to answer it.",
        ),
        "access_denied" => (
            "This app is not on your list",
            "The portal did not let you in here. It can tell you whom to ask.",
        ),
        "temporarily_unavailable" => ("The portal is busy", "Wait a moment, then sign in again."),
        "invalid_grant" => (
            "Your visit has ended",
            "The portal no longer renews it. Sign in again.",
        ),
        _ => (
            "The portal said no",
            "Sign in again. If that does not help, show this page to your teacher.",
        ),
    }
}

/// Whether a form was posted from this app's own pages.
pub fn from_this_app(vendor: &Vendor, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match said("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => said(ORIGIN.as_str()) == Some(vendor.settings.public_url.as_str()),
    }
}

/// Adds a cookie line to an answer.
pub fn with_cookie(mut answer: Response, line: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(line) {
        answer.headers_mut().append(SET_COOKIE, value);
    }
    answer
}

/// Begins a session: its cookie, and the way on.
pub fn begin_session(vendor: &Vendor, session: Session, target: &str) -> Response {
    let key = vendor.sessions.begin(session);
    let line = session::set_cookie(&vendor.session_cookie(), &key);
    with_cookie(Redirect::to(target).into_response(), &line)
}
