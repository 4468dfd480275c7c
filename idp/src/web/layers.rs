//! What surrounds every request, from the outside in: request id and log line, headers, caught panics, deadline, host, size.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use tracing::Instrument as _;

use super::headers::harden;
use super::state::RequestId;
use crate::app::App;
use crate::clock::Stopwatch;

/// Most bytes of a body, unless a route allows more.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Names the request, logs one line without query or headers, counts it, hardens the answer.
pub async fn outermost(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let id: Arc<str> = app.random.spoken_code(10).into();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    harden(
        response.headers_mut(),
        app.settings.public_url.starts_with("https"),
    );
    if let Ok(value) = HeaderValue::try_from(&*id) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let route = response
        .extensions()
        .get::<Route>()
        .map_or("unmatched", |route| route.0.as_ref());
    let seconds = watch.elapsed().as_secs_f64();
    metrics::histogram!(
        "http_request_seconds",
        "route" => route.to_owned(),
        "method" => method.as_str().to_owned(),
        "status" => status_class(status)
    )
    .record(seconds);
    span.in_scope(|| {
        let milliseconds = (seconds * 1e5).round() / 1e2;
        if status >= 500 {
            tracing::error!(%method, path, status, milliseconds, "answered");
        } else {
            tracing::debug!(%method, path, status, milliseconds, "answered");
        }
    });
    response
}

const fn status_class(status: u16) -> &'static str {
    match status {
        0..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// The matched route, carried out to the log: a path with names for its parts, never a value.
#[derive(Clone, Debug)]
pub struct Route(Arc<str>);

/// Puts the matched route on the answer. Sits on the routes themselves.
pub async fn name_route(route: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response
            .extensions_mut()
            .insert(Route(route.as_str().into()));
    }
    response
}

/// Ends what takes too long: the body did not come, or a store hangs.
pub async fn deadline(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(u64::from(app.settings.serving.request_timeout));
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "5")],
            "Too slow; try again.\n",
        )
            .into_response(),
    }
}

/// What a panic in a handler becomes.
#[expect(clippy::needless_pass_by_value, reason = "the layer's own signature")]
pub fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("(no text)");
    tracing::error!(panic = text, "a handler panicked");
    metrics::counter!("handler_panics_total").increment(1);
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something went wrong on our side.\n",
    )
        .into_response()
}
