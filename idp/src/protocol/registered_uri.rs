//! Which addresses a client may register: RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1, OIDC Registration §2.

use url::{Host, Url};

/// Longest address, in bytes.
pub const LONGEST: usize = 2000;

/// What an address is for, and so which schemes it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A browser comes back to it: `https`; `http` on loopback.
    Page,
    /// As a page; and a scheme of the application's own, with a dot in it (RFC 8252 §7.1).
    NativeCallback,
}

/// Checks that `text` is an address that may be registered for `purpose`.
///
/// # Errors
/// What is wrong and what to do, as the end of a sentence that begins with the field and the value.
pub fn check(text: &str, purpose: Purpose) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("is empty; give the whole address, as https://app.example.org/callback");
    }
    if text.len() > LONGEST {
        return Err("is longer than 2,000 bytes; register a shorter address");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "has a space, a control character or a letter outside ASCII; percent-encode the path and write the host in its xn-- form",
        );
    }
    if text.contains(['\\', '<', '>', '"', '`', '{', '}', '|', '^']) {
        return Err("has a character that addresses must not have; percent-encode it");
    }
    if text.contains('*') {
        return Err("has a *; addresses are compared letter by letter, so register each one whole");
    }
    if text.contains('#') {
        return Err("has a fragment; leave out the # and what follows (RFC 6749 §3.1.2)");
    }
    let Ok(url) = Url::parse(text) else {
        return Err("is no absolute address; begin with https:// and the host");
    };
    if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
        return Err("has a user name or password before the host; leave it out");
    }
    if dot_segments(text) {
        return Err("has . or .. between slashes; write the path that is meant");
    }
    check_scheme(&url, text, purpose)
}

fn check_scheme(url: &Url, text: &str, purpose: Purpose) -> Result<(), &'static str> {
    match url.scheme() {
        "https" | "http" if !text.contains("://") || authority(text).is_empty() => {
            Err("is no absolute address; write two slashes and the host after the scheme")
        }
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => Err("uses http; use https (http is for localhost, 127.0.0.1 and [::1] only)"),
        scheme if !scheme.contains('.') => Err(
            "has a scheme that is not allowed; use https, or for a native app a reversed domain name, as org.example.app:/callback",
        ),
        _ if purpose == Purpose::NativeCallback => Ok(()),
        _ => Err("has a scheme of its own; that needs application_type = \"native\""),
    }
}

/// Whether the address's host is this machine itself.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What stands between `//` and the next slash or question mark.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or("", |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

fn dot_segments(text: &str) -> bool {
    let path = text.split('?').next().unwrap_or_default();
    path.split('/').skip(1).any(|segment| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        for good in [
            "https://app.example.org/callback",
            "https://app.example.org",
            "https://app.example.org:8443/cb?tenant=1",
            "https://app.example.org/a%20b",
            "http://localhost:9001/callback",
            "http://127.0.0.1/cb",
            "http://[::1]:7000/cb",
        ] {
            assert_eq!(check(good, Purpose::Page), Ok(()), "{good}");
        }
    }

    #[test]
    fn refusals_name_the_reason() {
        let long = format!("https://app.example.org/{}", "a".repeat(2000));
        for (bad, reason) in [
            ("", "empty"),
            (long.as_str(), "2,000"),
            ("app.example.org/cb", "no absolute address"),
            ("/callback", "no absolute address"),
            ("//app.example.org/cb", "no absolute address"),
            ("https:app.example.org", "no absolute address"),
            ("https:/app.example.org", "no absolute address"),
            ("https://", "no absolute address"),
            ("https:///cb", "no absolute address"),
            ("https://app.example.org/cb#x", "fragment"),
            ("https://app.example.org/cb#", "fragment"),
            ("https://*.example.org/cb", "letter by letter"),
            ("https://app.example.org/*", "letter by letter"),
            ("javascript:alert(1)", "not allowed"),
            ("JavaScript://app.example.org/%0aalert(1)", "not allowed"),
            ("data:text/html,x", "not allowed"),
            ("vbscript:x", "not allowed"),
            ("file:///etc/passwd", "not allowed"),
            ("ftp://app.example.org/", "not allowed"),
            ("myapp:/callback", "not allowed"),
            ("http://app.example.org/cb", "uses http"),
            ("http://localhost.example.org/cb", "uses http"),
            ("http://10.0.0.1/cb", "uses http"),
            ("https://user@app.example.org/cb", "before the host"),
            ("https://user:pw@app.example.org/cb", "before the host"),
            ("https://@app.example.org/cb", "before the host"),
            ("https://app.example.org\\@evil.example/cb", "must not have"),
            ("https://app.example.org/a b", "space"),
            ("https://app.example.org/\u{0}", "space"),
            ("https://app.example.org/cb\r\nx: y", "space"),
            ("https://app.example.org/\u{e9}", "outside ASCII"),
            ("https://app.example.org/a/../b", ".."),
            ("https://app.example.org/a/%2E%2e/b", ".."),
            ("https://app.example.org/.", ".."),
            ("org.example.app:/callback", "native"),
        ] {
            let answer = check(bad, Purpose::Page).unwrap_err();
            assert!(answer.contains(reason), "{bad:?}: {answer}");
        }
    }

    #[test]
    fn native_callbacks() {
        for good in [
            "org.example.app:/callback",
            "org.example.app://callback",
            "http://127.0.0.1/cb",
            "https://app.example.org/cb",
        ] {
            assert_eq!(check(good, Purpose::NativeCallback), Ok(()), "{good}");
        }
        for bad in [
            "myapp:/callback",
            "javascript:alert(1)",
            "data:,x",
            "http://app.example.org/",
        ] {
            assert!(check(bad, Purpose::NativeCallback).is_err(), "{bad}");
        }
    }
}
