//! The browser's session: what it proves, and until when. OIDC Core §2 (`auth_time`, `acr`, `amr`), RFC 8176.

use serde::{Deserialize, Serialize};

use crate::clock::{Lifetime, Timestamp};
use crate::ids::{PersonId, Sid};

/// A person signed in at a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What vendors see of it: the `sid` claim.
    pub sid: Sid,
    /// Who.
    pub person_id: PersonId,
    /// The account's `auth_epoch` at sign-in; a lower one than the account's now means that the session has ended.
    pub auth_epoch: i64,
    /// When the person last proved who they are.
    pub auth_time: Timestamp,
    /// How, by the names of RFC 8176 §2: `pwd`, `otp`, `mfa`.
    pub amr: Vec<String>,
    /// Authentication context class: `1` for one factor, `2` for two.
    pub acr: String,
    /// When the session began.
    pub created_at: Timestamp,
    /// Last request, to the minute.
    pub last_seen_at: Timestamp,
    /// Seconds without a request after which it ends.
    pub idle: Lifetime,
    /// When it ends for want of requests.
    pub idle_until: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

/// How often `last_seen_at` is written: once a minute, so that reading pages costs no write.
const TOUCH: Lifetime = Lifetime::minutes(1);

impl Session {
    /// Whether it holds at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_until && now < self.expires_at
    }

    /// The session with its idle end moved on, when the last move is a minute old.
    pub fn touched(&self, now: Timestamp) -> Option<Self> {
        (now >= self.last_seen_at.plus(TOUCH)).then(|| Self {
            last_seen_at: now,
            idle_until: now.plus(self.idle).min(self.expires_at),
            ..self.clone()
        })
    }
}
