//! A browser's cookies, by the rules of RFC 6265bis as Chromium applies them: `Secure` and `__Host-` also on
//! `http://localhost`, `SameSite=Lax` where nothing is said, no Lax cookie on a cross-site POST.

use http::HeaderMap;
use url::Url;

use crate::clock;

/// One cookie.
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Host it belongs to.
    pub host: String,
    /// Whether subdomains get it too.
    pub has_domain: bool,
    /// Path prefix it is sent to.
    pub path: String,
    /// `Secure`.
    pub is_secure: bool,
    /// `HttpOnly`.
    pub is_http_only: bool,
    /// `SameSite`, in small letters.
    pub same_site: Option<String>,
    /// When it ends, in seconds since 1970; none for the browser's session.
    pub ends: Option<i64>,
}

/// How a request came about, as far as cookies and fetch metadata depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiator {
    /// Typed, or from the page's own origin.
    SameOrigin,
    /// From another site.
    CrossSite,
}

/// All cookies of one browser.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    /// Every `Set-Cookie` line that came, to look at its attributes later.
    pub lines: Vec<String>,
}

impl Jar {
    /// Keeps what an answer sets.
    pub fn keep(&mut self, url: &Url, headers: &HeaderMap) {
        for value in headers.get_all("set-cookie") {
            let Ok(line) = value.to_str() else { continue };
            self.lines.push(line.to_owned());
            if let Some(cookie) = parse(url, line) {
                let same = |old: &Cookie| {
                    old.name == cookie.name && old.host == cookie.host && old.path == cookie.path
                };
                self.cookies.retain(|old| !same(old));
                if cookie.ends.is_none_or(|end| end > clock::now()) {
                    self.cookies.push(cookie);
                }
            }
        }
    }

    /// The `Cookie` header for a request, if any cookie goes with it.
    pub fn header(&self, url: &Url, is_get: bool, initiator: Initiator) -> Option<String> {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .filter(|cookie| goes_with(cookie, url, is_get, initiator))
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// All cookies.
    pub fn all(&self) -> &[Cookie] {
        &self.cookies
    }
}

fn goes_with(cookie: &Cookie, url: &Url, is_get: bool, initiator: Initiator) -> bool {
    let host = url.host_str().unwrap_or_default();
    let on_host =
        host == cookie.host || (cookie.has_domain && host.ends_with(&format!(".{}", cookie.host)));
    let path = url.path();
    let on_path = path == cookie.path
        || cookie.path == "/"
        || path
            .strip_prefix(cookie.path.as_str())
            .is_some_and(|rest| rest.starts_with('/') || cookie.path.ends_with('/'));
    let secure = !cookie.is_secure || is_trustworthy(url);
    let site = initiator == Initiator::SameOrigin
        || match cookie.same_site.as_deref() {
            Some("none") => cookie.is_secure,
            Some("strict") => false,
            _ => is_get,
        };
    let alive = cookie.ends.is_none_or(|end| end > clock::now());
    on_host && on_path && secure && site && alive
}

/// Whether browsers treat the address as safe: https, or a loopback name.
pub fn is_trustworthy(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" || host == "localhost" || host.starts_with("127.") || host == "[::1]"
}

/// Reads one `Set-Cookie` line; none if a browser would refuse it.
pub fn parse(url: &Url, line: &str) -> Option<Cookie> {
    let mut parts = line.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let host = url.host_str()?.to_owned();
    let default_path = url
        .path()
        .rsplit_once('/')
        .map_or("/", |(folder, _)| folder);
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        host: host.clone(),
        has_domain: false,
        path: if default_path.is_empty() {
            "/".into()
        } else {
            default_path.to_owned()
        },
        is_secure: false,
        is_http_only: false,
        same_site: None,
        ends: None,
    };
    let mut max_age = None;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.is_secure = true,
            "httponly" => cookie.is_http_only = true,
            "samesite" => cookie.same_site = Some(value.to_ascii_lowercase()),
            "path" if value.starts_with('/') => value.clone_into(&mut cookie.path),
            "domain" if !value.is_empty() => {
                cookie.has_domain = true;
                value.trim_start_matches('.').clone_into(&mut cookie.host);
            }
            "max-age" => max_age = value.parse::<i64>().ok(),
            "expires" => cookie.ends = clock::parse_http_date(value),
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        cookie.ends = Some(clock::now().saturating_add(seconds.max(-1)));
    }
    let own_host = host == cookie.host || host.ends_with(&format!(".{}", cookie.host));
    let secure = !cookie.is_secure || is_trustworthy(url);
    let host_rule = !cookie.name.starts_with("__Host-")
        || (cookie.is_secure && !cookie.has_domain && cookie.path == "/");
    let secure_rule = !cookie.name.starts_with("__Secure-") || cookie.is_secure;
    (own_host && secure && host_rule && secure_rule).then_some(cookie)
}

#[cfg(test)]
mod tests {
    use super::{Initiator, Jar, parse};
    use http::{HeaderMap, HeaderValue};
    use url::Url;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn keeps_what_chromium_keeps() {
        let cases = [
            (
                "http://localhost:8080/",
                "__Host-s=1; Secure; Path=/; HttpOnly",
                true,
            ),
            (
                "http://localhost:8080/",
                "__Host-s=1; Path=/; HttpOnly",
                false,
            ),
            (
                "http://localhost:8080/",
                "__Host-s=1; Secure; Path=/a",
                false,
            ),
            (
                "https://a.example/",
                "__Host-s=1; Secure; Path=/; Domain=a.example",
                false,
            ),
            ("http://a.example/", "s=1; Secure", false),
            ("https://a.example/", "s=1; Domain=b.example", false),
            ("https://a.example/", "s=1; Domain=example", true),
        ];
        for (address, line, kept) in cases {
            assert_eq!(parse(&url(address), line).is_some(), kept, "{line}");
        }
    }

    #[test]
    fn sends_and_forgets() {
        let page = url("http://localhost:8080/a/b");
        let mut jar = Jar::default();
        let mut headers = HeaderMap::new();
        for line in [
            "s=1; Path=/; SameSite=Lax",
            "n=2; Path=/a; SameSite=None; Secure",
        ] {
            headers.append("set-cookie", HeaderValue::from_str(line).unwrap());
        }
        jar.keep(&page, &headers);
        let cross = Initiator::CrossSite;
        assert_eq!(jar.header(&page, true, cross).as_deref(), Some("s=1; n=2"));
        assert_eq!(jar.header(&page, false, cross).as_deref(), Some("n=2"));
        assert_eq!(
            jar.header(&url("http://localhost/ab"), true, cross)
                .as_deref(),
            Some("s=1")
        );
        let mut removal = HeaderMap::new();
        removal.append(
            "set-cookie",
            HeaderValue::from_static("s=; Path=/; Max-Age=0"),
        );
        jar.keep(&page, &removal);
        assert_eq!(jar.header(&page, true, cross).as_deref(), Some("n=2"));
    }
}
