//! The endpoints of OAuth 2.0 and OpenID Connect, a file each. Client endpoints answer JSON, whatever `Accept` says.

pub mod authorize;
mod cors;
pub mod discovery;
pub mod end_session;
mod json;
pub mod jwks;
pub mod token;
pub mod userinfo;

use axum::Router;
use axum::routing::{get, post};

use super::state::AppState;
use crate::protocol::discovery::{OAUTH_PATH, OPENID_PATH};

/// What clients call.
pub fn endpoints() -> Router<AppState> {
    Router::new()
        .route("/token", post(token::post).options(cors::preflight_token))
        .route(
            "/userinfo",
            get(userinfo::get)
                .post(userinfo::post)
                .options(cors::preflight_userinfo),
        )
        .route("/jwks", get(jwks::get))
        .route(OPENID_PATH, get(discovery::get))
        .route(OAUTH_PATH, get(discovery::get))
}

/// What browsers are sent to by clients: errors are pages.
pub fn pages() -> Router<AppState> {
    Router::new()
        .route("/authorize", get(authorize::get).post(authorize::post))
        .route("/authorize/{flow}/continue", get(authorize::resume))
        .route("/authorize/{flow}/decline", get(authorize::decline))
        .route(
            "/end_session",
            get(end_session::get).post(end_session::post),
        )
        .route("/end_session/confirm", post(end_session::confirm))
}
