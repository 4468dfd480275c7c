//! `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.

use axum::response::{IntoResponse as _, Response};
use http::header;

use super::{cors, json};
use crate::flows::{Context, discovery};

/// The metadata, as bytes made once.
pub async fn get(cx: Context) -> Response {
    match discovery::metadata(&cx) {
        Ok(document) => public(document.to_vec()),
        Err(error) => json::failed(&error),
    }
}

/// A public JSON document that may be kept for five minutes.
pub(super) fn public(document: Vec<u8>) -> Response {
    let mut response = (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        document,
    )
        .into_response();
    cors::open(&mut response);
    response
}
