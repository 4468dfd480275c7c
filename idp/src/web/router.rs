//! Every route on one page, and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use super::state::AppState;
use super::{assets, error, health, host, layers, oauth, pages};

/// The portal.
pub fn router(app: AppState) -> Router {
    Router::new()
        .merge(oauth::endpoints())
        .merge(portal().layer(from_fn_with_state(app.clone(), error::draw)))
        .route("/assets/{file}", get(assets::get))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(from_fn(layers::name_route))
        .layer(DefaultBodyLimit::max(layers::BODY_LIMIT))
        .layer(from_fn_with_state(app.clone(), host::check))
        .layer(from_fn_with_state(app.clone(), layers::deadline))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(from_fn_with_state(app.clone(), layers::outermost))
        .with_state(app)
}

/// What people see. Errors below become pages.
fn portal() -> Router<AppState> {
    Router::new()
        .merge(oauth::pages())
        .route("/", get(pages::launchpad::home))
        .route("/launchpad", post(pages::launchpad::arrange))
        .route("/launch/{resource}", get(pages::launchpad::open))
        .route("/apps/{resource}/data", get(pages::app_data::show))
        .route("/help", get(pages::help::show))
        .route(
            "/account/password",
            get(pages::change_password::form).post(pages::change_password::sent),
        )
        .route(
            "/forgot",
            get(pages::forgot::start).post(pages::forgot::started),
        )
        .route(
            "/forgot/questions",
            get(pages::forgot::questions).post(pages::forgot::answered),
        )
        .route(
            "/forgot/password",
            get(pages::forgot::password).post(pages::forgot::password_sent),
        )
        .route("/forgot/done", get(pages::forgot::done))
        .route(
            "/confirm",
            get(pages::confirm::show).post(pages::confirm::post),
        )
        .route("/help-desk", get(pages::help_desk::desk))
        .route("/help-desk/classes/{id}", get(pages::help_desk::class))
        .route(
            "/help-desk/people/{id}",
            get(pages::help_desk::person).post(pages::help_desk::act),
        )
        .merge(accounts())
        .route("/language", post(pages::language::post))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
}

/// The doors to an account: claim, sign-in, questions, the way out.
fn accounts() -> Router<AppState> {
    Router::new()
        .route("/sign-in", post(pages::sign_in::username_sent))
        .route(
            "/sign-in/password",
            get(pages::sign_in::password_form).post(pages::sign_in::password_sent),
        )
        .route("/sign-out", post(pages::sign_in::sign_out))
        .route("/signed-out", get(pages::sign_in::signed_out))
        .route(
            "/claim",
            get(pages::claim::name_form).post(pages::claim::name_sent),
        )
        .route(
            "/claim/password",
            get(pages::claim::password_form).post(pages::claim::password_sent),
        )
        .route(
            "/claim/questions",
            get(pages::claim::questions_form).post(pages::claim::questions_sent),
        )
        .route("/claim/done", get(pages::claim::done))
        .route(
            "/questions",
            get(pages::questions::form).post(pages::questions::sent),
        )
}
