//! Who is signed in at this app, and its two cookies. Sessions live in memory: the app forgets them when it stops.
//!
//! Cookies of `localhost` are shared by all ports, so every app has names of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use http::header::COOKIE;
use openidconnect::CsrfToken;
use openidconnect::core::CoreIdToken;
use serde_json::{Map, Value};
use tokio::time::Instant;

/// A school day.
const LIFETIME: Duration = Duration::from_hours(8);

/// What the app keeps of a person who came in.
#[derive(Clone, Debug)]
pub struct Session {
    /// The ID token as it came: the hint for sign-out.
    pub id_token: CoreIdToken,
    /// Subject: the person's name at this app.
    pub sub: String,
    /// The portal's session, where it told us.
    pub sid: Option<String>,
    /// Claims of the ID token, as they stand in it.
    pub id_claims: Map<String, Value>,
    /// Claims from the userinfo endpoint.
    pub userinfo: Map<String, Value>,
    /// The current refresh token.
    pub refresh_token: Option<String>,
    /// How often the session was renewed by a refresh token.
    pub renewals: u32,
    began: Instant,
}

impl Session {
    /// A session that begins now.
    pub fn new(id_token: CoreIdToken, sub: String, id_claims: Map<String, Value>) -> Self {
        let sid = id_claims
            .get("sid")
            .and_then(Value::as_str)
            .map(str::to_owned);
        Self {
            id_token,
            sub,
            sid,
            id_claims,
            userinfo: Map::new(),
            refresh_token: None,
            renewals: 0,
            began: Instant::now(),
        }
    }
}

/// All sessions, by the cookie's value.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<String, Arc<Session>>>);

impl Sessions {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a session and returns its cookie's new value. Every sign-in gets a fresh one.
    pub fn begin(&self, session: Session) -> String {
        let key = CsrfToken::new_random_len(32).secret().clone();
        let mut all = self.all();
        all.retain(|_, session| session.began.elapsed() < LIFETIME);
        all.insert(key.clone(), Arc::new(session));
        key
    }

    /// The living session of a cookie.
    pub fn find(&self, key: &str) -> Option<Arc<Session>> {
        self.all()
            .get(key)
            .filter(|session| session.began.elapsed() < LIFETIME)
            .cloned()
    }

    /// Puts a renewed session in the place of the old one, unless it ended meanwhile.
    pub fn renew(&self, key: &str, session: Session) {
        if let Some(place) = self.all().get_mut(key) {
            *place = Arc::new(session);
        }
    }

    /// Takes the refresh token out of a session, for whoever is about to use it.
    pub fn take_refresh_token(&self, key: &str) -> Option<String> {
        let mut all = self.all();
        let place = all.get_mut(key)?;
        let mut session = Session::clone(place);
        let token = session.refresh_token.take();
        *place = Arc::new(session);
        token
    }

    /// Ends one session.
    pub fn end(&self, key: &str) -> Option<Arc<Session>> {
        self.all().remove(key)
    }

    /// Ends what a logout token names: the sessions of `sid`, or all of `sub` where no `sid` is given
    /// (OIDC Back-Channel Logout §2.7). Returns how many.
    pub fn end_named(&self, sub: Option<&str>, sid: Option<&str>) -> usize {
        let mut all = self.all();
        let before = all.len();
        all.retain(|_, session| {
            let named = match (sid, sub) {
                (Some(sid), _) => session.sid.as_deref() == Some(sid),
                (None, Some(sub)) => session.sub == sub,
                (None, None) => false,
            };
            !named
        });
        before - all.len()
    }
}

/// A cookie's value from the request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The line that sets a cookie for the browser's session.
pub fn set_cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The line that removes it.
pub fn drop_cookie(name: &str) -> String {
    format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, "xa=1; a=2;b=; c=4=5".parse().unwrap());
        assert_eq!(cookie(&headers, "a").as_deref(), Some("2"));
        assert_eq!(cookie(&headers, "b"), None);
        assert_eq!(cookie(&headers, "c").as_deref(), Some("4=5"));
        assert_eq!(cookie(&headers, "d"), None);
    }
}
