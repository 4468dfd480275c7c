//! JSON answers of client endpoints, and what errors become there: RFC 6749 §5.2, RFC 6750 §3.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::clock::Lifetime;
use crate::flows::FlowError;
use crate::flows::token::EndpointError;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::form::{self, Params};
use crate::web::form::is_form;
use crate::web::state::AppState;

/// JSON with a status, never stored.
pub fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (
            status,
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            bytes,
        )
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "bug");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An error of a client endpoint.
pub fn refuse(error: EndpointError) -> Response {
    match error {
        EndpointError::OAuth(error) => oauth(error),
        EndpointError::Wait { retry_after } => {
            let error = OAuthError::new(
                ErrorCode::TemporarilyUnavailable,
                "Too many failed client authentications; wait.",
            );
            later(StatusCode::TOO_MANY_REQUESTS, error, retry_after)
        }
        EndpointError::Failed(error) => failed(&error),
    }
}

/// An error that the client made. A 401 always names how to authenticate (RFC 9110 §15.5.2).
pub fn oauth(error: OAuthError) -> Response {
    if error.code == ErrorCode::InvalidClient {
        let mut response = body(StatusCode::UNAUTHORIZED, error);
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\""),
        );
        response
    } else {
        body(StatusCode::BAD_REQUEST, error)
    }
}

/// We could not do our part. RFC 6749 §5.2 has no code for it, so the status is the contract and the code a courtesy.
pub fn failed(error: &FlowError) -> Response {
    match error {
        FlowError::Busy { .. } | FlowError::Unavailable(_) => {
            tracing::error!(%error, "unavailable");
            let error =
                OAuthError::new(ErrorCode::TemporarilyUnavailable, "Try again in a moment.");
            later(StatusCode::SERVICE_UNAVAILABLE, error, Lifetime::seconds(5))
        }
        FlowError::Bug(what) => {
            tracing::error!(%what, "bug");
            let error = OAuthError::new(ErrorCode::ServerError, "A fault of the provider.");
            body(StatusCode::INTERNAL_SERVER_ERROR, error)
        }
    }
}

/// The body of an error (RFC 6749 §5.2).
pub fn body(status: StatusCode, error: OAuthError) -> Response {
    #[derive(Serialize)]
    struct Body {
        error: &'static str,
        error_description: &'static str,
    }
    answer(
        status,
        &Body {
            error: error.code.as_str(),
            error_description: error.description,
        },
    )
}

fn later(status: StatusCode, error: OAuthError, wait: Lifetime) -> Response {
    let mut response = body(status, error);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_seconds()));
    response
}

/// The `Authorization` header of a request: `Ok(None)` if there is none.
///
/// Errors: `invalid_request` for two of them, or one that is no text.
pub fn authorization(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().map(Some).map_err(|_| {
            OAuthError::invalid_request("The Authorization header is not ASCII text.")
        }),
        (Some(_), Some(_)) => Err(OAuthError::invalid_request(
            "There are two Authorization headers.",
        )),
    }
}

/// The parameters of a form post to a client endpoint. They stand in the body: a query would put secrets into logs
/// (RFC 6749 §2.3.1: "MUST NOT be included in the request URI").
pub async fn form(request: Request, app: &AppState) -> Result<Params, OAuthError> {
    if request.uri().query().is_some_and(|query| !query.is_empty()) {
        return Err(OAuthError::invalid_request(
            "Parameters belong in the body, not in the address.",
        ));
    }
    if !is_form(request.headers()) {
        return Err(OAuthError::invalid_request(
            "The body must be application/x-www-form-urlencoded.",
        ));
    }
    let body = Bytes::from_request(request, app)
        .await
        .map_err(|_| OAuthError::invalid_request("The body is too large or incomplete."))?;
    Ok(form::parse(&body)?)
}
