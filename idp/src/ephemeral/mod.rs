//! What expires: sessions, codes, tickets, counters. Five verbs over Redis or the process's own memory.
//!
//! Keys hold digests, so a dump yields nothing usable. The lifetime in the store is housekeeping; `expires_at` inside the
//! value is the law, checked by the pure rule against `now`. Losing everything here ends sessions and makes codes unusable;
//! it never makes anything usable twice.

mod embedded;
mod kinds;
mod redis;

use std::path::PathBuf;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::embedded::Embedded;
pub use self::kinds::Kind;
pub use self::redis::Redis;
use crate::clock::{Lifetime, Timestamp};

/// The store of short-lived things.
#[derive(Clone, Debug)]
pub enum Ephemeral {
    /// One process's memory. A clean stop writes a snapshot, so a restart keeps sessions.
    Embedded(Embedded),
    /// Redis, shared by all nodes.
    Redis(Redis),
}

/// The store could not be asked. Callers treat it as "unknown" and refuse; nothing falls back to memory.
#[derive(Debug, thiserror::Error)]
pub enum EphemeralError {
    /// Redis is away or too slow.
    #[error("the ephemeral store is unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl EphemeralError {
    fn unavailable(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}

impl Ephemeral {
    /// A store of this process alone, read from the snapshot if there is one.
    pub fn embedded(snapshot: Option<PathBuf>) -> Self {
        Self::Embedded(Embedded::new(snapshot))
    }

    /// Connects to `redis://` or `rediss://`; later losses of the connection mend themselves.
    pub async fn redis(url: &str) -> Result<Self, EphemeralError> {
        Ok(Self::Redis(Redis::connect(url).await?))
    }

    /// Keeps `value` under `kind` and `id` until `until`, in place of what stood there.
    pub async fn put<T: Serialize + Sync>(
        &self,
        kind: Kind,
        id: &str,
        value: &T,
        until: Timestamp,
    ) -> Result<(), EphemeralError> {
        let text = serde_json::to_string(value).map_err(EphemeralError::unavailable)?;
        match self {
            Self::Embedded(store) => {
                store.put(kind, id, text, until);
                Ok(())
            }
            Self::Redis(store) => store.put(kind, id, &text, until).await,
        }
    }

    /// What is kept under `kind` and `id`, if it is there at `now`. A value that cannot be read counts as absent.
    pub async fn get<T: DeserializeOwned>(
        &self,
        kind: Kind,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<T>, EphemeralError> {
        let text = match self {
            Self::Embedded(store) => store.get(kind, id, now),
            Self::Redis(store) => store.get(kind, id).await?,
        };
        Ok(text.and_then(|text| {
            serde_json::from_str(&text)
                .inspect_err(|error| {
                    tracing::warn!(kind = kind.as_str(), %error, "unreadable value, taken as absent");
                })
                .ok()
        }))
    }

    /// Removes what is kept under `kind` and `id`.
    pub async fn delete(&self, kind: Kind, id: &str) -> Result<(), EphemeralError> {
        match self {
            Self::Embedded(store) => {
                store.delete(kind, id);
                Ok(())
            }
            Self::Redis(store) => store.delete(kind, id).await,
        }
    }

    /// True exactly once for `kind` and `id` until `until`: the only atomic verb, for what may happen once.
    pub async fn first_use(
        &self,
        kind: Kind,
        id: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, EphemeralError> {
        match self {
            Self::Embedded(store) => Ok(store.first_use(kind, id, until, now)),
            Self::Redis(store) => store.first_use(kind, id, until).await,
        }
    }

    /// Counts one more under `kind` and `id` and answers the count, this one included. The window opens at the first count
    /// and closes `window` later.
    pub async fn count(
        &self,
        kind: Kind,
        id: &str,
        window: Lifetime,
        now: Timestamp,
    ) -> Result<u64, EphemeralError> {
        match self {
            Self::Embedded(store) => Ok(store.count(kind, id, window, now)),
            Self::Redis(store) => store.count(kind, id, window).await,
        }
    }

    /// Whether the store answers; for readiness.
    pub async fn ping(&self) -> Result<(), EphemeralError> {
        match self {
            Self::Embedded(_) => Ok(()),
            Self::Redis(store) => store.ping().await,
        }
    }

    /// Drops what has expired (Redis does so by itself). Answers how many entries went.
    pub fn sweep(&self, now: Timestamp) -> usize {
        match self {
            Self::Embedded(store) => store.sweep(now),
            Self::Redis(_) => 0,
        }
    }

    /// At a clean stop: the embedded store writes its snapshot.
    pub fn close(&self, now: Timestamp) -> std::io::Result<()> {
        match self {
            Self::Embedded(store) => store.write_snapshot(now),
            Self::Redis(_) => Ok(()),
        }
    }
}
