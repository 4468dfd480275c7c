//! Errors become answers here, once: a page for people, with the request's id and what to do.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::browser::Browser;
use super::page::{self, PageOptions};
use super::pages::error::ErrorPage;
use crate::app::App;
use crate::clock::Lifetime;
use crate::flows::{Context, FlowError};

/// Why a page cannot be shown. The page is drawn by [`draw`], which knows the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The request makes no sense: 400.
    BadRequest,
    /// The form is too old or came from elsewhere: 403.
    FormExpired,
    /// Signed in, but not allowed: 403.
    Forbidden,
    /// Nothing is there: 404.
    NotFound,
    /// The address is right, the method is not: 405.
    MethodNotAllowed,
    /// Too large: 413.
    TooLarge,
    /// Too many tries: 429 with `Retry-After`.
    TooMany {
        /// Seconds to wait.
        retry_after: Lifetime,
    },
    /// Too busy, or a store is away: 503 with `Retry-After`.
    Unavailable {
        /// Seconds to wait.
        retry_after: Lifetime,
    },
    /// A fault of ours: 500.
    Bug,
}

impl Failed {
    /// A fault of ours, logged with `what`.
    pub fn bug(what: impl std::fmt::Display) -> Self {
        tracing::error!(%what, "bug");
        Self::Bug
    }

    /// The answer's status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::FormExpired | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Bug => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds to wait, where waiting helps.
    pub const fn retry_after(&self) -> Option<Lifetime> {
        match self {
            Self::TooMany { retry_after } | Self::Unavailable { retry_after } => Some(*retry_after),
            _ => None,
        }
    }
}

impl From<FlowError> for Failed {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Busy { retry_after } => Self::Unavailable { retry_after },
            FlowError::Unavailable(source) => {
                tracing::error!(%source, "unavailable");
                Self::Unavailable {
                    retry_after: Lifetime::seconds(5),
                }
            }
            FlowError::Bug(what) => Self::bug(what),
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let mut response = (self.status(), "\n").into_response();
        if let Some(wait) = self.retry_after() {
            let seconds = HeaderValue::from(wait.as_seconds().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Draws the page of a [`Failed`] answer, in the reader's language and the usual frame.
pub async fn draw(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(cx) = Context::from_request_parts(&mut parts, &app).await;
    // Kept for the error page only; the handler reads its own.
    let mut spare = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let Some(failed) = response.extensions_mut().remove::<Failed>() else {
        return response;
    };
    // With a store away there may be no session to read: then the page is drawn for nobody.
    let drawn = match Browser::from_request_parts(&mut spare, &app).await {
        Ok(browser) => {
            let identity = browser.identity(&cx).await.ok().flatten();
            let frame = browser.frame_for(&cx, "/", identity.as_ref());
            let view = ErrorPage::new(frame, &failed, &cx.request_id);
            page::show(&browser, failed.status(), &view, &PageOptions::default())
        }
        Err(failed) => Err(failed),
    };
    let Ok(mut drawn) = drawn else {
        return response;
    };
    if let Some(wait) = response.headers_mut().remove(header::RETRY_AFTER) {
        drawn.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    drawn
}

/// The answer to an address that is none of ours.
pub async fn not_found() -> Failed {
    Failed::NotFound
}

/// The answer to a method that the address does not know.
pub async fn method_not_allowed() -> Failed {
    Failed::MethodNotAllowed
}
