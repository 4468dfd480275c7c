//! A client as it is kept: its metadata, and digests of its secrets. Two secrets are valid at once while a vendor changes
//! from one to the other.

use serde::{Deserialize, Serialize};

use super::client::Client;
use super::client_authentication::SECRET_KIND;
use crate::clock::{Lifetime, Timestamp};
use crate::secret::{Digest, Secret};

/// Most secrets that are valid at once.
const MOST: usize = 2;

/// A registered client.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// Its metadata.
    pub client: Client,
    /// Its secrets, oldest first.
    pub secrets: Vec<StoredSecret>,
    /// Whether it may be used.
    pub status: ClientStatus,
    /// Rises with every change.
    pub version: i64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether a client may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientStatus {
    /// It may.
    Active,
    /// Every request of it is refused.
    Paused,
}

impl ClientStatus {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "paused" => Some(Self::Paused),
            _ => None,
        }
    }
}

/// A secret's digest, and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSecret {
    /// SHA-256.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops; none for the newest one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

impl StoredSecret {
    /// What is kept of a new secret.
    pub fn new(secret: &Secret, now: Timestamp) -> Self {
        Self {
            digest: digest(secret),
            created_at: now,
            expires_at: None,
            last_used_at: None,
        }
    }

    /// Whether it is still valid.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// What is kept instead of a client secret. They have 256 random bits, so a fast hash is enough.
pub fn digest(secret: &Secret) -> Digest {
    secret.digest(SECRET_KIND)
}

/// The valid secret that `presented` is. All are compared, each in constant time, so the time tells nothing.
/// An empty secret is no secret.
pub fn matching<'a>(
    secrets: &'a [StoredSecret],
    presented: &Secret,
    now: Timestamp,
) -> Option<&'a StoredSecret> {
    let digest = digest(presented);
    let mut found = None;
    for secret in secrets {
        if secret.digest == digest && secret.is_valid(now) {
            found = Some(secret);
        }
    }
    found.filter(|_| !presented.expose().is_empty())
}

/// The secrets after a rotation: `new` for good, the newest of the old ones until `overlap` has passed, no others.
pub fn rotated(
    old: &[StoredSecret],
    new: StoredSecret,
    overlap: Lifetime,
    now: Timestamp,
) -> Vec<StoredSecret> {
    let end = now.plus(overlap);
    let mut kept: Vec<StoredSecret> = old
        .iter()
        .filter(|secret| secret.is_valid(now) && now < end)
        .cloned()
        .collect();
    kept.sort_by_key(|secret| secret.created_at);
    let surplus = (kept.len() + 1).saturating_sub(MOST);
    kept.drain(..surplus);
    for secret in &mut kept {
        secret.expires_at = Some(secret.expires_at.map_or(end, |own| own.min(end)));
    }
    kept.push(new);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn stored(text: &str, age: u32) -> StoredSecret {
        StoredSecret::new(&Secret::new(text), NOW.minus(Lifetime::days(age)))
    }

    #[test]
    fn two_are_valid_at_once_until_the_overlap_ends() {
        let overlap = Lifetime::days(7);
        let secrets = rotated(&[stored("old", 90)], stored("new", 0), overlap, NOW);
        let find = |text: &str, now| matching(&secrets, &Secret::new(text), now).is_some();
        assert!(find("old", NOW) && find("new", NOW));
        let later = NOW.plus(overlap);
        assert!(!find("old", later) && find("new", later));
        assert!(!find("other", NOW) && !find("", NOW));
    }

    #[test]
    fn a_third_one_pushes_the_oldest_out() {
        let first = rotated(&[stored("a", 9)], stored("b", 5), Lifetime::days(30), NOW);
        let second = rotated(&first, stored("c", 0), Lifetime::days(2), NOW);
        let digests: Vec<_> = second.iter().map(|one| one.digest.clone()).collect();
        assert_eq!(digests, [stored("b", 5).digest, stored("c", 0).digest]);
        assert_eq!(second[0].expires_at, Some(NOW.plus(Lifetime::days(2))));
        assert_eq!(second[1].expires_at, None);
    }

    #[test]
    fn an_overlap_is_never_prolonged_and_none_ends_at_once() {
        let mut old = stored("a", 9);
        old.expires_at = Some(NOW.plus(Lifetime::hours(1)));
        let kept = rotated(&[old], stored("b", 0), Lifetime::days(7), NOW);
        assert_eq!(kept[0].expires_at, Some(NOW.plus(Lifetime::hours(1))));
        let alone = rotated(&[stored("a", 9)], stored("b", 0), Lifetime::seconds(0), NOW);
        assert_eq!(alone.len(), 1);
    }

    #[test]
    fn an_empty_secret_matches_nothing_even_if_it_were_stored() {
        assert!(matching(&[stored("", 1)], &Secret::new(""), NOW).is_none());
    }
}
