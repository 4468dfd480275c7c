//! Cross-site request forgery: what the browser says of a request's origin, and a token bound to the browser.

use http::{HeaderMap, header};

use crate::secret::{Secret, keyed_text};

/// The name of the form field that carries the token.
pub const FIELD: &str = "csrf";

/// The token of a browser's forms: an HMAC over its session or, before there is one, its pre-session.
pub fn token(key: &[u8; 32], browser: &Secret) -> String {
    keyed_text(key, &[b"form", browser.expose().as_bytes()])
}

/// Whether the browser says that a page of ours sent this request: `Sec-Fetch-Site`, else `Origin`. Without either it is no
/// browser of this decade, and the token alone decides. `Origin: null` comes from sandboxes and privacy modes and is left to
/// the token only where `Sec-Fetch-Site` vouches.
pub fn is_same_origin(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &http::HeaderValue| value.to_str())
    };
    if let Some(site) = text(http::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, Ok("same-origin" | "none"));
    }
    match text(header::ORIGIN) {
        Some(Ok(origin)) => origin == public_url,
        Some(Err(_)) => false,
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        let check = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            is_same_origin(&headers, "https://portal.example.org")
        };
        assert!(check(&[]));
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("sec-fetch-site", "none")]));
        assert!(check(&[("origin", "https://portal.example.org")]));
        assert!(check(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null")
        ]));
        assert!(!check(&[("sec-fetch-site", "cross-site")]));
        assert!(!check(&[("sec-fetch-site", "same-site")]));
        assert!(!check(&[("origin", "null")]));
        assert!(!check(&[(
            "origin",
            "https://portal.example.org.evil.test"
        )]));
        assert!(!check(&[("origin", "http://portal.example.org")]));
    }
}
