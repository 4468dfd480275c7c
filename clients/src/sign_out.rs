//! Signing out: here and at the portal (OIDC RP-Initiated Logout), and when the portal says so (OIDC Back-Channel Logout).

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use jsonwebtoken::jwk::JwkSet;
use openidconnect::{ClientId, CsrfToken, LogoutRequest, PostLogoutRedirectUrl};
use tokio::time::Instant;

use crate::logout_token::{self, Logout, Refused};
use crate::pages::{from_this_app, notice_page, problem_page, with_cookie};
use crate::provider::{Metadata, Problem};
use crate::session::{Session, cookie, drop_cookie, set_cookie};
use crate::vendor::Vendor;
use crate::views::Notice;

/// Longer than any logout token lives.
const REMEMBER_LOGOUTS: Duration = Duration::from_mins(15);

/// `POST /sign-out`: ends the session here, then goes to the portal to end it there.
pub async fn sign_out(State(vendor): State<Arc<Vendor>>, headers: HeaderMap) -> Response {
    if !from_this_app(&vendor, &headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let ended =
        cookie(&headers, &vendor.session_cookie()).and_then(|key| vendor.sessions.end(&key));
    let gone = drop_cookie(&vendor.session_cookie());
    let Some(session) = ended else {
        return with_cookie(Redirect::to("/").into_response(), &gone);
    };
    match portal_sign_out(&vendor, &session).await {
        Ok((address, state)) => {
            let answer = with_cookie(Redirect::to(&address).into_response(), &gone);
            with_cookie(answer, &set_cookie(&state_cookie(&vendor), &state))
        }
        Err(problem) => with_cookie(problem_page(&vendor, &problem), &gone),
    }
}

async fn portal_sign_out(vendor: &Vendor, session: &Session) -> Result<(String, String), Problem> {
    let metadata = vendor.provider.metadata().await?;
    let endpoint = metadata
        .additional_metadata()
        .end_session_endpoint
        .clone()
        .ok_or_else(|| Problem::Unreachable("it has no end_session_endpoint".to_owned()))?;
    let back = PostLogoutRedirectUrl::new(vendor.settings.post_logout_redirect_uri())
        .map_err(|error| Problem::Unreachable(error.to_string()))?;
    let state = CsrfToken::new_random_len(24);
    let address = LogoutRequest::from(endpoint)
        .set_id_token_hint(&session.id_token)
        .set_client_id(ClientId::new(vendor.settings.client_id.clone()))
        .set_post_logout_redirect_uri(back)
        .set_state(state.clone())
        .http_get_url();
    Ok((address.to_string(), state.into_secret()))
}

fn state_cookie(vendor: &Vendor) -> String {
    format!("{}-signing-out", vendor.look.cookie_prefix())
}

/// `GET /signed-out`: back from the portal. `state` tells whether it was this browser's own sign-out.
pub async fn signed_out(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let name = state_cookie(&vendor);
    let expected = cookie(&headers, &name);
    let came = query.as_deref().and_then(|query| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "state")
            .map(|(_, value)| value.into_owned())
    });
    let words = if expected.is_some() && expected == came {
        "You are signed out here and at the portal."
    } else {
        "You are signed out here. On a shared computer, check that the portal shows nobody's name."
    };
    let notice = Notice {
        title: "Signed out".to_owned(),
        words: words.to_owned(),
        ..Notice::default()
    };
    with_cookie(
        notice_page(&vendor, StatusCode::OK, notice),
        &drop_cookie(&name),
    )
}

/// `POST /backchannel-logout`: the portal's server tells that a person signed out there. 200 says it is done, 400 that the
/// token was refused (§2.8).
pub async fn backchannel(State(vendor): State<Arc<Vendor>>, body: String) -> Response {
    let token = url::form_urlencoded::parse(body.as_bytes())
        .find(|(name, _)| name == "logout_token")
        .map(|(_, value)| value.into_owned());
    let outcome = match token {
        Some(token) => verified(&vendor, &token).await,
        None => Err("logout_token is missing".to_owned()),
    };
    let accepted = outcome.and_then(|logout| {
        if first_time(&vendor, &logout.jti) {
            Ok(logout)
        } else {
            Err("this token came before".to_owned())
        }
    });
    match accepted {
        Ok(logout) => {
            vendor
                .sessions
                .end_named(logout.sub.as_deref(), logout.sid.as_deref());
            StatusCode::OK.into_response()
        }
        Err(why) => {
            let body = serde_json::json!({ "error": "invalid_request", "error_description": why });
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        }
    }
}

async fn verified(vendor: &Vendor, token: &str) -> Result<Logout, String> {
    let settings = &vendor.settings;
    let check = |metadata: &Metadata| {
        let keys = published_keys(metadata)?;
        logout_token::check(token, &keys, &settings.issuer, &settings.client_id)
    };
    let asleep = |_| "the portal's keys cannot be read".to_owned();
    let metadata = vendor.provider.metadata().await.map_err(asleep)?;
    let outcome = match check(&metadata) {
        Err(Refused::UnknownKey) => {
            let metadata = vendor
                .provider
                .metadata_with_new_keys()
                .await
                .map_err(asleep)?;
            check(&metadata)
        }
        other => other,
    };
    outcome.map_err(|refused| match refused {
        Refused::UnknownKey => "its key is not published".to_owned(),
        Refused::Bad(why) => why,
    })
}

fn published_keys(metadata: &Metadata) -> Result<JwkSet, Refused> {
    serde_json::to_value(metadata.jwks())
        .and_then(serde_json::from_value)
        .map_err(|error| Refused::Bad(format!("the portal's keys cannot be read: {error}")))
}

fn first_time(vendor: &Vendor, jti: &str) -> bool {
    let mut spent = vendor
        .spent_logout_tokens
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    spent.retain(|_, accepted| accepted.elapsed() < REMEMBER_LOGOUTS);
    spent.insert(jti.to_owned(), Instant::now()).is_none()
}
