//! Drawing a page: the template, its policy, its cookies.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use super::browser::Browser;
use super::error::Failed;
use super::headers::page_policy;

/// What a page may do beyond the usual.
#[derive(Clone, Debug, Default)]
pub struct PageOptions {
    /// Where a form of this page may end up after redirects: the origin of a checked `redirect_uri`.
    pub form_action: Option<String>,
    /// Whether a vendor's pop-up may keep its opener.
    pub allow_popups: bool,
    /// Whether the browser is told to forget what it cached of us, as after signing out.
    pub clear_site_data: bool,
}

/// Draws `template` with `status`.
pub fn show(
    browser: &Browser,
    status: StatusCode,
    template: &impl Template,
    options: &PageOptions,
) -> Result<Response, Failed> {
    let html = template
        .render()
        .map_err(|error| Failed::bug(format!("template: {error}")))?;
    let mut response = (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        html,
    )
        .into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        page_policy(&browser.nonce, options.form_action.as_deref()),
    );
    headers.insert(
        header::CONTENT_LANGUAGE,
        HeaderValue::from_static(browser.language.tag()),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("cookie, accept-language"),
    );
    if options.allow_popups {
        headers.insert(
            HeaderName::from_static("cross-origin-opener-policy"),
            HeaderValue::from_static("same-origin-allow-popups"),
        );
    }
    if options.clear_site_data {
        headers.insert(
            HeaderName::from_static("clear-site-data"),
            HeaderValue::from_static("\"cache\", \"storage\""),
        );
    }
    browser.put_cookies(&mut response);
    Ok(response)
}
