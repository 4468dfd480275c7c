//! `POST /token`: RFC 6749 §3.2.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::{cors, json};
use crate::flows::Context;
use crate::flows::token::{self, EndpointError, TokenResponse};
use crate::secret::Secret;
use crate::web::state::AppState;

/// RFC 6749 §5.1, OIDC Core §3.1.3.3.
#[derive(Serialize)]
struct Body<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u32,
    scope: String,
    id_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
}

/// Exchanges a code or a refresh token.
pub async fn post(cx: Context, State(app): State<AppState>, request: Request) -> Response {
    let headers = request.headers().clone();
    let mut response = match exchange(&cx, &app, request).await {
        Ok(tokens) => json::answer(StatusCode::OK, &body(&tokens)),
        Err(error) => json::refuse(error),
    };
    cors::limited(&cx, &headers, &mut response).await;
    response
}

async fn exchange(
    cx: &Context,
    app: &AppState,
    request: Request,
) -> Result<TokenResponse, EndpointError> {
    let headers = request.headers().clone();
    let authorization = json::authorization(&headers)?;
    let params = json::form(request, app).await?;
    token::exchange(cx, authorization, &params).await
}

fn body(tokens: &TokenResponse) -> Body<'_> {
    Body {
        access_token: tokens.access_token.expose(),
        token_type: "Bearer",
        expires_in: tokens.expires_in.as_seconds(),
        scope: tokens.scope.to_string(),
        id_token: &tokens.id_token,
        refresh_token: tokens.refresh_token.as_ref().map(Secret::expose),
    }
}
