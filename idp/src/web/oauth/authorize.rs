//! `GET|POST /authorize`, and the way back from pages: OIDC Core §3.1.2.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, FromRequestParts as _, Path, RawQuery, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::flows::authorize::{self, Answer, Outcome, Visitor, continue_path};
use crate::flows::{Context, FlowError};
use crate::protocol::response_mode::{AuthorizationResponse, Shown};
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::is_form;
use crate::web::page::{self, PageOptions};
use crate::web::pages::error::ErrorPage;
use crate::web::pages::form_post::FormPostPage;
use crate::web::pages::no_access::NoAccessPage;
use crate::web::state::AppState;

/// A request by GET.
pub async fn get(
    cx: Context,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let query = query.unwrap_or_default();
    let outcome = authorize::begin(&cx, visitor(&browser), query.as_bytes()).await;
    draw(&cx, &browser, outcome).await
}

/// A request by POST. It comes from another site, without our cookies: a page's cookies must not be set anew here, or other
/// tabs would lose theirs. So the usual answer is a bare 303 to ourselves.
pub async fn post(
    cx: Context,
    State(app): State<AppState>,
    request: Request,
) -> Result<Response, Failed> {
    if !is_form(request.headers()) {
        return Err(Failed::BadRequest);
    }
    let (mut parts, body) = request.into_parts();
    let body = Bytes::from_request(Request::new(body), &app)
        .await
        .map_err(|_| Failed::TooLarge)?;
    match authorize::accept_post(&cx, &body).await {
        Ok(Outcome::Continue { flow }) => Ok(bare_see_other(&continue_path(flow.expose()))),
        Ok(Outcome::Respond(Answer {
            response: AuthorizationResponse::Redirect(location),
            ..
        })) => Ok(bare_see_other(&location)),
        outcome => {
            let browser = Browser::from_request_parts(&mut parts, &app).await?;
            draw(&cx, &browser, outcome).await
        }
    }
}

/// Back from a page: what is next?
pub async fn resume(
    cx: Context,
    browser: Browser,
    Path(flow): Path<String>,
) -> Result<Response, Failed> {
    let outcome = authorize::resume(&cx, visitor(&browser), &flow).await;
    draw(&cx, &browser, outcome).await
}

/// Back to the app without an answer.
pub async fn decline(
    cx: Context,
    browser: Browser,
    Path(flow): Path<String>,
) -> Result<Response, Failed> {
    let outcome = authorize::decline(&cx, visitor(&browser), &flow).await;
    draw(&cx, &browser, outcome).await
}

fn visitor(browser: &Browser) -> Visitor<'_> {
    Visitor {
        session: browser.session.as_ref(),
        pre_session: &browser.pre_session,
    }
}

async fn draw(
    cx: &Context,
    browser: &Browser,
    outcome: Result<Outcome, FlowError>,
) -> Result<Response, Failed> {
    match outcome? {
        Outcome::Shown(Shown::Gone) => show_error(cx, browser, true).await,
        Outcome::Shown(why) => {
            tracing::info!(%why, "an authorization request was shown as an error");
            show_error(cx, browser, false).await
        }
        Outcome::Respond(answer) => respond(cx, browser, answer).await,
        Outcome::Continue { flow } => Ok(browser.see_other(&continue_path(flow.expose()))),
        Outcome::SignIn { flow, .. } => Ok(browser.see_other(&format!("/?flow={}", flow.expose()))),
        Outcome::NewPassword { flow } => {
            Ok(browser.see_other(&format!("/account/password?flow={}", flow.expose())))
        }
        Outcome::Questions { flow } => {
            Ok(browser.see_other(&format!("/questions?flow={}", flow.expose())))
        }
        Outcome::NoAccess { flow, app } => {
            let view = NoAccessPage {
                frame: browser.frame(cx, "/").await?,
                app,
                back_href: Some(format!("/authorize/{}/decline", flow.expose())),
                request_id: cx.request_id.to_string(),
            };
            page::show(
                browser,
                StatusCode::FORBIDDEN,
                &view,
                &PageOptions::default(),
            )
        }
    }
}

/// Status 400, never a redirect.
async fn show_error(cx: &Context, browser: &Browser, gone: bool) -> Result<Response, Failed> {
    let frame = browser.frame(cx, "/").await?;
    let view = if gone {
        ErrorPage::new(frame, &Failed::FormExpired, &cx.request_id)
    } else {
        ErrorPage::client(frame, &cx.request_id)
    };
    page::show(
        browser,
        StatusCode::BAD_REQUEST,
        &view,
        &PageOptions::default(),
    )
}

async fn respond(cx: &Context, browser: &Browser, answer: Answer) -> Result<Response, Failed> {
    match answer.response {
        AuthorizationResponse::Redirect(location) => Ok(browser.see_other(&location)),
        AuthorizationResponse::FormPost { action, fields } => {
            let view = FormPostPage {
                frame: browser.frame(cx, "/").await?,
                app: answer.app,
                action,
                fields,
            };
            let options = PageOptions {
                form_action: answer.form_action,
                ..PageOptions::default()
            };
            page::show(browser, StatusCode::OK, &view, &options)
        }
    }
}

fn bare_see_other(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
