//! `GET|POST /end_session`: OIDC RP-Initiated Logout 1.0.

use axum::extract::{RawQuery, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::flows::Context;
use crate::flows::end_session::{self, Outcome, Signed};
use crate::protocol::form::{self, Params};
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::{self as web_form, PageForm, is_form};
use crate::web::page::{self, PageOptions};
use crate::web::pages::signed_out::{EndSessionPage, SignedOutPage};
use crate::web::state::AppState;

/// A request by GET.
pub async fn get(
    cx: Context,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    let query = query.unwrap_or_default();
    let params = form::parse(query.as_bytes()).map_err(|_| Failed::BadRequest)?;
    let outcome = end_session::begin(&cx, signed(&browser), &params).await?;
    draw(&cx, browser, outcome).await
}

/// A request by POST comes from another site, without our cookies: on by GET.
pub async fn post(State(app): State<AppState>, request: Request) -> Result<Response, Failed> {
    if !is_form(request.headers()) {
        return Err(Failed::BadRequest);
    }
    let params = web_form::read(request, &app).await?;
    let location = format!("/end_session?{}", known(&params));
    let location = HeaderValue::try_from(location).map_err(Failed::bug)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

/// The person said yes.
pub async fn confirm(
    cx: Context,
    browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let outcome = end_session::confirm(&cx, signed(&browser), &params).await?;
    draw(&cx, browser, outcome).await
}

/// What the specification names (§2), as a query.
fn known(params: &Params) -> String {
    let names = [
        "id_token_hint",
        "client_id",
        "post_logout_redirect_uri",
        "state",
        "ui_locales",
    ];
    form::encode(
        names
            .into_iter()
            .filter_map(|name| params.value(name).map(|value| (name, value))),
    )
}

fn signed(browser: &Browser) -> Option<Signed<'_>> {
    browser
        .session
        .as_ref()
        .zip(browser.session_cookie.as_ref())
}

async fn draw(cx: &Context, mut browser: Browser, outcome: Outcome) -> Result<Response, Failed> {
    match outcome {
        Outcome::Return { location } => {
            browser.end_session();
            Ok(browser.see_other(&location))
        }
        Outcome::SignedOut => {
            browser.end_session();
            let view = SignedOutPage {
                frame: browser.frame_for(cx, "/", None),
            };
            let options = PageOptions {
                clear_site_data: true,
                ..PageOptions::default()
            };
            page::show(&browser, StatusCode::OK, &view, &options)
        }
        Outcome::Ask {
            app,
            fields,
            form_action,
        } => {
            let view = EndSessionPage {
                frame: browser.frame(cx, "/").await?,
                app,
                action: "/end_session/confirm".into(),
                fields,
            };
            let options = PageOptions {
                form_action,
                ..PageOptions::default()
            };
            page::show(&browser, StatusCode::OK, &view, &options)
        }
    }
}
