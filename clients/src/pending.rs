//! Sign-ins under way: what the app must remember between its authorization request and the answer.
//!
//! A record is found by `state` and belongs to one browser, known by a cookie. With `form_post` the answer comes as a POST
//! from another site, to which browsers attach no `SameSite=Lax` cookie. So that POST only lays the answer into the record;
//! a redirect to our own page, to which the cookie does come, checks the browser and goes on. No cookie needs
//! `SameSite=None`, and an answer posted by a stranger's page is worth nothing without the browser that began.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use openidconnect::Nonce;
use tokio::time::Instant;

/// How long a person may take at the portal.
const LIFETIME: Duration = Duration::from_mins(20);

/// Most records at a time; the oldest make room.
const MOST: usize = 10_000;

/// One authorization request whose answer is awaited.
#[derive(Debug)]
pub struct PendingSignIn {
    /// Value of the cookie of the browser that began.
    pub browser: String,
    /// `nonce` of the request.
    pub nonce: Nonce,
    /// PKCE verifier (RFC 7636 §4.1).
    pub verifier: String,
    /// Path to show afterwards, on this app.
    pub target: String,
    /// Whether the request said `prompt=none`.
    pub silent: bool,
    /// The answer, where it came by form post.
    pub answer: Option<Answer>,
    began: Instant,
}

/// An authorization response: RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// `code`.
    pub code: Option<String>,
    /// `error`.
    pub error: Option<String>,
    /// `error_description`.
    pub description: Option<String>,
    /// `iss`.
    pub iss: Option<String>,
}

impl PendingSignIn {
    /// A record that begins now.
    pub fn new(browser: String, nonce: Nonce, verifier: String) -> Self {
        Self {
            browser,
            nonce,
            verifier,
            target: "/".to_owned(),
            silent: false,
            answer: None,
            began: Instant::now(),
        }
    }
}

/// All sign-ins under way, by `state`.
#[derive(Debug, Default)]
pub struct PendingSignIns(Mutex<HashMap<String, PendingSignIn>>);

impl PendingSignIns {
    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, PendingSignIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a request under its `state`.
    pub fn begin(&self, state: String, record: PendingSignIn) {
        let mut all = self.all();
        all.retain(|_, record| record.began.elapsed() < LIFETIME);
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, record)| record.began);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                all.remove(&key);
            }
        }
        all.insert(state, record);
    }

    /// Lays an answer that came by form post into its record. Only the first one counts.
    pub fn deposit(&self, state: &str, answer: Answer) -> bool {
        match self.all().get_mut(state) {
            Some(record) if record.began.elapsed() < LIFETIME => {
                record.answer.get_or_insert(answer);
                true
            }
            _ => false,
        }
    }

    /// Takes the record of `state` if it is this browser's: once.
    pub fn take(&self, state: &str, browser: &str) -> Option<PendingSignIn> {
        let mut all = self.all();
        let record = all.get(state)?;
        if record.browser != browser || record.began.elapsed() >= LIFETIME {
            return None;
        }
        all.remove(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(browser: &str) -> PendingSignIn {
        PendingSignIn::new(browser.to_owned(), Nonce::new("n".into()), "v".into())
    }

    #[test]
    fn a_record_is_taken_once_and_by_its_own_browser() {
        let pending = PendingSignIns::default();
        pending.begin("state".into(), record("mine"));
        assert!(pending.take("state", "another").is_none());
        assert!(pending.take("other", "mine").is_none());
        assert!(pending.take("state", "mine").is_some());
        assert!(pending.take("state", "mine").is_none());
    }

    #[test]
    fn the_first_answer_counts() {
        let answer = |code: &str| Answer {
            code: Some(code.into()),
            ..Answer::default()
        };
        let pending = PendingSignIns::default();
        assert!(!pending.deposit("state", answer("early")));
        pending.begin("state".into(), record("mine"));
        assert!(pending.deposit("state", answer("first")));
        assert!(pending.deposit("state", answer("second")));
        let taken = pending.take("state", "mine").unwrap();
        assert_eq!(taken.answer.unwrap().code.as_deref(), Some("first"));
    }
}
