//! The issuer is configuration, never a header: a request for another host is refused before anything looks at it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, Uri, Version, header};

use crate::app::App;

/// Lets through what is meant for `public_url`: 421 for another host, 400 for none, two, or a target that contradicts it.
pub async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/healthz" || path == "/readyz" {
        // Load balancers ask by address.
        return next.run(request).await;
    }
    let expected = authority(&app.settings.public_url);
    match asked_host(request.version(), request.uri(), request.headers()) {
        Some(host) if host.eq_ignore_ascii_case(expected) => next.run(request).await,
        Some(_) => (
            StatusCode::MISDIRECTED_REQUEST,
            "This address is not served here.\n",
        )
            .into_response(),
        None => (StatusCode::BAD_REQUEST, "One Host header, please.\n").into_response(),
    }
}

fn authority(public_url: &str) -> &str {
    public_url
        .split_once("://")
        .map_or(public_url, |(_, rest)| rest)
}

/// The one host that a request names, or nothing where it names none or contradicts itself (RFC 9112 §3.2).
fn asked_host<'a>(version: Version, uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(host.to_str().ok()?),
        (None, _) => None,
        (Some(_), Some(_)) => return None,
    };
    let target = uri.authority().map(http::uri::Authority::as_str);
    match (named, target) {
        (Some(named), Some(target)) => named.eq_ignore_ascii_case(target).then_some(named),
        (Some(named), None) => Some(named),
        // HTTP/2 carries the host in `:authority`; HTTP/1.1 must send the header.
        (None, Some(target)) if version >= Version::HTTP_2 => Some(target),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_only() {
        let ask = |version, uri: &str, hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            let uri: Uri = uri.parse().unwrap();
            asked_host(version, &uri, &headers).map(str::to_owned)
        };
        let one = Version::HTTP_11;
        assert_eq!(ask(one, "/", &["a.test"]), Some("a.test".into()));
        assert_eq!(ask(one, "/", &[]), None);
        assert_eq!(ask(one, "/", &["a.test", "a.test"]), None);
        assert_eq!(
            ask(one, "http://a.test/", &["a.test"]),
            Some("a.test".into())
        );
        assert_eq!(ask(one, "http://b.test/", &["a.test"]), None);
        assert_eq!(
            ask(Version::HTTP_2, "http://a.test/", &[]),
            Some("a.test".into())
        );
        assert_eq!(authority("http://localhost:8080"), "localhost:8080");
    }
}
