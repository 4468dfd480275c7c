//! One file per endpoint or page: status, headers, and what it refuses, through the real router.

mod authorize;
mod claim;
mod discovery;
mod end_session;
mod jwks;
mod sign_in;
mod token;
mod userinfo;

use http::{Method, Request, StatusCode, header};

use crate::support::{Browser, Page, TestApp, encode, text};

/// What every page with somebody's data must say.
pub fn assert_page(page: &Page) {
    let header = |name| page.header(name).unwrap_or_default();
    assert_eq!(header("cache-control"), "no-store", "{}", page.path);
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    assert_eq!(header("referrer-policy"), "same-origin");
    if page.status != StatusCode::SEE_OTHER {
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert!(page.body.contains("<html lang=\"en\""), "{}", page.path);
    }
}

/// The token of a browser's forms.
pub async fn token(browser: &mut Browser) -> String {
    let page = browser.get("/").await;
    let form = &page.forms()[0];
    let found = form.fields.iter().find(|(name, _)| name == "csrf");
    found.unwrap().1.clone()
}

/// Sends forms to `path` that no page of ours would send: each is refused before anything is looked up.
pub async fn refuses_strange_forms(app: &TestApp, path: &str) {
    let mut browser = app.browser();
    let token = token(&mut browser).await;
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let form = "application/x-www-form-urlencoded";
    let good = encode(&[("csrf", &token)]);
    let cases: [(&str, &str, &str, &str, StatusCode); 9] = [
        ("no token", form, "same-origin", "", StatusCode::FORBIDDEN),
        (
            "another's token",
            form,
            "same-origin",
            "csrf=AAAA",
            StatusCode::FORBIDDEN,
        ),
        (
            "another site",
            form,
            "cross-site",
            &good,
            StatusCode::FORBIDDEN,
        ),
        (
            "another origin of this site",
            form,
            "same-site",
            &good,
            StatusCode::FORBIDDEN,
        ),
        (
            "JSON",
            "application/json",
            "same-origin",
            "{}",
            StatusCode::BAD_REQUEST,
        ),
        (
            "no type",
            "text/plain",
            "same-origin",
            &good,
            StatusCode::BAD_REQUEST,
        ),
        (
            "a doubled field",
            form,
            "same-origin",
            "csrf=a&csrf=b",
            StatusCode::BAD_REQUEST,
        ),
        (
            "a control character",
            form,
            "same-origin",
            "number=1%00",
            StatusCode::BAD_REQUEST,
        ),
        (
            "bad percent",
            form,
            "same-origin",
            "number=%zz",
            StatusCode::BAD_REQUEST,
        ),
    ];
    for (what, kind, site, body, expected) in cases {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", site)
            .header(header::COOKIE, cookies.join("; "))
            .body(axum::body::Body::from(body.to_owned()))
            .unwrap();
        let response = app.send(request).await;
        assert_eq!(response.status(), expected, "{path}: {what}");
        assert!(
            text(response).await.contains("<h1"),
            "{path}: {what} is a page"
        );
    }
    // By GET nothing is done.
    let by_get = browser.get(&format!("{path}?{good}&password=x")).await;
    assert!(!by_get.status.is_server_error());
}
