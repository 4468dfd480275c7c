//! The cookies, and the one builder that sets and removes them: a `__Host-` cookie that is removed without `Secure` and
//! `Path=/` stays.

use std::fmt::Write as _;

use http::{HeaderMap, HeaderValue, header};

use crate::clock::Lifetime;
use crate::secret::Secret;

/// A cookie of ours. All are `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax`, `Path=/`, whatever a proxy says about TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The session: 256 random bits; the store keeps a digest. Until the browser closes.
    Session,
    /// The pre-session: ties the steps of sign-in and claim to one browser. 256 random bits. Until the browser closes.
    PreSession,
    /// The device: names a browser, opens nothing. 180 days.
    Device,
    /// The chosen language. A year.
    Language,
}

impl Cookie {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "__Host-s",
            Self::PreSession => "__Host-p",
            Self::Device => "__Host-d",
            Self::Language => "__Host-l",
        }
    }

    const fn lasts(self) -> Option<Lifetime> {
        match self {
            Self::Session | Self::PreSession => None,
            Self::Device => Some(Lifetime::days(180)),
            Self::Language => Some(Lifetime::days(365)),
        }
    }

    /// The `Set-Cookie` value that sets it. `value` is made by us: base64url, or a language tag.
    pub fn set(self, value: &str) -> HeaderValue {
        let mut text = format!(
            "{}={value}; Path=/; Secure; HttpOnly; SameSite=Lax",
            self.name()
        );
        if let Some(lifetime) = self.lasts() {
            let _ = write!(text, "; Max-Age={}", lifetime.as_seconds());
        }
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The `Set-Cookie` value that removes it.
    pub fn remove(self) -> HeaderValue {
        let text = format!(
            "{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
            self.name()
        );
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// Its value in a request, if it is there once, well formed and not absurdly long.
    pub fn read(self, headers: &HeaderMap) -> Option<Secret> {
        let mut found = None;
        for line in headers.get_all(header::COOKIE) {
            for pair in line.to_str().ok()?.split(';') {
                let Some((name, value)) = pair.split_once('=') else {
                    continue;
                };
                if name.trim() != self.name() {
                    continue;
                }
                if found.is_some() {
                    // Two of one name: somebody planted one. Neither counts.
                    return None;
                }
                let value = value.trim();
                let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
                found = Some((value.len() <= 256 && value.bytes().all(plain)).then_some(value));
            }
        }
        found
            .flatten()
            .filter(|value| !value.is_empty())
            .map(Secret::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for line in lines {
            map.append(header::COOKIE, HeaderValue::from_str(line).unwrap());
        }
        map
    }

    #[test]
    fn reads_what_it_sets() {
        let set = Cookie::Session.set("abc-_9");
        assert_eq!(
            set,
            "__Host-s=abc-_9; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        let read = Cookie::Session
            .read(&headers(&["a=b; __Host-s=abc-_9"]))
            .unwrap();
        assert_eq!(read.expose(), "abc-_9");
    }

    #[test]
    fn refuses_doubles_and_junk() {
        for lines in [
            &["__Host-s=one; __Host-s=two"][..],
            &["__Host-s=one", "__Host-s=one"],
            &["__Host-s="],
            &["__Host-s=a b"],
            &["__Host-s=\"quoted\""],
            &["x__Host-s=one"],
            &[],
        ] {
            assert!(Cookie::Session.read(&headers(lines)).is_none(), "{lines:?}");
        }
    }

    #[test]
    fn removal_carries_the_same_attributes() {
        assert_eq!(
            Cookie::Device.remove(),
            "__Host-d=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }
}
