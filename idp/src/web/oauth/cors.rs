//! Who may call from a page's script. Never with credentials: the endpoints know no cookies.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::flows::{Context, browser_clients};

/// Lets any page read the answer: it is public.
pub fn open(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        http::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
}

/// Lets the page that asks read the answer, if its origin is a registered browser client's.
pub async fn limited(cx: &Context, asked: &HeaderMap, response: &mut Response) {
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    let Some(origin) = asked.get(header::ORIGIN) else {
        return;
    };
    let Ok(text) = origin.to_str() else { return };
    match browser_clients::may_call(cx, text).await {
        Ok(true) => {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(
                header::ACCESS_CONTROL_EXPOSE_HEADERS,
                HeaderValue::from_static("www-authenticate"),
            );
            headers.insert(
                http::HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("cross-origin"),
            );
        }
        Ok(false) => {}
        Err(error) => tracing::error!(%error, "the origins of browser clients cannot be read"),
    }
}

/// What a script may send to `/token`.
pub async fn preflight_token(cx: Context, headers: HeaderMap) -> Response {
    preflight(&cx, &headers, "POST").await
}

/// What a script may send to `/userinfo`.
pub async fn preflight_userinfo(cx: Context, headers: HeaderMap) -> Response {
    preflight(&cx, &headers, "GET, POST").await
}

async fn preflight(cx: &Context, asked: &HeaderMap, methods: &'static str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    limited(cx, asked, &mut response).await;
    let headers = response.headers_mut();
    headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        for (name, value) in [
            (header::ACCESS_CONTROL_ALLOW_METHODS, methods),
            (
                header::ACCESS_CONTROL_ALLOW_HEADERS,
                "authorization, content-type",
            ),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
