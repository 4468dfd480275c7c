//! The five verbs in this process's memory: a sharded map, and a snapshot at a clean stop.

use std::collections::HashMap;
use std::collections::hash_map::{Entry as Slot, RandomState};
use std::hash::BuildHasher as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::kinds::Kind;
use crate::clock::{Lifetime, Timestamp};

/// Enough that threads seldom meet, few enough that an idle store is small.
const SHARDS: usize = 32;

/// A sharded map with expiry. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Embedded(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    shards: Vec<Mutex<HashMap<String, Entry>>>,
    hasher: RandomState,
    snapshot: Option<PathBuf>,
}

#[derive(Debug)]
struct Entry {
    value: Arc<str>,
    until: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Line {
    key: String,
    value: String,
    until: Timestamp,
}

impl Embedded {
    /// An empty store, or what the snapshot holds. The snapshot is taken away as it is read: it is good for one start.
    pub fn new(snapshot: Option<PathBuf>) -> Self {
        let store = Self(Arc::new(Inner {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
            snapshot,
        }));
        store.read_snapshot();
        store
    }

    fn shard(&self, key: &str) -> MutexGuard<'_, HashMap<String, Entry>> {
        let at = usize::try_from(self.0.hasher.hash_one(key) % SHARDS as u64).unwrap_or_default();
        #[expect(
            clippy::indexing_slicing,
            reason = "the remainder is below the number of shards"
        )]
        self.0.shards[at]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn put(&self, kind: Kind, id: &str, value: String, until: Timestamp) {
        let key = key(kind, id);
        self.shard(&key).insert(
            key,
            Entry {
                value: value.into(),
                until,
            },
        );
    }

    pub(super) fn get(&self, kind: Kind, id: &str, now: Timestamp) -> Option<Arc<str>> {
        let key = key(kind, id);
        self.shard(&key)
            .get(&key)
            .filter(|entry| entry.until > now)
            .map(|entry| entry.value.clone())
    }

    pub(super) fn delete(&self, kind: Kind, id: &str) {
        let key = key(kind, id);
        self.shard(&key).remove(&key);
    }

    pub(super) fn first_use(&self, kind: Kind, id: &str, until: Timestamp, now: Timestamp) -> bool {
        let key = key(kind, id);
        match self.shard(&key).entry(key) {
            Slot::Occupied(slot) if slot.get().until > now => false,
            Slot::Occupied(mut slot) => {
                slot.insert(Entry {
                    value: "1".into(),
                    until,
                });
                true
            }
            Slot::Vacant(slot) => {
                slot.insert(Entry {
                    value: "1".into(),
                    until,
                });
                true
            }
        }
    }

    pub(super) fn count(&self, kind: Kind, id: &str, window: Lifetime, now: Timestamp) -> u64 {
        let key = key(kind, id);
        let mut shard = self.shard(&key);
        let (count, until) = match shard.get(&key) {
            Some(entry) if entry.until > now => (
                entry.value.parse::<u64>().unwrap_or(0).saturating_add(1),
                entry.until,
            ),
            _ => (1, now.plus(window)),
        };
        shard.insert(
            key,
            Entry {
                value: count.to_string().into(),
                until,
            },
        );
        count
    }

    pub(super) fn sweep(&self, now: Timestamp) -> usize {
        let mut gone = 0;
        for shard in &self.0.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            let before = shard.len();
            shard.retain(|_, entry| entry.until > now);
            gone += before - shard.len();
            if shard.capacity() > 4 * shard.len().max(64) {
                shard.shrink_to_fit();
            }
        }
        gone
    }

    /// Writes what has not expired, one JSON object a line, readable by the owner only, then renames it into place.
    pub(super) fn write_snapshot(&self, now: Timestamp) -> std::io::Result<()> {
        let Some(path) = &self.0.snapshot else {
            return Ok(());
        };
        let unfinished = path.with_extension("unfinished");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = std::io::BufWriter::new(options.open(&unfinished)?);
        for shard in &self.0.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, entry) in shard.iter().filter(|(_, entry)| entry.until > now) {
                let line = Line {
                    key: key.clone(),
                    value: entry.value.to_string(),
                    until: entry.until,
                };
                serde_json::to_writer(&mut file, &line)?;
                file.write_all(b"\n")?;
            }
        }
        file.into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .sync_all()?;
        std::fs::rename(unfinished, path)
    }

    fn read_snapshot(&self) {
        let Some(path) = &self.0.snapshot else { return };
        let Ok(text) = std::fs::read_to_string(path) else {
            return;
        };
        // Gone before it is used: after a kill -9 an old snapshot would bring back sessions that have ended since.
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, "the snapshot of sessions cannot be removed and is not used");
            return;
        }
        for line in text.lines() {
            if let Ok(Line { key, value, until }) = serde_json::from_str(line) {
                self.shard(&key).insert(
                    key,
                    Entry {
                        value: value.into(),
                        until,
                    },
                );
            }
        }
    }
}

fn key(kind: Kind, id: &str) -> String {
    let prefix = kind.as_str();
    let mut key = String::with_capacity(prefix.len() + 1 + id.len());
    key.push_str(prefix);
    key.push(':');
    key.push_str(id);
    key
}
