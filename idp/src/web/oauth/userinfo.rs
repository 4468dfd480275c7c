//! `GET|POST /userinfo`: OIDC Core §5.3.

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{cors, json};
use crate::flows::Context;
use crate::flows::user_info::{self, UserInfo, UserInfoError};
use crate::protocol::access_token::{self, BearerError};
use crate::protocol::form::Params;
use crate::web::form::is_form;
use crate::web::state::AppState;

/// With the token in the header.
pub async fn get(cx: Context, headers: HeaderMap) -> Response {
    let outcome = read_and_answer(&cx, &headers, None).await;
    finish(&cx, &headers, outcome).await
}

/// With the token in the header, or in the body of a form.
pub async fn post(cx: Context, State(app): State<AppState>, request: Request) -> Response {
    let headers = request.headers().clone();
    let outcome = if is_form(&headers) {
        match json::form(request, &app).await {
            Ok(params) => read_and_answer(&cx, &headers, Some(&params)).await,
            Err(error) => Err(BearerError::Malformed(error.description).into()),
        }
    } else {
        read_and_answer(&cx, &headers, None).await
    };
    finish(&cx, &headers, outcome).await
}

async fn read_and_answer(
    cx: &Context,
    headers: &HeaderMap,
    body: Option<&Params>,
) -> Result<UserInfo, UserInfoError> {
    let authorization =
        json::authorization(headers).map_err(|error| BearerError::Malformed(error.description))?;
    let token = access_token::read(authorization, body)?;
    user_info::user_info(cx, &token).await
}

async fn finish(
    cx: &Context,
    headers: &HeaderMap,
    outcome: Result<UserInfo, UserInfoError>,
) -> Response {
    let mut response = match outcome {
        Ok(UserInfo::Json(claims)) => json::answer(StatusCode::OK, &claims),
        Ok(UserInfo::Jwt(token)) => (
            [
                (header::CONTENT_TYPE, "application/jwt"),
                (header::CACHE_CONTROL, "no-store"),
            ],
            token,
        )
            .into_response(),
        Err(UserInfoError::Bearer(error)) => refuse(error),
        Err(UserInfoError::Failed(error)) => json::failed(&error),
    };
    cors::limited(cx, headers, &mut response).await;
    response
}

/// RFC 6750 §3.1.
fn refuse(bearer: BearerError) -> Response {
    let status = match bearer {
        BearerError::Missing | BearerError::Invalid => StatusCode::UNAUTHORIZED,
        BearerError::Malformed(_) => StatusCode::BAD_REQUEST,
        BearerError::InsufficientScope => StatusCode::FORBIDDEN,
    };
    let mut response = match bearer.error() {
        Some(error) => json::body(status, error),
        None => status.into_response(),
    };
    if let Ok(value) = HeaderValue::try_from(bearer.challenge()) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
